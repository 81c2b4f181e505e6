#include "store/sqlite/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tingan {
namespace {

tl::unexpected<Error> io_error(const std::filesystem::path& path, const std::string& why) {
  return fail("store.io",
              {fmt::format("无法使用数据目录：{}", why), fmt::format("Expected to use the data folder, but: {}", why)},
              path.string());
}

std::string holder(int fd) {
  char text[32] = {};
  const ssize_t size = ::pread(fd, text, sizeof text - 1, 0);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "?";
}

}  // namespace

Expected<FolderLock> FolderLock::take(const DataFolder& folder) {
  std::error_code error;
  if (std::filesystem::create_directories(folder.path, error)) {
    std::filesystem::permissions(folder.path, std::filesystem::perms::owner_all, error);
  }
  if (error) return io_error(folder.path, error.message());
  FolderLock lock;
  lock.fd_ = ::open(folder.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock.fd_ < 0) return io_error(folder.lock(), std::strerror(errno));
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return io_error(folder.lock(), std::strerror(errno));
    const std::string pid = holder(lock.fd_);
    return fail("store.locked",
                {fmt::format("数据目录正被进程 {} 使用；同一目录只能运行一个节点", pid),
                 fmt::format("Expected the data folder for ourselves, but process {} uses it: one node a folder", pid)},
                folder.path.string());
  }
  // Only for the message above: a full disk must not keep the node from starting.
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(lock.fd_, 0) == 0 && ::pwrite(lock.fd_, pid.data(), pid.size(), 0) < 0) errno = 0;
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace tingan
