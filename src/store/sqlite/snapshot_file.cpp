#include "store/sqlite/snapshot_file.h"

#include <cstring>

#include "store/sqlite/schema.h"

namespace tingan {
namespace {

std::string_view raw(const IncidentId& id) { return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}; }

std::int64_t signed_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

Expected<SnapshotFile> SnapshotFile::open(const std::filesystem::path& file) {
  auto opened = open_existing(file);
  // It only saves time: on a disk without any room, where SQLite cannot even read it, the node does without.
  if (opened) {
    if (const auto read = opened->meta(); !read) opened = tl::unexpected(read.error());
  }
  if (!opened && opened.error().code == "store.full") return open_existing(":memory:");
  if (opened || opened.error().code != "store.damaged") return opened;
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix, ignored);
  return open_existing(file);
}

Expected<SnapshotFile> SnapshotFile::open_existing(const std::filesystem::path& file) {
  auto database = sqlite::Database::open(file, sqlite::OpenMode::read_write);
  if (!database) return tl::unexpected(database.error());
  SnapshotFile snapshot;
  snapshot.database_ = std::move(*database);
  if (auto good = sqlite::prepare_snapshot(snapshot.database_); !good) return tl::unexpected(good.error());
  const std::pair<sqlite::Statement*, const char*> statements[] = {
      {&snapshot.put_,
       "INSERT INTO rows(incident, gseq, blob) VALUES(?1, ?2, ?3) "
       "ON CONFLICT(incident) DO UPDATE SET gseq = excluded.gseq, blob = excluded.blob"},
      {&snapshot.forget_, "DELETE FROM rows WHERE incident = ?1"},
      {&snapshot.put_meta_, "INSERT OR REPLACE INTO meta(id, gseq, fold, blob, checksum) VALUES(1, ?1, ?2, ?3, ?4)"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = snapshot.database_.prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return snapshot;
}

Expected<void> SnapshotFile::put(const std::vector<SnapshotRow>& rows, const std::vector<IncidentId>& dropped,
                                 const SnapshotMeta& meta) {
  auto done = database_.execute("BEGIN IMMEDIATE");
  if (done) done = write(rows, dropped, meta);
  if (done) done = database_.execute("COMMIT");
  if (!done) database_.roll_back();
  return done;
}

Expected<void> SnapshotFile::write(const std::vector<SnapshotRow>& rows, const std::vector<IncidentId>& dropped,
                                   const SnapshotMeta& meta) {
  for (const SnapshotRow& row : rows) {
    auto done = put_.bind_blob(1, raw(row.incident)).bind(2, signed_of(row.gseq)).bind_blob(3, row.blob).run();
    if (!done) return done;
  }
  for (const IncidentId& id : dropped) {
    if (auto done = forget_.bind_blob(1, raw(id)).run(); !done) return done;
  }
  return put_meta_.bind(1, signed_of(meta.gseq))
      .bind_text(2, meta.fold)
      .bind_blob(3, meta.blob)
      .bind_blob(4, meta.checksum)
      .run();
}

Expected<std::optional<SnapshotMeta>> SnapshotFile::meta() {
  auto rows = database_.prepare("SELECT gseq, fold, blob, checksum FROM meta");
  if (!rows) return tl::unexpected(rows.error());
  const auto row = rows->next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::optional<SnapshotMeta>();
  return SnapshotMeta{static_cast<std::uint64_t>(rows->integer(0)), std::string(rows->bytes(1)),
                      std::string(rows->bytes(2)), std::string(rows->bytes(3))};
}

Expected<void> SnapshotFile::read(const std::function<void(SnapshotRow)>& each) {
  auto rows = database_.prepare("SELECT incident, gseq, blob FROM rows");
  if (!rows) return tl::unexpected(rows.error());
  while (true) {
    const auto row = rows->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    SnapshotRow snapshot;
    const std::string_view id = rows->bytes(0);
    if (id.size() != snapshot.incident.bytes.size()) {
      return tl::unexpected(sqlite::damaged("快照行不完整", "a snapshot row is not whole", "snapshot.db"));
    }
    std::memcpy(snapshot.incident.bytes.data(), id.data(), id.size());
    snapshot.gseq = static_cast<std::uint64_t>(rows->integer(1));
    snapshot.blob = std::string(rows->bytes(2));
    each(std::move(snapshot));
  }
}

Expected<void> SnapshotFile::drop() {
  auto done = database_.execute("BEGIN IMMEDIATE; DELETE FROM rows; DELETE FROM meta; COMMIT");
  if (!done) database_.roll_back();
  if (done || done.error().code != "store.full") return done;
  // Nothing can be written, not even that it is void: the next start will find so, too. Until then another one is kept.
  auto other = open_existing(":memory:");
  if (!other) return tl::unexpected(other.error());
  *this = std::move(*other);
  return {};
}

}  // namespace tingan
