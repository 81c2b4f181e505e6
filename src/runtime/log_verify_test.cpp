#include "runtime/log_verify.h"

#include <gtest/gtest.h>

#include <sstream>

#include "runtime/log_export.h"
#include "runtime/node_identity.h"
#include "runtime/sign_batch.h"
#include "store/memory/memory_event_log.h"
#include "store/sample_log.h"
#include "store/sqlite/event_log.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

// hall-a has three records, hall-b two, in three batches.
void write_small_log(EventLog& log, Signer& signer) {
  SampleLog sample;
  const auto append = [&](std::vector<StoredRecord> records) {
    Batch batch;
    batch.records = std::move(records);
    sign_batch(batch, signer);
    const auto done = log.append(batch);
    ASSERT_TRUE(done) << to_string(done.error());
  };
  append({sample.next("hall-a", 1), sample.next("hall-b", 2)});
  append({sample.next("hall-a", 1), sample.next("hall-a", 3)});
  append({sample.next("hall-b", 2)});
}

class ExportTest : public testing::Test {
 protected:
  ExportTest() { write_small_log(log_, *signer_); }

  std::string exported(Signer& signer, const std::vector<UnitId>& only = {}) {
    std::string text;
    const auto manifest =
        export_log(log_.reader(), signer, from_millis(1795226500000), only, [&](std::string_view line) {
          text += line;
          return true;
        });
    EXPECT_TRUE(manifest);
    return text;
  }
  static VerifyReport verify(const std::string& text, const std::string& key = {}) {
    std::istringstream lines(text);
    return verify_export(lines, {.public_key = key});
  }
  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line + "\n");
    return lines;
  }
  static std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line;
    return text;
  }

  std::unique_ptr<NodeIdentity> signer_ = NodeIdentity::from_seed({1});
  MemoryEventLog log_{std::make_shared<MemoryDisk>()};
};

}  // namespace

TEST_F(ExportTest, ASoundOneIsSound) {
  const std::string text = exported(*signer_);
  EXPECT_EQ(lines_of(text).size(), 6U);
  for (const std::string& key : {std::string(), signer_->public_key()}) {
    const auto report = verify(text, key);
    EXPECT_TRUE(report.sound()) << report.bad->what.en;
    EXPECT_EQ(report.records, 5U);
    EXPECT_EQ(report.units, 2U);
    EXPECT_EQ(report.signer, signer_->public_key());
  }
}

TEST_F(ExportTest, OneUnitAlone) {
  const auto report = verify(exported(*signer_, {UnitId("hall-b")}));
  EXPECT_TRUE(report.sound());
  EXPECT_EQ(report.records, 2U);
  const auto none = export_log(log_.reader(), *signer_, {}, {UnitId("hall-z")}, [](auto) { return true; });
  EXPECT_EQ(none.error().code, "export.unknown-unit");
  const auto full = export_log(log_.reader(), *signer_, {}, {}, [](auto) { return false; });
  EXPECT_EQ(full.error().code, "export.unwritable");
}

// Every byte, to every other value of it that one flipped bit can give, and to some more.
TEST_F(ExportTest, AnyChangedByteIsFound) {
  const std::string text = exported(*signer_);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      ASSERT_FALSE(verify(changed).sound()) << "byte " << i << " flip " << flip;
    }
    std::string without = text;
    without.erase(i, 1);
    ASSERT_FALSE(verify(without).sound()) << "byte " << i << " dropped";
  }
}

TEST_F(ExportTest, AnyTruncationIsFound) {
  const std::string text = exported(*signer_);
  for (std::size_t size = 0; size < text.size(); ++size) {
    ASSERT_FALSE(verify(text.substr(0, size)).sound()) << size;
  }
}

TEST_F(ExportTest, AnyChangeOfTheLinesIsFound) {
  const auto lines = lines_of(exported(*signer_));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto dropped = lines;
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(verify(joined(dropped)).sound()) << "without line " << i;
    for (std::size_t j = 0; j <= lines.size(); ++j) {
      auto doubled = lines;
      doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(j), lines[i]);
      EXPECT_FALSE(verify(joined(doubled)).sound()) << "line " << i << " again at " << j;
    }
    for (std::size_t j = i + 1; j < lines.size(); ++j) {
      auto swapped = lines;
      std::swap(swapped[i], swapped[j]);
      EXPECT_FALSE(verify(joined(swapped)).sound()) << "lines " << i << " and " << j;
    }
  }
}

TEST_F(ExportTest, NamesTheFirstBadRecordAndWhatIsWrongWithIt) {
  const auto lines = lines_of(exported(*signer_));  // manifest, a1, a2, a3, b1, b2
  const auto found = [&](std::vector<std::size_t> order) {
    std::vector<std::string> chosen;
    for (const std::size_t i : order) chosen.push_back(lines[i]);
    const auto report = verify(joined(chosen));
    return report.sound() ? std::string("sound")
                          : fmt::format("{} {}/{} line {}", static_cast<int>(report.bad->fault), report.bad->unit.str(),
                                        report.bad->seq, report.bad->line);
  };
  const auto expect = [](Fault fault, const char* where) {
    return fmt::format("{} {}", static_cast<int>(fault), where);
  };
  EXPECT_EQ(found({0, 1, 3, 4, 5}), expect(Fault::missing, "hall-a/2 line 3"));
  EXPECT_EQ(found({0, 1, 3, 2, 4, 5}), expect(Fault::reordered, "hall-a/2 line 3"));
  EXPECT_EQ(found({0, 1, 2, 2, 3, 4, 5}), expect(Fault::added, "hall-a/2 line 4"));
  EXPECT_EQ(found({0, 1, 2, 4, 5}), expect(Fault::truncated, "hall-a/3 line 4"));
  EXPECT_EQ(found({0, 1, 2, 3, 4}), expect(Fault::truncated, "hall-b/2 line 5"));
  auto changed = lines;
  changed[3].replace(changed[3].find("wang"), 4, "wong");
  const auto report = verify(joined(changed));
  ASSERT_FALSE(report.sound());
  EXPECT_EQ(report.bad->fault, Fault::changed);
  EXPECT_EQ(report.bad->unit, UnitId("hall-a"));
  EXPECT_EQ(report.bad->seq, 3U);
  EXPECT_EQ(report.bad->line, 4U);
}

TEST_F(ExportTest, AnotherSignerIsFoundWithThePinnedKey) {
  const auto other = NodeIdentity::from_seed({2});
  const std::string text = exported(*other);
  EXPECT_TRUE(verify(text).sound());
  const auto report = verify(text, signer_->public_key());
  ASSERT_FALSE(report.sound());
  EXPECT_EQ(report.bad->fault, Fault::wrong_signer);
}

// A forger who changes a record, and mends every hash and link after it, still lacks the key for the manifest.
TEST_F(ExportTest, AMendedChainLacksTheSignature) {
  MemoryEventLog forged(std::make_shared<MemoryDisk>());
  SampleLog sample;
  const auto other = NodeIdentity::from_seed({2});
  Batch batch;
  batch.records = {sample.next("hall-a", 9)};
  sign_batch(batch, *other);
  ASSERT_TRUE(forged.append(batch));
  std::string text;
  ASSERT_TRUE(export_log(forged.reader(), *other, {}, {}, [&](std::string_view line) {
    text += line;
    return true;
  }));
  auto lines = lines_of(text);
  lines[0] = lines_of(exported(*signer_))[0];
  EXPECT_FALSE(verify(joined(lines)).sound());
}

TEST(ManifestTest, ReadsOnlyWhatItWrites) {
  const ExportManifest manifest{from_millis(5), std::string(32, 'k'), {{UnitId("hall-a"), Hash{1}, 3}}};
  const std::string bytes = encode_manifest(manifest);
  const auto decoded = decode_manifest(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->units, manifest.units);
  EXPECT_EQ(decode_manifest(bytes + " ").error().code, "log.not-canonical");
  EXPECT_EQ(decode_manifest("{}").error().code, "log.malformed");
  EXPECT_EQ(decode_manifest("{\"format\":2}").error().code, "log.unknown-format");
}

}  // namespace tingan
