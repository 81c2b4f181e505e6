// What nothing names goes after its time; what any record names stays, whoever wrote the record.
#include "app/blob_sweep.h"

#include <gtest/gtest.h>

#include "codec/record_json.h"
#include "runtime/node_identity.h"
#include "runtime/sign_batch.h"
#include "store/sample_log.h"
#include "store/sqlite/event_log.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

using namespace std::chrono_literals;

class BlobSweepTest : public testing::Test {
 protected:
  std::string put(const std::string& box, std::chrono::hours age) {
    const std::string name = to_hex(sha256(box));
    EXPECT_TRUE(blobs_.put(name, box));
    std::filesystem::last_write_time(blobs_.path_of(name), std::filesystem::file_time_type::clock::now() - age);
    return name;
  }
  void name_in_log(const std::string& blob) {
    Batch batch;
    batch.records = {
        sample_.next(UnitId("hall-a"), sample_incident(1), IncidentEvent(EvidenceAdded{1, "image/jpeg", 4, blob, {}}))};
    sign_batch(batch, *signer_);
    EXPECT_TRUE(log_->append(batch));
  }
  BlobSweep sweep() {
    const auto before = std::filesystem::file_time_type::clock::now() - kUnnamedKept;
    const auto swept = sweep_blobs(blobs_, log_->reader(), before, stop_);
    EXPECT_TRUE(swept) << to_string(swept.error());
    return swept ? *swept : BlobSweep{};
  }
  bool there(const std::string& name) { return blobs_.get(name)->has_value(); }

  TemporaryFolder temporary_;
  DataFolder folder_{temporary_.path()};
  BlobFolder blobs_{folder_.blobs()};
  SampleLog sample_;
  std::unique_ptr<SqliteEventLog> log_ = std::move(*SqliteEventLog::open(folder_));
  std::unique_ptr<NodeIdentity> signer_ = NodeIdentity::from_seed({7});
  std::atomic<bool> stop_{false};
};

TEST_F(BlobSweepTest, OnlyWhatIsOldAndUnnamedGoes) {
  const std::string orphan = put("an order never came", 49h);
  const std::string young = put("its order may still come", 47h);
  const std::string named = put("evidence of an incident", 5000h);
  for (int i = 0; i < 3; ++i) name_in_log(to_hex(sha256(std::to_string(i))));
  name_in_log(named);
  const BlobSweep swept = sweep();
  EXPECT_EQ(swept.removed, 1U);
  EXPECT_EQ(swept.bytes, std::string("an order never came").size());
  EXPECT_FALSE(there(orphan));
  EXPECT_TRUE(there(young));
  EXPECT_TRUE(there(named));
  EXPECT_EQ(sweep().removed, 0U);
}

TEST_F(BlobSweepTest, AStopRemovesNothing) {
  const std::string orphan = put("an order never came", 49h);
  stop_ = true;
  EXPECT_EQ(sweep().removed, 0U);
  EXPECT_TRUE(there(orphan));
}

}  // namespace
}  // namespace tingan
