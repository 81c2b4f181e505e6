// tingan backup and restore: a consistent copy of a running node, and back. Both prove the copy before they call it
// good.
#include <iostream>

#include "app/log_verbs.h"
#include "app/room_for_copy.h"
#include "app/tar_file.h"
#include "base/file.h"
#include "store/files/blob_folder.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/erased_list.h"
#include "store/sqlite/folder_check.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

struct Request {
  std::string data;
  std::string other;                // where to, or where from
  std::vector<std::string> erased;  // files of 'tingan keys erased'
};

const std::vector<std::string>& names() {
  static const std::vector<std::string> all = {"log.db", "keys.db", "master.key", "node.key"};
  return all;
}

// The fixed files and the evidence, as they stand in the archive.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> all = names();
  for (const std::string& blob : BlobFolder(DataFolder{folder}.blobs()).names()) {
    all.push_back(fmt::format("blobs/{}/{}", blob.substr(0, 2), blob));
  }
  return all;
}

std::uint64_t bytes_of_backup(const fs::path& folder) {
  std::uint64_t sum = bytes_under(DataFolder{folder}.blobs());
  for (const std::string& name : names()) sum += bytes_under(folder / name);
  return sum;
}

// What an archive may hold: nothing that would end up outside the data folder.
bool belongs_in_backup(const std::string& name) {
  if (std::find(names().begin(), names().end(), name) != names().end()) return true;
  return name.size() == 73 && name.starts_with("blobs/") && is_blob_name(name.substr(9)) &&
         name.substr(6, 3) == name.substr(9, 2) + "/";
}

// A folder for the work at hand, gone when it is done or has failed.
class Workplace {
 public:
  explicit Workplace(const fs::path& beside) : path_(beside.string() + ".tingan-new") {}
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace() {
    std::error_code ignored;
    if (mine_) fs::remove_all(path_, ignored);
  }
  // Error `backup.not-empty`: another one is at work, or was ended in the middle.
  Expected<void> make() {
    std::error_code error;
    mine_ = fs::create_directory(path_, error);
    if (mine_) fs::permissions(path_, fs::perms::owner_all, error);
    if (mine_) return {};
    return fail("backup.not-empty",
                {"无法创建临时目录：若无其他备份在进行，请删除后重试",
                 "Expected to make a folder for the work: if no other backup is running, remove it and try again"},
                path_.string());
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  bool mine_ = false;
};

// The log, the keys, the master key and the node's key, all four: a copy without one of them is none.
Expected<void> check_whole(const fs::path& folder) {
  const auto state = check_folder({folder});
  if (!state) return tl::unexpected(state.error());
  if (*state == FolderState::whole) return {};
  return fail("store.none", {"此目录中没有日志", "Expected a data folder with a log, but there is none"},
              folder.string());
}

Expected<void> prove(const fs::path& folder) {
  const auto report = verify_folder({folder}, {});
  if (!report) return tl::unexpected(report.error());
  if (report->sound()) {
    fmt::print("{}\n", say(*report));
    return {};
  }
  return fail("backup.not-sound",
              {fmt::format("副本未通过校验：{}", report->bad->what.zh),
               fmt::format("Expected a sound log, but: {}", report->bad->what.en)},
              fmt::format("{}/{}", report->bad->unit.str(), report->bad->seq));
}

// Without a slash at the end, so that its name is its last part.
fs::path plain(const std::string& text) {
  const fs::path path = fs::absolute(text).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

bool empty_or_absent(const fs::path& folder) {
  std::error_code ignored;
  return !fs::exists(folder, ignored) || (fs::is_directory(folder, ignored) && fs::is_empty(folder, ignored));
}

Expected<void> move_to(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return fail("file.unwritable", {error.message(), error.message()}, to.string());
  return {};
}

tl::unexpected<Error> not_empty(const fs::path& folder) {
  return fail("backup.not-empty", {"目标已有内容，不会覆盖", "Expected an empty place, but there is something there"},
              folder.string());
}

// `--to` names a folder where one is there or where the name does not end in .tar.
Expected<void> backup(const Request& request) {
  const fs::path to = plain(request.other);
  const bool archive = to.extension() == ".tar";
  std::error_code ignored;
  if (archive ? fs::exists(to, ignored) : !empty_or_absent(to)) return not_empty(to);
  if (auto whole = check_whole(request.data); !whole) return whole;
  // An archive is packed from a copy beside it.
  const std::uint64_t bytes = (archive ? 2 : 1) * bytes_of_backup(request.data);
  if (auto room = check_room_for_copy(request.data, to, bytes); !room) return room;
  Workplace work(to);
  auto done = work.make();
  if (done) done = copy_data_folder({request.data}, {work.path()});
  if (done) done = prove(work.path());
  if (!done) return done;
  for (const char* left : {"log.db-wal", "log.db-shm"}) fs::remove(work.path() / left, ignored);
  return archive ? pack(work.path(), names_in(work.path()), to) : move_to(work.path(), to);
}

// What has been erased since the backup was made is erased in it again, before anybody sees the folder.
Expected<void> erase_in(const fs::path& folder, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  const auto destroyed = erase_again({folder}, names);
  if (!destroyed) return tl::unexpected(destroyed.error());
  fmt::print("{} 项已删除的资料在备份中再次删除 / {} of what had been erased were erased again\n", *destroyed,
             *destroyed);
  return {};
}

Expected<std::vector<std::string>> names_erased(const std::vector<std::string>& files) {
  std::vector<std::string> names;
  for (const std::string& file : files) {
    const auto text = read_whole_file(file);
    if (!text) return tl::unexpected(text.error());
    const auto read = read_erased(*text);
    if (!read) return fail(read.error().code, read.error().message, file);
    names.insert(names.end(), read->begin(), read->end());
  }
  return names;
}

Expected<void> restore(const Request& request) {
  const fs::path from = request.other;
  const fs::path to = plain(request.data);
  const auto erased = names_erased(request.erased);
  if (!erased) return tl::unexpected(erased.error());
  if (!empty_or_absent(to)) return not_empty(to);
  if (auto room = check_room_for_copy(to, to, bytes_under(from)); !room) return room;
  Workplace work(to);
  auto done = work.make();
  std::error_code ignored;
  if (done) {
    done = fs::is_directory(from, ignored) ? copy_data_folder({from}, {work.path()})
                                           : unpack(from, belongs_in_backup, work.path());
  }
  if (done) done = check_whole(work.path());
  if (done) done = prove(work.path());
  if (done) done = erase_in(work.path(), *erased);
  if (done) done = move_to(work.path(), to);
  return done;
}

int finish(const Expected<void>& done) {
  if (done) return 0;
  std::cerr << to_string(done.error()) << '\n';
  const auto& code = done.error().code;
  return code == "store.none" || code == "erased.malformed" || code == "backup.not-empty" || code == "file.exists" ? 2
                                                                                                                   : 1;
}

}  // namespace

void add_backup(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb = app.add_subcommand("backup", "a proven copy of a data folder; the node may be running");
  verb->add_option("--data", request->data, "data folder")->required();
  verb->add_option("--to", request->other, "new folder, or new file that ends in .tar")->required();
  verb->callback([request, &exit_code] { exit_code = finish(backup(*request)); });
}

void add_restore(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb = app.add_subcommand("restore", "brings a backup back into an empty data folder, and proves it");
  verb->add_option("FROM", request->other, "folder or .tar file from 'tingan backup'")->required();
  verb->add_option("--data", request->data, "data folder; must be empty or new")->required();
  verb->add_option(
      "--erased", request->erased,
      "file from 'tingan keys erased': what was erased since is erased again (may be given more than once)");
  verb->callback([request, &exit_code] { exit_code = finish(restore(*request)); });
}

}  // namespace tingan
