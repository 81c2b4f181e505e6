#include "store/sqlite/schema.h"

namespace tingan::sqlite {
namespace {

// `seq` is unique in its unit by the second index: it costs half of the appends a second at large batches, which are
// still several times what the rest of a node can make, and it finds a unit's records and heads.
constexpr const char* kLogTables = R"(
  CREATE TABLE units(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE events(gseq INTEGER PRIMARY KEY, prev_of_incident INTEGER NOT NULL, unit INTEGER NOT NULL,
                      seq INTEGER NOT NULL, bytes BLOB NOT NULL, hash BLOB NOT NULL);
  CREATE UNIQUE INDEX events_by_unit ON events(unit, seq);
  CREATE TABLE batches(last_gseq INTEGER PRIMARY KEY, first_gseq INTEGER NOT NULL, signed_heads BLOB NOT NULL,
                       signature BLOB NOT NULL);
  CREATE TABLE answers(scope TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL, status INTEGER NOT NULL,
                       body BLOB NOT NULL, at INTEGER NOT NULL);
  CREATE UNIQUE INDEX answers_by_key ON answers(scope, key);
  CREATE INDEX answers_by_time ON answers(at);
)";

constexpr const char* kSnapshotTables = R"(
  CREATE TABLE rows(id INTEGER PRIMARY KEY, incident BLOB NOT NULL UNIQUE, gseq INTEGER NOT NULL, blob BLOB NOT NULL);
  CREATE TABLE meta(id INTEGER PRIMARY KEY CHECK (id = 1), gseq INTEGER NOT NULL, fold TEXT NOT NULL,
                    blob BLOB NOT NULL, checksum BLOB NOT NULL);
)";

Expected<void> prepare(Database& database, const char* tables) {
  const auto version = database.query_integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  const auto existing = database.query_integer("SELECT count(*) FROM sqlite_schema");
  if (!existing) return tl::unexpected(existing.error());
  if (*version != 0 || *existing != 0) return check_format(database);
  auto made =
      database.execute(fmt::format("BEGIN IMMEDIATE; {} PRAGMA application_id={}; PRAGMA user_version={}; COMMIT",
                                   tables, kApplicationId, kFormatVersion));
  if (!made) database.roll_back();
  return made;
}

}  // namespace

Expected<void> check_format(Database& database) {
  const auto version = database.query_integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  const auto application = database.query_integer("PRAGMA application_id");
  if (!application) return tl::unexpected(application.error());
  if (*version == kFormatVersion && *application == kApplicationId) return {};
  return fail("store.format",
              {fmt::format("数据文件的格式为第 {} 版，本程序只认第 {} 版：请用写成它的程序或更新的程序打开", *version,
                           kFormatVersion),
               fmt::format("Expected format {} of this program, but the file has {}: open it with the program that "
                           "wrote it, or a newer one",
                           kFormatVersion, *version)},
              sqlite3_db_filename(database.handle(), "main"));
}

Expected<void> check_pages(Database& database) {
  auto check = database.prepare("PRAGMA quick_check(1)");
  if (!check) return tl::unexpected(check.error());
  const auto row = check->next();
  if (!row) return tl::unexpected(row.error());
  const std::string verdict(*row ? check->bytes(0) : "");
  if (verdict == "ok") return {};
  return tl::unexpected(damaged(verdict, verdict, sqlite3_db_filename(database.handle(), "main")));
}

// WAL: readers never wait for the writer. FULL: a commit is on the disk before it is answered. Checkpoints every 16 MB:
// rare enough for the tail of the latencies, small enough for the disk.
Expected<void> prepare_log(Database& database) {
  auto good = database.execute(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; "
      "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-32768; PRAGMA cell_size_check=ON");
  if (!good) return good;
  return prepare(database, kLogTables);
}

// NORMAL: may lose the last snapshots in a power cut, never breaks the file.
Expected<void> prepare_snapshot(Database& database) {
  auto good = database.execute(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=8000; "
      "PRAGMA journal_size_limit=67108864; PRAGMA cell_size_check=ON");
  if (!good) return good;
  return prepare(database, kSnapshotTables);
}

}  // namespace tingan::sqlite
