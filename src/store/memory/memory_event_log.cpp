#include "store/memory/memory_event_log.h"

#include <algorithm>

#include "base/check.h"
#include "codec/record_json.h"

namespace tingan {
namespace {

tl::unexpected<Error> full_error() {
  return fail("store.full", {"磁盘空间不足，未写入任何内容", "Expected room on the disk, but it is full"});
}

tl::unexpected<Error> io_error() {
  return fail("store.io", {"读写数据出错", "Expected to write to the disk, but it failed"});
}

void write(MemoryDisk& disk, const Batch& batch) {
  for (const StoredRecord& record : batch.records) {
    auto& of_unit = disk.units[record.unit];
    CHECK(record.gseq == disk.records.size() + 1);
    CHECK(record.seq == of_unit.size() + 1);
    CHECK(sha256(record.bytes) == record.hash);
    of_unit.push_back(record.gseq);
    disk.records.push_back(record);
  }
  for (const StoredAnswer& answer : batch.answers) disk.answers.try_emplace({answer.scope, answer.key}, answer);
  if (batch.records.empty()) return;
  disk.batches.push_back({batch.records.front().gseq, batch.records.back().gseq, batch.signed_heads, batch.signature});
}

}  // namespace

Expected<void> MemoryEventLog::append(const Batch& batch) {
  const std::lock_guard lock(disk_->mutex);
  const AppendFault fault = std::exchange(disk_->next_append, AppendFault::none);
  if (disk_->full || fault == AppendFault::full) return full_error();
  if (fault == AppendFault::io) return io_error();
  write(*disk_, batch);
  if (fault == AppendFault::io_after_write) return io_error();
  return {};
}

std::uint64_t MemoryEventLog::last_gseq() {
  const std::lock_guard lock(disk_->mutex);
  return disk_->records.size();
}

Expected<std::vector<UnitHead>> MemoryEventLog::heads() {
  const std::lock_guard lock(disk_->mutex);
  std::vector<UnitHead> heads;
  for (const auto& [unit, gseqs] : disk_->units) {
    const StoredRecord& last = disk_->records[gseqs.back() - 1];
    const auto record = decode_record(last.bytes);
    if (!record) return tl::unexpected(record.error());
    heads.push_back({unit, last.seq, last.hash, record->time});
  }
  return heads;
}

Expected<std::optional<StoredAnswer>> MemoryEventLog::answer(const std::string& scope, const std::string& key) {
  const std::lock_guard lock(disk_->mutex);
  const auto found = disk_->answers.find({scope, key});
  if (found == disk_->answers.end()) return std::optional<StoredAnswer>();
  return found->second;
}

Expected<std::size_t> MemoryEventLog::forget_answers(Instant before) {
  const std::lock_guard lock(disk_->mutex);
  return std::erase_if(disk_->answers, [&](const auto& entry) { return entry.second.at < before; });
}

Expected<void> MemoryEventLog::put_snapshot(const std::vector<SnapshotRow>& rows,
                                            const std::vector<IncidentId>& dropped, const SnapshotMeta& meta) {
  const std::lock_guard lock(disk_->mutex);
  if (disk_->full) return full_error();
  for (const SnapshotRow& row : rows) disk_->snapshot[row.incident] = row;
  for (const IncidentId& id : dropped) disk_->snapshot.erase(id);
  disk_->snapshot_meta = meta;
  return {};
}

Expected<std::optional<SnapshotMeta>> MemoryEventLog::snapshot_meta() {
  const std::lock_guard lock(disk_->mutex);
  return disk_->snapshot_meta;
}

Expected<void> MemoryEventLog::read_snapshot(const std::function<void(SnapshotRow)>& row) {
  const std::lock_guard lock(disk_->mutex);
  for (const auto& [id, snapshot] : disk_->snapshot) row(snapshot);
  return {};
}

Expected<void> MemoryEventLog::drop_snapshot() {
  const std::lock_guard lock(disk_->mutex);
  disk_->snapshot.clear();
  disk_->snapshot_meta.reset();
  return {};
}

Expected<std::vector<StoredRecord>> MemoryEventLog::read_after(std::uint64_t after, std::size_t limit) {
  const std::lock_guard lock(disk_->mutex);
  std::vector<StoredRecord> records;
  for (std::uint64_t i = after; i < disk_->records.size() && records.size() < limit; ++i) {
    records.push_back(disk_->records[i]);
  }
  return records;
}

Expected<StoredRecord> MemoryEventLog::read(std::uint64_t gseq) {
  const std::lock_guard lock(disk_->mutex);
  if (gseq == 0 || gseq > disk_->records.size()) {
    return fail("store.no-record",
                {fmt::format("没有第 {} 条记录", gseq), fmt::format("Expected record {}, but there is none", gseq)});
  }
  return disk_->records[gseq - 1];
}

Expected<std::vector<StoredRecord>> MemoryEventLog::read_unit(UnitId unit, std::uint64_t after, std::size_t limit) {
  const std::lock_guard lock(disk_->mutex);
  std::vector<StoredRecord> records;
  const auto found = disk_->units.find(unit);
  if (found == disk_->units.end()) return records;
  for (std::uint64_t i = after; i < found->second.size() && records.size() < limit; ++i) {
    records.push_back(disk_->records[found->second[i] - 1]);
  }
  return records;
}

Expected<std::vector<SignedBatch>> MemoryEventLog::read_batches(std::uint64_t after, std::size_t limit) {
  const std::lock_guard lock(disk_->mutex);
  std::vector<SignedBatch> batches;
  for (const SignedBatch& batch : disk_->batches) {
    if (batch.last_gseq > after && batches.size() < limit) batches.push_back(batch);
  }
  return batches;
}

}  // namespace tingan
