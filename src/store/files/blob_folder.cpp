#include "store/files/blob_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.h"
#include "base/file.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> store_error(const Error& error) {
  const char* code = error.code == "file.full" ? "store.full" : "store.io";
  return fail(code, error.message, error.where);
}

tl::unexpected<Error> store_error(const std::error_code& error, const fs::path& where) {
  const bool full = error == std::errc::no_space_on_device;
  return fail(full ? "store.full" : "store.io", {error.message(), error.message()}, where.string());
}

// A new folder is durable only once the one above it is.
bool sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

}  // namespace

fs::path BlobFolder::path_of(const std::string& name) const {
  CHECK(is_blob_name(name));
  return folder_ / name.substr(0, 2) / name;
}

Expected<void> BlobFolder::make_folder(const fs::path& folder) const {
  std::error_code error;
  for (const fs::path& one : {folder_, folder}) {
    const bool made = fs::create_directory(one, error);
    if (error) return store_error(error, one);
    if (!made) continue;
    fs::permissions(one, fs::perms::owner_all, error);
    if (error || !sync_folder(one.parent_path())) return store_error(std::make_error_code(std::errc::io_error), one);
  }
  return {};
}

Expected<void> BlobFolder::put(const std::string& name, std::string_view bytes) {
  const fs::path path = path_of(name);
  std::error_code ignored;
  if (fs::exists(path, ignored)) return {};
  if (auto made = make_folder(path.parent_path()); !made) return made;
  if (auto written = write_private_file(path, bytes); !written) return store_error(written.error());
  return {};
}

Expected<std::optional<std::string>> BlobFolder::get(const std::string& name) {
  if (!is_blob_name(name)) return std::optional<std::string>();
  const fs::path path = path_of(name);
  std::error_code error;
  if (!fs::exists(path, error) && !error) return std::optional<std::string>();
  auto bytes = read_whole_file(path);
  if (!bytes) return store_error(bytes.error());
  return std::optional<std::string>(std::move(*bytes));
}

Expected<void> BlobFolder::remove(const std::string& name) {
  std::error_code error;
  fs::remove(path_of(name), error);
  if (error) return store_error(error, path_of(name));
  return {};
}

std::vector<std::string> BlobFolder::names() const {
  std::vector<std::string> all;
  std::error_code error;
  for (const auto& part : fs::directory_iterator(folder_, error)) {
    std::error_code inner;
    for (const auto& file : fs::directory_iterator(part.path(), inner)) {
      std::string name = file.path().filename().string();
      if (is_blob_name(name)) all.push_back(std::move(name));
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<std::string> BlobFolder::written_before(fs::file_time_type time) const {
  std::vector<std::string> all = names();
  std::erase_if(all, [&](const std::string& name) {
    std::error_code error;
    const auto written = fs::last_write_time(path_of(name), error);
    return error || written >= time;
  });
  return all;
}

}  // namespace tingan
