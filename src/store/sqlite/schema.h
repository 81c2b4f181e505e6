// The tables of log.db and snapshot.db, and the settings of a connection.
#pragma once
#include "store/sqlite/database.h"

namespace tingan::sqlite {

// "TNGA" in the file's header, so that `file` and we know our own.
constexpr std::int64_t kApplicationId = 0x544e4741;
constexpr std::int64_t kFormatVersion = 1;

// Makes the tables of a new file; refuses another program's file or a newer format: `store.format`.
Expected<void> prepare_log(Database& database);
Expected<void> prepare_snapshot(Database& database);
// The same refusal for a connection that must not write.
Expected<void> check_format(Database& database);
// SQLite's own check of every page; takes some seconds a gigabyte. Error `store.damaged`.
Expected<void> check_pages(Database& database);

}  // namespace tingan::sqlite
