// Everything that staff read is Chinese first with an English twin: in plans, forms, the organisation and the clauses.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "structure/source_tree.h"

namespace tingan::structure {
namespace {

// A Han sign in UTF-8: U+4E00..U+9FFF are the three-byte signs from E4 B8 80 to E9 BF BF.
bool has_han(std::string_view text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if ((lead == 0xE4 && next >= 0xB8) || (lead > 0xE4 && lead <= 0xE9)) return true;
  }
  return false;
}

bool is_filled(const YAML::Node& node) { return node.IsScalar() && !node.Scalar().empty(); }

// Collects what is wrong below a node, with its line.
class TwinCheck {
 public:
  std::vector<std::string> problems;
  int twins = 0;

  void visit(const YAML::Node& node) {
    if (node.IsMap()) {
      if (node["zh"] || node["en"]) return twin(node);
      // Persons' names stay what they are. In a form `title` is for tools that know only JSON Schema; what staff read
      // is the `x-title` beside it.
      for (const auto& entry : node) {
        const std::string& key = entry.first.Scalar();
        if (key != "name" && !node["x-" + key]) visit(entry.second);
      }
    } else if (node.IsSequence()) {
      for (const auto& entry : node) visit(entry);
    } else if (node.IsScalar() && has_han(node.Scalar())) {
      add(node, "Chinese without an English twin: " + node.Scalar());
    }
  }

 private:
  void twin(const YAML::Node& node) {
    // An API description says what zh and en are; there they are no texts.
    if ((node["zh"] && node["zh"].IsMap()) || (node["en"] && node["en"].IsMap())) return;
    ++twins;
    if (!node["zh"] || !is_filled(node["zh"])) return add(node, "no Chinese text");
    if (!node["en"] || !is_filled(node["en"])) return add(node, "no English twin: " + node["zh"].Scalar());
    if (has_han(node["en"].Scalar())) add(node, "Chinese in the English twin: " + node["en"].Scalar());
  }
  void add(const YAML::Node& node, const std::string& what) {
    problems.push_back("line " + std::to_string(node.Mark().line + 1) + ": " + what);
  }
};

TEST(ShippedTexts, EveryChineseTextHasItsEnglishTwin) {
  int twins = 0;
  for (const SourceFile& file : read_sources({"plans", "forms", "org", "docs/clauses.yaml"}, {".yaml", ".json"})) {
    if (file.path == "plans/schema.json") continue;  // for editors, not for staff
    TwinCheck check;
    check.visit(YAML::Load(file.text));
    for (const std::string& problem : check.problems) ADD_FAILURE() << file.path << ": " << problem;
    twins += check.twins;
  }
  EXPECT_GT(twins, 1000);
}

// One word for one thing, as it is spoken there. Left: what somebody will write again; right: what is said.
TEST(ShippedTexts, KeepToTheWordsOfTheTrade) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"台席", "窗口"},         {"警察", "民警"},       {"手工登记", "人工预受理"}, {"预登记", "预受理"},
      {"拉开人墙", "组成人墙"}, {"破玻器", "击碎玻璃"}, {"台账", "账簿"},           {"先登记", "先预受理"}};
  for (const SourceFile& file : read_sources({"plans"}, {".yaml"})) {
    for (const auto& [wrong, right] : kWords) {
      EXPECT_EQ(file.text.find(wrong), std::string::npos) << file.path << ": " << wrong << ", say " << right;
    }
    for (const char* number : {"110", "119", "120"}) {
      EXPECT_EQ(file.text.find(std::string("打") + number), std::string::npos) << file.path << ": 拨打 " << number;
    }
  }
}

TEST(ShippedTexts, FindsWhatIsPlanted) {
  const auto problems = [](const char* yaml) {
    TwinCheck check;
    check.visit(YAML::Load(yaml));
    return check.problems.size();
  };
  EXPECT_EQ(problems("{title: {zh: 火灾, en: Fire}}"), 0U);
  EXPECT_EQ(problems("{title: {zh: 火灾}}"), 1U);
  EXPECT_EQ(problems("{title: {en: Fire}}"), 1U);
  EXPECT_EQ(problems("{title: {zh: 火灾, en: ''}}"), 1U);
  EXPECT_EQ(problems("{title: {zh: 火灾, en: 火灾}}"), 1U);
  EXPECT_EQ(problems("{steps: [{do: 报警}]}"), 1U);
  EXPECT_EQ(problems("{title: 登记表, x-title: {zh: 登记表, en: Form}}"), 0U);
  EXPECT_EQ(problems("{title: 登记表, x-title: {zh: 登记表}}"), 1U);
}

}  // namespace
}  // namespace tingan::structure
