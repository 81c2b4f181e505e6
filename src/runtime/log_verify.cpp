#include "runtime/log_verify.h"

#include <unordered_map>

#include "codec/heads_json.h"
#include "codec/record_json.h"
#include "runtime/anchor_check.h"
#include "runtime/node_identity.h"

namespace tingan {
namespace {

constexpr std::size_t kRecordsAtOnce = 1024;

// What an event says to lie beside the log.
std::vector<std::string> blobs_of(const AnyEvent& any) {
  if (const auto* incident = std::get_if<IncidentEvent>(&any)) {
    if (const auto* added = std::get_if<EvidenceAdded>(incident)) return {added->blob};
    if (const auto* moved = std::get_if<CoverMoved>(incident)) {
      std::vector<std::string> names;
      for (const PlainIncidentEvent& event : moved->events) {
        if (const auto* added = std::get_if<EvidenceAdded>(&event)) names.push_back(added->blob);
      }
      return names;
    }
  }
  if (const auto* acceptance = std::get_if<AcceptanceEvent>(&any)) {
    if (const auto* taken = std::get_if<OrderTaken>(acceptance)) return taken->photos;
  }
  return {};
}

// Walks the records in the order of the store and the batches beside them.
class StoreVerifier {
 public:
  StoreVerifier(LogReader& reader, const VerifyOptions& options)
      : reader_(reader), options_(options), anchors_(options.anchors) {
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
    if (!report_.bad && bad_blob_) report_.bad = std::move(bad_blob_);
    if (!report_.bad && !stopped()) report_.bad = anchors_.at_end(chain_);
    report_.anchors_checked = anchors_.checked();
    report_.units = chain_.links().size();
    for (const auto& [unit, link] : chain_.links()) report_.heads.push_back({unit, link.seq, to_hex(link.hash)});
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
    if (auto forked = anchors_.on_record(stored.unit, stored.seq, stored.hash)) {
      report_.bad = std::move(forked);
      report_.bad->gseq = stored.gseq;
      return {};
    }
    if (auto done = check_blobs(stored, step.record); !done) return done;
    ++report_.records;
    moved_[stored.unit] = {stored.unit, stored.seq, stored.hash};
    return check_batch(stored);
  }

  // Evidence and photos lie beside the log: their bytes must be those whose hash the chain holds. All are looked at;
  // the first that is wrong is named.
  Expected<void> check_blobs(const StoredRecord& stored, const Record& record) {
    if (options_.blobs == nullptr) return {};
    for (const AnyEvent& any : record.events) {
      for (const std::string& name : blobs_of(any)) {
        const auto bytes = options_.blobs->get(name);
        if (!bytes) return tl::unexpected(bytes.error());
        if (!*bytes) {
          ++report_.blobs_missing;
          blame_blob(Fault::blob_missing, stored,
                     {fmt::format("照片或录音文件 {} 不见了", name),
                      fmt::format("Expected the picture or recording {}, but its file is missing", name)});
        } else if (to_hex(sha256(**bytes)) != name) {
          ++report_.blobs_changed;
          blame_blob(Fault::blob_changed, stored,
                     {fmt::format("照片或录音文件 {} 被改动", name),
                      fmt::format("Expected the picture or recording {} as it was, but its file was changed", name)});
        } else {
          ++report_.blobs;
        }
      }
    }
    return {};
  }

  void blame_blob(Fault fault, const StoredRecord& record, Text what) {
    if (!bad_blob_) bad_blob_ = BadRecord{fault, std::move(what), record.unit, record.seq, record.gseq, 0};
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
    } else if (options_.public_key.empty()) {
      ++report_.signatures_unchecked;
    } else if (signature_valid(options_.public_key, batch.signed_heads, batch.signature)) {
      ++report_.signatures_checked;
    } else {
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
  std::optional<BadRecord> bad_blob_;
  ChainFollower chain_;
  AnchorCheck anchors_;
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
