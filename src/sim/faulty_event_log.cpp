#include "sim/faulty_event_log.h"

namespace tingan::sim {
namespace {

tl::unexpected<Error> io_error() {
  return fail("store.io", {"读写数据出错", "Expected to write to the disk, but it failed"});
}

tl::unexpected<Error> full_error() {
  return fail("store.full", {"磁盘空间不足，未写入任何内容", "Expected room on the disk, but it is full"});
}

}  // namespace

tl::unexpected<Error> FaultyEventLog::crash() {
  crashed_ = true;
  return io_error();
}

Expected<void> FaultyEventLog::append(const Batch& batch) {
  if (crashed_) return io_error();
  if (full_left_ > 0) {
    --full_left_;
    return full_error();
  }
  if (random_.chance(faults_.disk_full)) {
    full_left_ = static_cast<int>(random_.below(static_cast<std::uint64_t>(faults_.full_writes_max)));
    return full_error();
  }
  if (random_.chance(faults_.crash_before_write)) return crash();
  if (random_.chance(faults_.io_error)) return io_error();
  watch_(batch);
  if (auto written = inner_.append(batch); !written) return written;
  if (random_.chance(faults_.crash_after_write)) {
    crashed_in_write_ = true;
    return crash();
  }
  if (random_.chance(faults_.io_error_after_write)) return io_error();
  return {};
}

Expected<std::vector<UnitHead>> FaultyEventLog::heads() {
  if (dies_reading()) return crash();
  return inner_.heads();
}

Expected<std::optional<StoredAnswer>> FaultyEventLog::answer(const std::string& scope, const std::string& key) {
  if (crashed_) return io_error();
  return inner_.answer(scope, key);
}

Expected<void> FaultyEventLog::put_snapshot(const std::vector<SnapshotRow>& rows,
                                            const std::vector<IncidentId>& dropped, const SnapshotMeta& meta) {
  if (crashed_) return io_error();
  if (full_left_ > 0) return full_error();
  if (random_.chance(faults_.crash_in_snapshot)) {
    if (random_.chance(500)) return crash();
    if (auto put = inner_.put_snapshot(rows, dropped, meta); !put) return put;
    return crash();
  }
  return inner_.put_snapshot(rows, dropped, meta);
}

Expected<std::optional<SnapshotMeta>> FaultyEventLog::snapshot_meta() {
  if (dies_reading()) return crash();
  return inner_.snapshot_meta();
}

Expected<void> FaultyEventLog::read_snapshot(const std::function<void(SnapshotRow)>& row) {
  if (dies_reading()) return crash();
  return inner_.read_snapshot(row);
}

Expected<void> FaultyEventLog::drop_snapshot() {
  if (dies_reading()) return crash();
  return inner_.drop_snapshot();
}

bool FaultyEventLog::dies_reading() {
  if (crashed_) return true;
  if (!reads_left_) return false;
  if (*reads_left_ == 0) return true;
  --*reads_left_;
  return false;
}

Expected<std::vector<StoredRecord>> FaultyEventLog::Reader::read_after(std::uint64_t after, std::size_t limit) {
  if (log_.dies_reading()) return log_.crash();
  return log_.inner_.reader().read_after(after, limit);
}

Expected<StoredRecord> FaultyEventLog::Reader::read(std::uint64_t gseq) {
  if (log_.dies_reading()) return log_.crash();
  return log_.inner_.reader().read(gseq);
}

Expected<std::vector<StoredRecord>> FaultyEventLog::Reader::read_unit(UnitId unit, std::uint64_t after,
                                                                      std::size_t limit) {
  if (log_.dies_reading()) return log_.crash();
  return log_.inner_.reader().read_unit(unit, after, limit);
}

Expected<std::vector<SignedBatch>> FaultyEventLog::Reader::read_batches(std::uint64_t after, std::size_t limit) {
  if (log_.dies_reading()) return log_.crash();
  return log_.inner_.reader().read_batches(after, limit);
}

}  // namespace tingan::sim
