#include "store/sqlite/database.h"

#include <atomic>
#include <cerrno>

#include "base/check.h"

namespace tingan::sqlite {
namespace {

constexpr int kBusyMillis = 5000;

std::atomic<bool> alone{false};

bool no_room(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

std::string immutable_uri(const std::filesystem::path& file) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    uri += c == '?' || c == '#' || c == '%' ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return uri + "?immutable=1";
}

std::string file_of(sqlite3* db) {
  const char* name = db == nullptr ? nullptr : sqlite3_db_filename(db, "main");
  return name == nullptr ? "" : name;
}

}  // namespace

void open_alone() { alone = true; }

Error damaged(std::string_view zh, std::string_view en, std::string where) {
  return {
      "store.damaged",
      {fmt::format(
           "数据文件损坏：{}。请停机，用 tingan restore 从备份恢复；没有备份时用 tingan export 导出仍完好的部分", zh),
       fmt::format("Expected a sound data file, but {}. Stop, and restore a backup with 'tingan restore'; with no "
                   "backup, save what is still good with 'tingan export'",
                   en)},
      std::move(where)};
}

Error error_now(sqlite3* db) {
  const int code = db == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(db);
  const std::string why = db == nullptr ? "out of memory" : sqlite3_errmsg(db);
  const int primary = code & 0xff;
  if (primary == SQLITE_FULL || (primary == SQLITE_IOERR && no_room(sqlite3_system_errno(db)))) {
    return {"store.full",
            {"磁盘空间不足，未写入任何内容；腾出空间后自动恢复",
             "Expected room on the disk, but it is full. Nothing was written; it works again once there is room"},
            file_of(db)};
  }
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) return damaged(why, why, file_of(db));
  if (primary == SQLITE_BUSY) {
    return {"store.busy",
            {"数据库正被另一进程占用", "Expected the database for ourselves, but another process holds it"},
            file_of(db)};
  }
  const std::string detail = fmt::format("{} ({}, errno {})", why, code, db == nullptr ? 0 : sqlite3_system_errno(db));
  return {"store.io",
          {fmt::format("读写数据文件出错：{}。请检查磁盘，再重新启动", detail),
           fmt::format("Expected to read and write the data file, but {}. Check the disk, then start again", detail)},
          file_of(db)};
}

Statement& Statement::bind(int index, std::int64_t value) {
  CHECK(sqlite3_bind_int64(statement_.get(), index, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view bytes) {
  // A null pointer would bind NULL instead of an empty blob.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  CHECK(sqlite3_bind_blob64(statement_.get(), index, data, bytes.size(), SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_text(int index, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  CHECK(sqlite3_bind_text64(statement_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Expected<bool> Statement::next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  // Before the reset, which may clear the error.
  Error error = error_now(sqlite3_db_handle(statement_.get()));
  reset();
  return tl::unexpected(std::move(error));
}

Expected<void> Statement::run() {
  const auto row = next();
  if (!row) return tl::unexpected(row.error());
  if (*row) reset();
  return {};
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string_view Statement::bytes(int column) const {
  // In this order: the size is that of the form that was asked for.
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

Expected<Database> Database::open(const std::filesystem::path& file, OpenMode mode) {
  const int access = mode == OpenMode::read_write  ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                     : mode == OpenMode::read_only ? SQLITE_OPEN_READONLY
                                                   : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | access;
  const std::string name = mode == OpenMode::immutable ? immutable_uri(file) : file.string();
  Database database;
  sqlite3* raw = nullptr;
  const char* const vfs = alone && mode != OpenMode::immutable ? "unix-excl" : nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags, vfs);
  database.db_.reset(raw);
  if (code != SQLITE_OK) {
    Error error = error_now(raw);
    error.where = file.string();
    return tl::unexpected(std::move(error));
  }
  sqlite3_busy_timeout(raw, kBusyMillis);
  // A forged file must not run code or hide damage behind a schema trick.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return database;
}

Expected<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  Statement statement;
  statement.statement_.reset(raw);
  if (code != SQLITE_OK) return tl::unexpected(error_now(db_.get()));
  return statement;
}

Expected<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return tl::unexpected(error_now(db_.get()));
  }
  return {};
}

Expected<std::int64_t> Database::query_integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->next();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement->integer(0) : 0;
}

void Database::roll_back() {
  if (sqlite3_get_autocommit(db_.get()) == 0) sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace tingan::sqlite
