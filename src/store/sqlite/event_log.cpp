#include "store/sqlite/event_log.h"

#include "base/check.h"
#include "codec/record_json.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/tail_check.h"

namespace tingan {
namespace {

std::string_view raw(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

std::int64_t signed_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }

// What the engine hands over must be right already: a mistake here would be forever.
void check_batch(const Batch& batch, std::uint64_t last_gseq) {
  for (const StoredRecord& record : batch.records) {
    CHECK(record.gseq == ++last_gseq);
    CHECK(record.prev_of_incident < record.gseq);
    CHECK(record.seq > 0 && !record.unit.empty());
    CHECK(sha256(record.bytes) == record.hash);
  }
  CHECK(batch.records.empty() == batch.signed_heads.empty());
}

}  // namespace

Expected<std::unique_ptr<SqliteEventLog>> SqliteEventLog::open(const DataFolder& folder, const SqliteOptions& options) {
  std::unique_ptr<SqliteEventLog> log(new SqliteEventLog);
  auto lock = FolderLock::take(folder);
  if (!lock) return tl::unexpected(lock.error());
  log->lock_ = std::move(*lock);
  auto database = sqlite::Database::open(folder.log(), sqlite::OpenMode::read_write);
  if (!database) return tl::unexpected(database.error());
  log->database_ = std::move(*database);
  auto good = sqlite::prepare_log(log->database_);
  if (good) good = log->verify_tail(folder, options);
  if (good) good = log->prepare();
  if (good) good = log->load();
  if (good) good = log->limit_pages(options.pages_max);
  if (!good) return tl::unexpected(good.error());
  auto snapshot = SnapshotFile::open(folder.snapshot());
  if (!snapshot) return tl::unexpected(snapshot.error());
  log->snapshot_ = std::move(*snapshot);
  auto reader = SqliteLogReader::open(folder, CheckHashes::yes);
  if (!reader) return tl::unexpected(reader.error());
  log->reader_ = std::move(*reader);
  return log;
}

Expected<void> SqliteEventLog::verify_tail(const DataFolder& folder, const SqliteOptions& options) {
  const auto reader = SqliteLogReader::open(folder, CheckHashes::no);
  if (!reader) return tl::unexpected(reader.error());
  std::error_code ignored;
  if (std::filesystem::file_size(folder.log(), ignored) <= options.page_check_bytes_max) {
    if (auto good = (*reader)->check_pages(); !good) return good;
  }
  const auto last = database_.query_integer("SELECT max(gseq) FROM events");
  if (!last) return tl::unexpected(last.error());
  const auto count = database_.query_integer("SELECT max(last_gseq) FROM batches");
  if (!count) return tl::unexpected(count.error());
  if (*last != *count) {
    return tl::unexpected(sqlite::damaged("最后一批不完整", "the last batch is not whole", folder.log().string()));
  }
  return sqlite::check_tail(**reader, static_cast<std::uint64_t>(*last), options.verify_tail, folder.log().string());
}

Expected<void> SqliteEventLog::prepare() {
  const std::pair<sqlite::Statement*, const char*> statements[] = {
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&insert_event_,
       "INSERT INTO events(gseq, prev_of_incident, unit, seq, bytes, hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"},
      {&insert_batch_, "INSERT INTO batches(last_gseq, first_gseq, signed_heads, signature) VALUES(?1, ?2, ?3, ?4)"},
      // The first answer to a key stands, whatever comes later.
      {&insert_answer_,
       "INSERT OR IGNORE INTO answers(scope, key, body_hash, status, body, at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"},
      {&insert_unit_, "INSERT INTO units(name) VALUES(?1) RETURNING id"},
      {&find_answer_, "SELECT body_hash, status, body, at FROM answers WHERE scope = ?1 AND key = ?2"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = database_.prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return {};
}

Expected<void> SqliteEventLog::load() {
  const auto last = database_.query_integer("SELECT max(gseq) FROM events");
  if (!last) return tl::unexpected(last.error());
  last_gseq_ = static_cast<std::uint64_t>(*last);
  auto units = database_.prepare("SELECT id, name FROM units");
  if (!units) return tl::unexpected(units.error());
  while (true) {
    const auto row = units->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    unit_rows_.emplace(UnitId(units->bytes(1)), units->integer(0));
  }
}

Expected<void> SqliteEventLog::limit_pages(std::int64_t pages_max) {
  const std::int64_t limit = pages_max > 0 ? pages_max : 1073741823;
  return database_.execute(fmt::format("PRAGMA max_page_count={}", limit));
}

Expected<void> SqliteEventLog::append(const Batch& batch) {
  check_batch(batch, last_gseq_);
  new_units_.clear();
  auto done = begin_.run();
  if (done) done = write(batch);
  if (done) done = commit_.run();
  if (!done) {
    database_.roll_back();
    for (const UnitId unit : new_units_) unit_rows_.erase(unit);
    return done;
  }
  last_gseq_ += batch.records.size();
  return {};
}

Expected<void> SqliteEventLog::write(const Batch& batch) {
  for (const StoredRecord& record : batch.records) {
    if (auto done = write_record(record); !done) return done;
  }
  for (const StoredAnswer& answer : batch.answers) {
    if (auto done = write_answer(answer); !done) return done;
  }
  if (batch.records.empty()) return {};
  return insert_batch_.bind(1, signed_of(batch.records.back().gseq))
      .bind(2, signed_of(batch.records.front().gseq))
      .bind_blob(3, batch.signed_heads)
      .bind_blob(4, batch.signature)
      .run();
}

Expected<void> SqliteEventLog::write_record(const StoredRecord& record) {
  const auto unit = unit_row(record.unit);
  if (!unit) return tl::unexpected(unit.error());
  return insert_event_.bind(1, signed_of(record.gseq))
      .bind(2, signed_of(record.prev_of_incident))
      .bind(3, *unit)
      .bind(4, signed_of(record.seq))
      .bind_blob(5, record.bytes)
      .bind_blob(6, raw(record.hash))
      .run();
}

Expected<void> SqliteEventLog::write_answer(const StoredAnswer& answer) {
  return insert_answer_.bind_text(1, answer.scope)
      .bind_text(2, answer.key)
      .bind_text(3, answer.body_hash)
      .bind(4, answer.status)
      .bind_blob(5, answer.body)
      .bind(6, to_millis(answer.at))
      .run();
}

Expected<std::int64_t> SqliteEventLog::unit_row(UnitId unit) {
  if (const auto known = unit_rows_.find(unit); known != unit_rows_.end()) return known->second;
  const auto row = insert_unit_.bind_text(1, unit.str()).next();
  if (!row) return tl::unexpected(row.error());
  const std::int64_t id = insert_unit_.integer(0);
  insert_unit_.reset();
  unit_rows_.emplace(unit, id);
  new_units_.push_back(unit);
  return id;
}

Expected<std::optional<StoredAnswer>> SqliteEventLog::answer(const std::string& scope, const std::string& key) {
  const auto row = find_answer_.bind_text(1, scope).bind_text(2, key).next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<StoredAnswer>();
  StoredAnswer answer{scope,
                      key,
                      std::string(find_answer_.bytes(0)),
                      static_cast<int>(find_answer_.integer(1)),
                      std::string(find_answer_.bytes(2)),
                      from_millis(find_answer_.integer(3))};
  find_answer_.reset();
  return answer;
}

Expected<std::size_t> SqliteEventLog::forget_answers(Instant before) {
  auto forget = database_.prepare("DELETE FROM answers WHERE at < ?1");
  if (!forget) return tl::unexpected(forget.error());
  if (auto done = forget->bind(1, to_millis(before)).run(); !done) return tl::unexpected(done.error());
  return static_cast<std::size_t>(sqlite3_changes64(database_.handle()));
}

Expected<void> SqliteEventLog::put_snapshot(const std::vector<SnapshotRow>& rows,
                                            const std::vector<IncidentId>& dropped, const SnapshotMeta& meta) {
  return snapshot_.put(rows, dropped, meta);
}

}  // namespace tingan
