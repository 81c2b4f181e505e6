#include "store/sqlite/backup.h"

#include "base/file.h"
#include "store/sqlite/database.h"
#include "store/sqlite/key_rotation.h"

namespace tingan {
namespace {

constexpr int kPatienceMillis = 10000;
constexpr int kPauseMillis = 50;

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

// All pages in one step: the source is read in one transaction, so the copy is of one moment.
Expected<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
  // Not read-only: a crashed node's half-done transaction is rolled back first.
  auto source = sqlite::Database::open(from, sqlite::OpenMode::read_write);
  if (!source) return tl::unexpected(source.error());
  auto target = sqlite::Database::open(to, sqlite::OpenMode::read_write);
  if (!target) return tl::unexpected(target.error());
  const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
      sqlite3_backup_init(target->handle(), "main", source->handle(), "main"));
  if (!backup) return tl::unexpected(sqlite::error_now(target->handle()));
  int code = SQLITE_BUSY;
  for (int waited = 0; (code == SQLITE_BUSY || code == SQLITE_LOCKED) && waited < kPatienceMillis;
       waited += kPauseMillis) {
    if (waited != 0) sqlite3_sleep(kPauseMillis);
    code = sqlite3_backup_step(backup.get(), -1) & 0xff;
  }
  if (code != SQLITE_DONE) return tl::unexpected(sqlite::error_now(target->handle()));
  std::error_code ignored;
  std::filesystem::permissions(to, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  return {};
}

Expected<void> copy_small(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code ignored;
  if (!std::filesystem::exists(from, ignored)) return {};
  const auto content = read_whole_file(from);
  if (!content) return tl::unexpected(content.error());
  return create_private_file(to, *content);
}

Expected<void> make_empty(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail("file.unwritable", {error.message(), error.message()}, folder.string());
  if (!std::filesystem::is_empty(folder, error)) {
    return fail("backup.not-empty",
                {"目标目录不是空的，不会覆盖", "Expected an empty folder, but there is something in it"},
                folder.string());
  }
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  return {};
}

// Evidence: a blob is durable before the record that speaks of it, so those copied after the log are all that it needs.
// What ends in .new was being written.
Expected<void> copy_blobs(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code ignored;
  for (const auto& part : std::filesystem::directory_iterator(from, ignored)) {
    std::error_code error;
    const auto folder = to / part.path().filename();
    std::filesystem::create_directories(folder, error);
    if (error) return fail("file.unwritable", {error.message(), error.message()}, folder.string());
    for (const auto& file : std::filesystem::directory_iterator(part.path(), error)) {
      if (file.path().extension() == ".new") continue;
      if (auto copied = copy_small(file.path(), folder / file.path().filename()); !copied) return copied;
    }
    if (error) return fail("file.unreadable", {error.message(), error.message()}, part.path().string());
  }
  return {};
}

}  // namespace

Expected<void> copy_data_folder(const DataFolder& from, const DataFolder& to) {
  std::error_code ignored;
  if (!std::filesystem::exists(from.log(), ignored)) {
    return fail("store.none", {"此目录中没有日志", "Expected a data folder with a log, but there is none"},
                from.path.string());
  }
  auto done = make_empty(to.path);
  // The log first: a key is durable before the record that needs it, so the keys copied later are all that it needs.
  if (done) done = copy_database(from.log(), to.log());
  if (done && std::filesystem::exists(from.keys(), ignored)) done = copy_database(from.keys(), to.keys());
  if (done) done = copy_small(from.master_key(), to.master_key());
  if (done) done = check_master_key(to);
  if (done) done = copy_small(from.node_key(), to.node_key());
  if (done) done = copy_blobs(from.blobs(), to.blobs());
  return done;
}

}  // namespace tingan
