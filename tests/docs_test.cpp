// Documents are held to what they say: links lead somewhere, worked examples are recomputed, ADRs are listed.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "codec/heads_json.h"
#include "codec/record_json.h"
#include "runtime/node_identity.h"
#include "structure/source_tree.h"

namespace tingan::structure {
namespace {

namespace fs = std::filesystem;

std::vector<SourceFile> pages() { return read_sources({"README.md", "README.zh-CN.md", "docs"}, {".md"}); }

// The text between ```NAME and ```.
std::string block(const std::string& page, const std::string& name) {
  const std::string opening = "```" + name + "\n";
  const std::size_t at = page.find(opening);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + opening.size();
  return page.substr(begin, page.find("```", begin) - begin);
}

TEST(Docs, RelativeLinksLeadSomewhere) {
  const std::regex link(R"(\]\(([^)#: ]+)(#[^)]*)?\))");
  int links = 0;
  for (const SourceFile& page : pages()) {
    for (std::sregex_iterator it(page.text.begin(), page.text.end(), link), end; it != end; ++it, ++links) {
      const fs::path target = fs::path(page.path).parent_path() / (*it)[1].str();
      EXPECT_TRUE(fs::exists(target)) << page.path << " links to " << (*it)[1].str();
    }
  }
  EXPECT_GT(links, 20);
}

// Sources and data name documents; a document that is gone or was never written misleads.
TEST(Docs, PagesThatSourcesNameExist) {
  const std::regex name(R"(docs/(adr|formats|guide)/[A-Za-z0-9_-]+\.md)");
  for (const SourceFile& file : read_sources({"src", "plans", "tests", "bench"}, {".h", ".cpp", ".json", ".yaml"})) {
    for (std::sregex_iterator it(file.text.begin(), file.text.end(), name), end; it != end; ++it) {
      EXPECT_TRUE(fs::exists(it->str())) << file.path << " names " << it->str();
    }
  }
}

TEST(Docs, EveryDecisionIsListedOnce) {
  const std::string list = read_sources({"docs/adr/README.md"}, {}).front().text;
  for (const auto& entry : fs::directory_iterator("docs/adr")) {
    const std::string name = entry.path().filename().string();
    if (name == "README.md") continue;
    EXPECT_NE(list.find("(" + name + ")"), std::string::npos) << name;
  }
}

class LogPage : public ::testing::Test {
 protected:
  const std::string page_ = read_sources({"docs/formats/log.md"}, {}).front().text;

  static std::unique_ptr<NodeIdentity> node() {
    std::array<std::uint8_t, 32> seed{};
    for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i);
    return NodeIdentity::from_seed(seed);
  }
  static std::string hex(const std::string& bytes) {
    std::string out;
    for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return out;
  }
};

TEST_F(LogPage, RecordsOfTheExampleAreCanonicalAndChained) {
  const std::vector<std::string> lines = lines_of(block(page_, "jsonl export"));
  ASSERT_EQ(lines.size(), 3U);
  std::string before(64, '0');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string hash = lines[i].substr(9, 64);
    const std::size_t at = lines[i].find("\"record\":") + 9;
    const std::string bytes = lines[i].substr(at, lines[i].size() - at - 1);
    const auto record = decode_record(bytes);
    ASSERT_TRUE(record.has_value()) << to_string(record.error());
    EXPECT_EQ(record->seq, i);
    EXPECT_EQ(to_hex(record->prev), before);
    EXPECT_EQ(to_hex(sha256(bytes)), hash);
    before = hash;
  }
}

TEST_F(LogPage, SignaturesOfTheExampleAreTheNodes) {
  std::string heads = block(page_, "json heads");
  std::string signature = block(page_, "hex signature");
  heads.erase(heads.find('\n'));
  signature.erase(signature.find('\n'));
  EXPECT_TRUE(decode_signed_heads(heads).has_value());
  EXPECT_EQ(hex(node()->sign(heads)), signature);

  const std::string first = lines_of(block(page_, "jsonl export")).front();
  const std::size_t begin = first.find("{\"format\"");
  const std::size_t end = first.find(",\"signature\":\"");
  EXPECT_EQ(hex(node()->sign(first.substr(begin, end - begin))), first.substr(end + 14, 128));
}

}  // namespace
}  // namespace tingan::structure
