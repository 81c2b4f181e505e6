#include "store/sqlite/log_reader.h"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "codec/record_json.h"
#include "store/sqlite/schema.h"

namespace tingan {
namespace {

using sqlite::Database;
using sqlite::Statement;

// Enough for the screens, the replication and an export at once; more connections would only hold memory.
constexpr std::size_t kIdleConnectionsMax = 4;

// A left join: a record of an unknown unit must show up as damage, not vanish.
constexpr const char* kColumns =
    "SELECT e.gseq, e.prev_of_incident, u.name, e.seq, e.bytes, e.hash FROM events e LEFT JOIN units u ON u.id = "
    "e.unit ";

Expected<void> prepare_into(Database& database, Statement& statement, const std::string& sql) {
  auto prepared = database.prepare(sql);
  if (!prepared) return tl::unexpected(prepared.error());
  statement = std::move(*prepared);
  return {};
}

std::int64_t sql_limit(std::size_t limit) { return static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX)); }

}  // namespace

// The log and its write-ahead log in a private folder that goes with it.
class SqliteLogReader::TemporaryCopy {
 public:
  TemporaryCopy() = default;
  TemporaryCopy(const TemporaryCopy&) = delete;
  TemporaryCopy& operator=(const TemporaryCopy&) = delete;
  ~TemporaryCopy() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }

  Expected<std::filesystem::path> make(const std::filesystem::path& log) {
    std::string name = (std::filesystem::temp_directory_path() / "tingan-log-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return failed(std::error_code(errno, std::generic_category()), name);
    folder_ = name;
    const std::filesystem::path to = folder_ / log.filename();
    for (const char* ending : {"", "-wal"}) {
      std::error_code error;
      std::filesystem::copy_file(log.string() + ending, to.string() + ending, error);
      if (!error) {
        std::filesystem::permissions(to.string() + ending,
                                     std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
      }
      if (error) return failed(error, to.string() + ending);
    }
    return to;
  }

 private:
  static tl::unexpected<Error> failed(const std::error_code& error, const std::string& where) {
    const bool full = error == std::errc::no_space_on_device;
    return fail(full ? "store.full" : "store.io",
                {fmt::format("介质写保护，需要把日志复制到临时目录才能校验：{}", error.message()),
                 fmt::format("Expected to copy the log of write-protected media to a temporary folder, but: {}",
                             error.message())},
                where);
  }

  std::filesystem::path folder_;
};

SqliteLogReader::SqliteLogReader(DataFolder folder, CheckHashes check)
    : folder_(std::move(folder)), check_(check), source_(folder_.log()) {}

SqliteLogReader::~SqliteLogReader() = default;

// SQLite wants to make its index beside a log with a write-ahead log. Without one the log is read as it is; with one
// the newest records stand only there.
Expected<void> SqliteLogReader::read_protected() {
  std::error_code error;
  const auto waiting = std::filesystem::file_size(folder_.log().string() + "-wal", error);
  if (error || waiting == 0) {
    mode_ = sqlite::OpenMode::immutable;
    return {};
  }
  copy_ = std::make_unique<TemporaryCopy>();
  auto copied = copy_->make(folder_.log());
  if (!copied) return tl::unexpected(copied.error());
  source_ = std::move(*copied);
  return {};
}

Expected<std::unique_ptr<SqliteLogReader>> SqliteLogReader::open(const DataFolder& folder, CheckHashes check) {
  std::error_code ignored;
  if (!std::filesystem::exists(folder.log(), ignored)) {
    return fail("store.none", {"此目录中没有日志", "Expected a data folder with a log, but there is none"},
                folder.path.string());
  }
  std::unique_ptr<SqliteLogReader> reader(new SqliteLogReader(folder, check));
  auto first = reader->connect();
  if (!first && first.error().code == "store.io") {
    if (auto prepared = reader->read_protected(); !prepared) return tl::unexpected(prepared.error());
    first = reader->connect();
  }
  if (!first) return tl::unexpected(first.error());
  reader->give_back(std::move(*first));
  return reader;
}

Expected<SqliteLogReader::Lease> SqliteLogReader::connect() const {
  auto database = Database::open(source_, mode_);
  if (!database) return tl::unexpected(database.error());
  auto connection = std::make_unique<Connection>();
  connection->database = std::move(*database);
  Connection& c = *connection;
  auto good = sqlite::check_format(c.database);
  const std::pair<Statement*, std::string> statements[] = {
      {&c.after, std::string(kColumns) + "WHERE e.gseq > ?1 ORDER BY e.gseq LIMIT ?2"},
      {&c.one, std::string(kColumns) + "WHERE e.gseq = ?1"},
      {&c.of_unit, std::string(kColumns) +
                       "WHERE e.unit = (SELECT id FROM units WHERE name = ?1) AND e.seq > ?2 ORDER BY e.seq LIMIT ?3"},
      {&c.batches,
       "SELECT first_gseq, last_gseq, signed_heads, signature FROM batches WHERE last_gseq > ?1 ORDER BY last_gseq "
       "LIMIT ?2"},
      {&c.units, "SELECT name FROM units ORDER BY name"},
      {&c.head,
       std::string(kColumns) + "WHERE e.unit = (SELECT id FROM units WHERE name = ?1) ORDER BY e.seq DESC LIMIT 1"}};
  for (const auto& [statement, sql] : statements) {
    if (good) good = prepare_into(c.database, *statement, sql);
  }
  if (!good) return tl::unexpected(good.error());
  return connection;
}

Expected<SqliteLogReader::Lease> SqliteLogReader::lease() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Lease connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return connect();
}

void SqliteLogReader::give_back(Lease connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kIdleConnectionsMax) idle_.push_back(std::move(connection));
}

Expected<StoredRecord> SqliteLogReader::record_of(const Statement& row) const {
  StoredRecord record;
  record.gseq = static_cast<std::uint64_t>(row.integer(0));
  record.prev_of_incident = static_cast<std::uint64_t>(row.integer(1));
  record.unit = UnitId(row.bytes(2));
  record.seq = static_cast<std::uint64_t>(row.integer(3));
  record.bytes = std::string(row.bytes(4));
  const std::string_view hash = row.bytes(5);
  const bool whole = hash.size() == record.hash.size() && !record.unit.empty();
  if (whole) std::memcpy(record.hash.data(), hash.data(), hash.size());
  if (check_ == CheckHashes::yes && (!whole || sha256(record.bytes) != record.hash)) {
    return tl::unexpected(sqlite::damaged(fmt::format("第 {} 条记录与其哈希不符", record.gseq),
                                          fmt::format("record {} does not match its hash", record.gseq),
                                          folder_.log().string()));
  }
  return record;
}

Expected<std::vector<StoredRecord>> SqliteLogReader::collect(Statement& rows) const {
  std::vector<StoredRecord> records;
  while (true) {
    const auto row = rows.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return records;
    auto record = record_of(rows);
    if (!record) {
      rows.reset();
      return tl::unexpected(record.error());
    }
    records.push_back(std::move(*record));
  }
}

Expected<std::vector<StoredRecord>> SqliteLogReader::read_after(std::uint64_t after, std::size_t limit) {
  auto connection = lease();
  if (!connection) return tl::unexpected(connection.error());
  (*connection)->after.bind(1, static_cast<std::int64_t>(after)).bind(2, sql_limit(limit));
  auto records = collect((*connection)->after);
  give_back(std::move(*connection));
  return records;
}

Expected<StoredRecord> SqliteLogReader::read(std::uint64_t gseq) {
  auto connection = lease();
  if (!connection) return tl::unexpected(connection.error());
  (*connection)->one.bind(1, static_cast<std::int64_t>(gseq));
  auto records = collect((*connection)->one);
  give_back(std::move(*connection));
  if (!records) return tl::unexpected(records.error());
  if (records->empty()) {
    return fail("store.no-record",
                {fmt::format("没有第 {} 条记录", gseq), fmt::format("Expected record {}, but there is none", gseq)});
  }
  return std::move(records->front());
}

Expected<std::vector<StoredRecord>> SqliteLogReader::read_unit(UnitId unit, std::uint64_t after, std::size_t limit) {
  auto connection = lease();
  if (!connection) return tl::unexpected(connection.error());
  (*connection)->of_unit.bind_text(1, unit.str()).bind(2, static_cast<std::int64_t>(after)).bind(3, sql_limit(limit));
  auto records = collect((*connection)->of_unit);
  give_back(std::move(*connection));
  return records;
}

Expected<std::vector<SignedBatch>> SqliteLogReader::read_batches(std::uint64_t after, std::size_t limit) {
  auto connection = lease();
  if (!connection) return tl::unexpected(connection.error());
  Statement& rows = (*connection)->batches;
  rows.bind(1, static_cast<std::int64_t>(after)).bind(2, sql_limit(limit));
  std::vector<SignedBatch> batches;
  while (true) {
    const auto row = rows.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    batches.push_back({static_cast<std::uint64_t>(rows.integer(0)), static_cast<std::uint64_t>(rows.integer(1)),
                       std::string(rows.bytes(2)), std::string(rows.bytes(3))});
  }
  give_back(std::move(*connection));
  return batches;
}

Expected<std::vector<UnitHead>> SqliteLogReader::heads() {
  auto connection = lease();
  if (!connection) return tl::unexpected(connection.error());
  // One read transaction: the heads of one moment.
  auto begun = (*connection)->database.execute("BEGIN");
  if (!begun) return tl::unexpected(begun.error());
  auto heads = heads_on(**connection);
  (*connection)->database.roll_back();
  give_back(std::move(*connection));
  return heads;
}

Expected<std::vector<UnitHead>> SqliteLogReader::heads_on(Connection& connection) const {
  std::vector<UnitId> units;
  while (true) {
    const auto row = connection.units.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    units.emplace_back(connection.units.bytes(0));
  }
  std::vector<UnitHead> heads;
  for (const UnitId unit : units) {
    connection.head.bind_text(1, unit.str());
    const auto records = collect(connection.head);
    if (!records) return tl::unexpected(records.error());
    if (records->empty()) continue;
    const auto decoded = decode_record(records->front().bytes);
    UnitHead head{unit, records->front().seq, records->front().hash, {}};
    if (decoded) {
      head.time = decoded->time;
    } else if (check_ == CheckHashes::yes) {
      return tl::unexpected(decoded.error());
    }
    heads.push_back(head);
  }
  return heads;
}

Expected<void> SqliteLogReader::check_pages() {
  auto connection = lease();
  if (!connection) return tl::unexpected(connection.error());
  return sqlite::check_pages((*connection)->database);
}

}  // namespace tingan
