#include "runtime/log_verify.h"

#include <unordered_map>

#include "codec/heads_json.h"
#include "codec/record_json.h"
#include "runtime/node_identity.h"

namespace tingan {
namespace {

constexpr std::size_t kRecordsAtOnce = 1024;

// Walks the records in the order of the store and the batches beside them.
class StoreVerifier {
 public:
  StoreVerifier(LogReader& reader, const VerifyOptions& options) : reader_(reader), options_(options) {
    report_.signer = options.public_key;
  }

  Expected<VerifyReport> run() {
    while (!report_.bad && !stopped()) {
      auto records = reader_.read_after(report_.records, kRecordsAtOnce);
      if (!records) return tl::unexpected(records.error());
      if (records->empty()) break;
      for (const StoredRecord& record : *records) {
        if (auto done = check_record(record); !done) return tl::unexpected(done.error());
        if (report_.bad) break;
      }
    }
    if (!report_.bad && !stopped()) {
      if (auto done = check_end(); !done) return tl::unexpected(done.error());
    }
    report_.units = chain_.links().size();
    return std::move(report_);
  }

 private:
  bool stopped() const { return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed); }

  void blame(Fault fault, const StoredRecord& record, Text what) {
    report_.bad = BadRecord{fault, std::move(what), record.unit, record.seq, record.gseq, 0};
  }

  Expected<void> check_record(const StoredRecord& stored) {
    if (stored.gseq != report_.records + 1) {
      blame(Fault::missing, {.gseq = report_.records + 1},
            {fmt::format("库中缺少第 {} 条", report_.records + 1),
             fmt::format("Expected record {} of the store, but it is missing", report_.records + 1)});
      return {};
    }
    auto step = chain_.follow(stored.bytes, stored.hash);
    if (step.bad) {
      report_.bad = std::move(step.bad);
      report_.bad->gseq = stored.gseq;
      if (report_.bad->unit.empty()) report_.bad->unit = stored.unit;
      if (report_.bad->seq == 0) report_.bad->seq = stored.seq;
      return step.gap ? look_elsewhere(stored.unit, *step.gap) : Expected<void>();
    }
    if (stored.unit != step.record.unit || stored.seq != step.record.seq) {
      blame(
          Fault::changed, stored,
          {"所在的单位或序号与内容不符", "Expected the record under its own unit and number, but it stands elsewhere"});
      return {};
    }
    const std::uint64_t before =
        step.record.incident.none() ? 0 : std::exchange(last_of_incident_[step.record.incident], stored.gseq);
    if (!step.record.incident.none() && stored.prev_of_incident != before) {
      blame(
          Fault::changed, stored,
          {"指向同一事件上一条记录的位置不对", "Expected the place of the incident's record before, but got another"});
      return {};
    }
    if (auto done = check_blobs(stored, step.record); !done || report_.bad) return done;
    ++report_.records;
    moved_[stored.unit] = {stored.unit, stored.seq, stored.hash};
    return check_batch(stored);
  }

  // Evidence lies beside the log: its bytes must be those whose hash the chain holds.
  Expected<void> check_blobs(const StoredRecord& stored, const Record& record) {
    if (options_.blobs == nullptr) return {};
    for (const AnyEvent& any : record.events) {
      const auto* event = std::get_if<IncidentEvent>(&any);
      const auto* added = event == nullptr ? nullptr : std::get_if<EvidenceAdded>(event);
      if (added == nullptr) continue;
      const auto bytes = options_.blobs->get(added->blob);
      if (!bytes) return tl::unexpected(bytes.error());
      if (!*bytes) {
        blame(Fault::blob_missing, stored,
              {fmt::format("证据文件 {} 不见了", added->blob),
               fmt::format("Expected the evidence {}, but its file is missing", added->blob)});
      } else if (to_hex(sha256(**bytes)) != added->blob) {
        blame(Fault::blob_changed, stored,
              {fmt::format("证据文件 {} 被改动", added->blob),
               fmt::format("Expected the evidence {} as it was, but its file was changed", added->blob)});
      }
      if (report_.bad) break;
      ++report_.blobs;
    }
    return {};
  }

  // The number that should have come may stand further on.
  Expected<void> look_elsewhere(UnitId unit, std::uint64_t seq) {
    const auto found = reader_.read_unit(unit, seq - 1, 1);
    if (!found) return tl::unexpected(found.error());
    if (found->empty() || found->front().seq != seq) return {};
    blame(Fault::reordered, found->front(),
          {fmt::format("第 {} 条不在其位", seq), fmt::format("Expected number {} here, but it stands elsewhere", seq)});
    return {};
  }

  Expected<void> next_batch() {
    if (at_ < batches_.size()) return {};
    at_ = 0;
    auto more = reader_.read_batches(batch_end_, kRecordsAtOnce);
    if (!more) return tl::unexpected(more.error());
    batches_ = std::move(*more);
    return {};
  }

  Expected<void> check_batch(const StoredRecord& stored) {
    if (auto done = next_batch(); !done) return done;
    if (at_ == batches_.size() || batches_[at_].first_gseq != batch_end_ + 1 || batches_[at_].last_gseq < stored.gseq) {
      blame(Fault::bad_signature, stored,
            {"没有任何一批签名包含此条", "Expected a signed batch that holds this record, but there is none"});
      return {};
    }
    const SignedBatch& batch = batches_[at_];
    if (batch.last_gseq != stored.gseq) return {};
    ++at_;
    batch_end_ = batch.last_gseq;
    ++report_.batches;
    check_signature(batch, stored);
    moved_.clear();
    return {};
  }

  void check_signature(const SignedBatch& batch, const StoredRecord& last) {
    SignedHeads heads{batch.first_gseq, batch.last_gseq, {}};
    for (const auto& [unit, head] : moved_) heads.heads.push_back(head);
    if (encode_signed_heads(std::move(heads)) != batch.signed_heads) {
      blame(Fault::changed, last,
            {"记录与签名所指的不同：此批中有记录被改动",
             "Expected the heads that were signed, but a record of this batch was changed"});
    } else if (!options_.public_key.empty() &&
               !signature_valid(options_.public_key, batch.signed_heads, batch.signature)) {
      blame(Fault::bad_signature, last,
            {"签名无效，或由别的节点签署", "Expected this node's signature, but it is invalid or another node's"});
    }
  }

  Expected<void> check_end() {
    if (batch_end_ != report_.records) {
      blame(Fault::truncated, {.gseq = report_.records},
            {"最后一批不完整", "Expected the last batch whole, but its tail is missing"});
      return {};
    }
    const auto more = reader_.read_batches(report_.records, 1);
    if (!more) return tl::unexpected(more.error());
    if (at_ < batches_.size() || !more->empty()) {
      blame(Fault::truncated, {.gseq = report_.records + 1},
            {"有签名而无记录：尾部缺失", "Expected the records that were signed, but the tail is missing"});
    }
    return {};
  }

  LogReader& reader_;
  const VerifyOptions& options_;
  VerifyReport report_;
  ChainFollower chain_;
  std::unordered_map<IncidentId, std::uint64_t> last_of_incident_;
  std::map<UnitId, HeadMark> moved_;  // since the last batch ended
  std::vector<SignedBatch> batches_;
  std::size_t at_ = 0;
  std::uint64_t batch_end_ = 0;
};

}  // namespace

Expected<VerifyReport> verify_log(LogReader& reader, const VerifyOptions& options) {
  return StoreVerifier(reader, options).run();
}

}  // namespace tingan
