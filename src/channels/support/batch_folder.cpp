#include "channels/support/batch_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "base/file.h"
#include "channels/support/csv_text.h"

namespace tingan::channels {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kResult = ".result.csv";

tl::unexpected<Error> folder_error(const fs::path& folder, const std::string& why) {
  return fail("connectors.folder",
              {"批量文件的文件夹用不了：" + why, "Expected a folder for batch files that can be used, but: " + why},
              folder.string());
}

std::string name_of(int number) { return fmt::format("tingan-{:06}.csv", number); }

// The number in "tingan-000017" + `ending`; 0: another file.
int number_of(const std::string& name, std::string_view ending) {
  constexpr std::string_view kPrefix = "tingan-";
  if (!name.starts_with(kPrefix) || !name.ends_with(ending) || name.size() <= kPrefix.size() + ending.size()) return 0;
  const std::string digits = name.substr(kPrefix.size(), name.size() - kPrefix.size() - ending.size());
  int number = 0;
  const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return bad == std::errc{} && end == digits.data() + digits.size() ? number : 0;
}

std::map<int, fs::path> numbered(const fs::path& folder, std::string_view ending) {
  std::map<int, fs::path> files;
  std::error_code bad;
  for (const auto& entry : fs::directory_iterator(folder, bad)) {
    if (const int number = number_of(entry.path().filename().string(), ending); number > 0) {
      files[number] = entry.path();
    }
  }
  return files;
}

// `content` in place of what is there. The other side may take the file at any moment: what it took must not be offered
// again, so the two change places or nothing happens.
Expected<void> exchange(const fs::path& path, const fs::path& work, std::string_view content) {
  std::error_code error;
  const auto rights = fs::status(path, error).permissions();
  if (error) return {};
  const fs::path beside = work / ("forget-" + path.filename().string());
  if (auto written = write_private_file(beside, content); !written) return written;
  fs::permissions(beside, rights, error);
  const int code = ::renameat2(AT_FDCWD, beside.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE);
  const int why = errno;
  fs::remove(beside, error);  // what was there before, or what is not wanted any more
  if (code == 0 || why == ENOENT) return {};
  return folder_error(path, std::strerror(why));
}

// Takes out the rows of which one cell is `key`. What is no table goes whole where it holds the key.
Expected<void> cut_rows(const fs::path& path, const fs::path& work, std::string_view key) {
  const auto text = read_whole_file(path);
  std::error_code gone;
  if (!text && !fs::exists(path, gone)) return {};  // taken meanwhile
  if (!text) return tl::unexpected(text.error());
  if (text->find(key) == std::string::npos) return {};
  const auto utf8 = to_utf8(*text);
  const auto rows = utf8 ? parse_csv(*utf8) : std::nullopt;
  const auto holds = [&](const CsvRow& row) { return std::find(row.begin(), row.end(), key) != row.end(); };
  std::string kept = text->starts_with("\xef\xbb\xbf") ? "\xef\xbb\xbf" : "";
  std::size_t left = 0;
  for (std::size_t i = 0; rows && i < rows->size(); ++i) {
    if (i > 0 && holds((*rows)[i])) continue;
    kept += csv_line((*rows)[i]);
    ++left;
  }
  if (left > 1) return exchange(path, work, kept);
  std::error_code error;
  fs::remove(path, error);
  if (error) return folder_error(path, error.message());
  return {};
}

bool sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  return synced;
}

}  // namespace

Expected<std::unique_ptr<BatchFolder>> BatchFolder::open(const fs::path& folder, Digest digest) {
  std::error_code bad;
  if (!fs::is_directory(folder, bad)) return folder_error(folder, "no such folder");
  const fs::path own = folder / ".tingan";
  fs::create_directories(own / "staging", bad);
  if (!bad) fs::create_directories(own / "written", bad);
  if (bad) return folder_error(folder, bad.message());
  const int lock = ::open((own / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  std::unique_ptr<BatchFolder> batches(new BatchFolder(folder, std::move(digest), lock));
  if (lock < 0) return folder_error(folder, std::strerror(errno));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) return folder_error(folder, "another program uses it");
  if (!sync_folder(folder) || !sync_folder(own)) return folder_error(folder, std::strerror(errno));
  for (const fs::path& place : {batches->kept(), batches->staging()}) {
    const auto files = numbered(place, ".csv");
    if (!files.empty()) batches->next_ = std::max(batches->next_, files.rbegin()->first + 1);
  }
  if (auto offered = batches->offer_staged(); !offered) return tl::unexpected(offered.error());
  return batches;
}

BatchFolder::~BatchFolder() {
  if (lock_ >= 0) ::close(lock_);
}

Expected<std::map<int, std::string>> BatchFolder::written() const {
  std::map<int, std::string> texts;
  for (const auto& [number, path] : numbered(kept(), ".csv")) {
    auto text = read_whole_file(path);
    if (!text) return tl::unexpected(text.error());
    texts[number] = std::move(*text);
  }
  return texts;
}

Expected<int> BatchFolder::write(std::string_view content) {
  if (auto staged = write_private_file(staging() / name_of(next_), content); !staged) {
    return tl::unexpected(staged.error());
  }
  return next_++;
}

Expected<void> BatchFolder::offer_staged() {
  for (const auto& [number, path] : numbered(staging(), ".csv")) {
    const auto text = read_whole_file(path);
    if (!text) return tl::unexpected(text.error());
    if (auto kept_it = write_private_file(kept() / name_of(number), digest_(*text)); !kept_it) {
      return tl::unexpected(kept_it.error());
    }
    // The other side is somebody else, of the same group.
    std::error_code bad;
    fs::permissions(path, fs::perms::group_read, fs::perm_options::add, bad);
    if (!bad) fs::rename(path, folder_ / name_of(number), bad);
    if (bad) return folder_error(folder_, bad.message());
    if (!sync_folder(folder_) || !sync_folder(staging())) return folder_error(folder_, std::strerror(errno));
  }
  return {};
}

// What stands in a file of answers may name the customer in the other side's words.
Expected<void> BatchFolder::forget_rows(std::string_view key) {
  Expected<void> done;
  for (const fs::path& folder : {folder_, staging()}) {
    for (const auto& [number, path] : numbered(folder, ".csv")) {
      if (auto cut = cut_rows(path, folder_ / ".tingan", key); !cut) done = cut;
    }
    for (const auto& [number, path] : numbered(folder, kResult)) {
      if (auto cut = cut_rows(path, folder_ / ".tingan", key); !cut) done = cut;
    }
  }
  return done;
}

std::map<int, std::string> BatchFolder::changed_results() {
  std::map<int, std::string> texts;
  for (const auto& [number, path] : numbered(folder_, kResult)) {
    std::error_code bad;
    const std::pair now{fs::last_write_time(path, bad), fs::file_size(path, bad)};
    const auto before = seen_.find(number);
    if (bad || (before != seen_.end() && before->second == now)) continue;
    auto text = read_whole_file(path);
    if (!text) continue;
    texts[number] = std::move(*text);
    seen_[number] = now;
  }
  return texts;
}

}  // namespace tingan::channels
