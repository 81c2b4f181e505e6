// A thin hold on SQLite's C API: connections and prepared statements that close themselves, and its errors as ours.
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tingan::sqlite {

// Opens nothing by itself; one thread at a time.
class Statement {
 public:
  Statement() = default;

  Statement& bind(int index, std::int64_t value);
  // The bytes must outlive the next step(): they are not copied.
  Statement& bind_blob(int index, std::string_view bytes);
  Statement& bind_text(int index, std::string_view text);
  // True with a row, false when there are no more. A statement that failed or ended is reset and ready again.
  Expected<bool> next();
  // For statements without rows.
  Expected<void> run();
  void reset();

  std::int64_t integer(int column) const;
  // Valid until the next step or reset.
  std::string_view bytes(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// `immutable`: on media that nobody can write to; SQLite makes no file beside it, and a write-ahead log is not looked
// at.
enum class OpenMode { read_write, read_only, immutable };

// From here on this process opens databases for itself alone, with the index of their journal in memory and not in a
// file: for a start on a disk that has no room for that file. Other programs (verify, backup) wait until it ends.
void open_alone();

// One connection; one thread at a time.
class Database {
 public:
  Database() = default;
  // Waits up to five seconds for a lock. Errors as error_now().
  static Expected<Database> open(const std::filesystem::path& file, OpenMode mode);

  Expected<Statement> prepare(std::string_view sql);
  // One or more statements without rows.
  Expected<void> execute(const std::string& sql);
  // One integer from one row; 0 where there is none.
  Expected<std::int64_t> query_integer(std::string_view sql);
  // Ends a transaction that could not be finished, where SQLite has not done so by itself.
  void roll_back();
  sqlite3* handle() const { return db_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, Close> db_;
};

// What went wrong last on this connection: `store.full` (no room: ENOSPC, quota, size limits), `store.damaged`,
// `store.busy` (another process holds it), `store.io` for the rest.
Error error_now(sqlite3* db);
// A damaged file or chain, with what a person can do about it.
Error damaged(std::string_view zh, std::string_view en, std::string where);

}  // namespace tingan::sqlite
