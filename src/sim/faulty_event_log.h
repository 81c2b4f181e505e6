// Wraps a real store and lets it fail as the course's faults say. A crash is a failure after which nothing works any
// more: whoever was waiting for an answer never gets one.
#pragma once
#include "ports/event_log.h"
#include "sim/faults.h"

namespace tingan::sim {

class FaultyEventLog final : public EventLog {
 public:
  // All must outlive it. `watch` sees every batch before it reaches the store.
  FaultyEventLog(EventLog& inner, const Faults& faults, SeededRandom& random, std::function<void(const Batch&)> watch)
      : inner_(inner), faults_(faults), random_(random), watch_(std::move(watch)), reader_(*this) {}

  bool crashed() const { return crashed_; }
  // A batch became durable, and the crash came before anybody was told: its last writes may be torn.
  bool crashed_in_write() const { return crashed_in_write_; }
  void fail_recovery_after(std::size_t reads) { reads_left_ = reads; }
  void recovered() { reads_left_.reset(); }

  Expected<void> append(const Batch& batch) override;
  std::uint64_t last_gseq() override { return inner_.last_gseq(); }
  Expected<std::vector<UnitHead>> heads() override;
  Expected<std::optional<StoredAnswer>> answer(const std::string& scope, const std::string& key) override;
  Expected<std::size_t> forget_answers(Instant before) override { return inner_.forget_answers(before); }
  Expected<void> put_snapshot(const std::vector<SnapshotRow>& rows, const std::vector<IncidentId>& dropped,
                              const SnapshotMeta& meta) override;
  Expected<std::optional<SnapshotMeta>> snapshot_meta() override;
  Expected<void> read_snapshot(const std::function<void(SnapshotRow)>& row) override;
  Expected<void> drop_snapshot() override;
  LogReader& reader() override { return reader_; }

 private:
  class Reader final : public LogReader {
   public:
    explicit Reader(FaultyEventLog& log) : log_(log) {}
    Expected<std::vector<StoredRecord>> read_after(std::uint64_t after, std::size_t limit) override;
    Expected<StoredRecord> read(std::uint64_t gseq) override;
    Expected<std::vector<StoredRecord>> read_unit(UnitId unit, std::uint64_t after, std::size_t limit) override;
    Expected<std::vector<SignedBatch>> read_batches(std::uint64_t after, std::size_t limit) override;
    Expected<std::vector<UnitHead>> heads() override { return log_.heads(); }

   private:
    FaultyEventLog& log_;
  };

  tl::unexpected<Error> crash();
  bool dies_reading();

  EventLog& inner_;
  const Faults& faults_;
  SeededRandom& random_;
  std::function<void(const Batch&)> watch_;
  Reader reader_;
  bool crashed_ = false;
  bool crashed_in_write_ = false;
  int full_left_ = 0;
  std::optional<std::size_t> reads_left_;
};

}  // namespace tingan::sim
