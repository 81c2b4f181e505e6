// For tests only: a node that writes a log in a folder, and the verbs of a log run over it as from the command line.
#pragma once
#include <gtest/gtest.h>

#include "app/log_verbs.h"
#include "codec/record_json.h"
#include "runtime/node_identity.h"
#include "runtime/seal.h"
#include "runtime/sign_batch.h"
#include "store/files/blob_folder.h"
#include "store/sample_log.h"
#include "store/sqlite/event_log.h"
#include "store/sqlite/key_store.h"
#include "store/temporary_folder.h"

namespace tingan {

// A node that is up: it holds the lock and its identity, and can write.
class RunningNode {
 public:
  explicit RunningNode(const DataFolder& folder) {
    auto log = SqliteEventLog::open(folder);
    CHECK(log.has_value());
    log_ = std::move(*log);
    auto keys = SqliteKeyStore::open(folder, std::nullopt, random_);
    CHECK(keys.has_value());
    keys_ = std::move(*keys);
    auto signer = NodeIdentity::open_or_create(folder.node_key(), random_);
    CHECK(signer.has_value());
    signer_ = std::move(*signer);
    const auto there = log_->reader().read_after(0, 1000);
    CHECK(there.has_value());
    for (const StoredRecord& record : *there) sample_.resume(record, sample_incident(1));
  }
  void append(const char* unit = "hall-a", const char* words = "一切正常") {
    Sealer sealer(*keys_, random_);
    Batch batch;
    batch.records = {sample_.next(UnitId(unit), sample_incident(1),
                                  IncidentEvent(ProgressNoted{*sealer.seal("incident:1", words)}))};
    sign_batch(batch, *signer_);
    CHECK(log_->append(batch).has_value());
  }
  // A photo beside the log, with the record that speaks of it. The file's path.
  std::filesystem::path add_evidence(const DataFolder& folder) {
    const std::string box = "sealed photo";
    const std::string name = to_hex(sha256(box));
    BlobFolder blobs(folder.blobs());
    CHECK(blobs.put(name, box).has_value());
    Batch batch;
    batch.records = {
        sample_.next(UnitId("hall-a"), sample_incident(1), IncidentEvent(EvidenceAdded{1, "image/jpeg", 4, name, {}}))};
    sign_batch(batch, *signer_);
    CHECK(log_->append(batch).has_value());
    return blobs.path_of(name);
  }
  // A customer's document beside the log, with the order that names it. The file's path.
  std::filesystem::path add_photo(const DataFolder& folder, const std::string& box) {
    const std::string name = to_hex(sha256(box));
    BlobFolder blobs(folder.blobs());
    CHECK(blobs.put(name, box).has_value());
    OrderTaken taken;
    taken.order.bytes[0] = 7;
    taken.number = 1;
    taken.photos = {name};
    Batch batch;
    batch.records = {sample_.next(UnitId("hall-a"), sample_incident(1), AcceptanceEvent(taken))};
    sign_batch(batch, *signer_);
    CHECK(log_->append(batch).has_value());
    return blobs.path_of(name);
  }
  SqliteKeyStore& keys() { return *keys_; }
  SqliteEventLog& log() { return *log_; }

 private:
  CountingRandom random_;
  SampleLog sample_;
  std::unique_ptr<SqliteEventLog> log_;
  std::unique_ptr<SqliteKeyStore> keys_;
  std::unique_ptr<NodeIdentity> signer_;
};

class LogVerbsTest : public testing::Test {
 protected:
  // What the program would end with; its standard output goes to `out_`.
  int run(const std::string& line) {
    CLI::App app;
    app.require_subcommand(1);
    int exit_code = 0;
    add_log_verbs(app, exit_code);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
      app.parse(line);
    } catch (const CLI::ParseError&) {
      exit_code = 2;
    }
    std::fflush(stdout);
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return exit_code;
  }
  std::string at(const char* name) const { return (temporary_.path() / name).string(); }

  TemporaryFolder temporary_;
  DataFolder data_{temporary_.path() / "data"};
  std::string out_;
  std::string err_;
};

}  // namespace tingan
