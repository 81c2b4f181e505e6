#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tingan {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> unwritable(const std::filesystem::path& path, int error) {
  return fail(error == ENOSPC || error == EDQUOT ? "file.full" : "file.unwritable",
              {fmt::format("无法写入文件：{}", std::strerror(error)),
               fmt::format("Expected to write the file, but: {}", std::strerror(error))},
              path.string());
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// A rename is durable only once its folder is.
bool sync_folder_of(const std::filesystem::path& path) {
  const auto folder = path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path();
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.get() >= 0 && ::fsync(fd.get()) == 0;
}

Expected<std::filesystem::path> write_beside(const std::filesystem::path& path, std::string_view content) {
  auto beside = path;
  beside += fmt::format(".{}.new", ::getpid());
  const Descriptor fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (fd.get() < 0) return unwritable(path, errno);
  if (!write_all(fd.get(), content) || ::fsync(fd.get()) != 0) {
    const int error = errno;
    ::unlink(beside.c_str());
    return unwritable(path, error);
  }
  return beside;
}

}  // namespace

Expected<std::string> read_whole_file(const std::filesystem::path& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  ssize_t count = fd.get() < 0 ? -1 : 1;
  while (count > 0) {
    char buffer[16384];
    count = ::read(fd.get(), buffer, sizeof buffer);
    if (count > 0) content.append(buffer, static_cast<std::size_t>(count));
  }
  if (count < 0) {
    return fail("file.unreadable",
                {fmt::format("无法读取文件：{}", std::strerror(errno)),
                 fmt::format("Expected to read the file, but: {}", std::strerror(errno))},
                path.string());
  }
  return content;
}

Expected<void> write_private_file(const std::filesystem::path& path, std::string_view content) {
  const auto beside = write_beside(path, content);
  if (!beside) return tl::unexpected(beside.error());
  if (::rename(beside->c_str(), path.c_str()) != 0 || !sync_folder_of(path)) {
    const int error = errno;
    ::unlink(beside->c_str());
    return unwritable(path, error);
  }
  return {};
}

Expected<void> move_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0 || !sync_folder_of(to)) return unwritable(to, errno);
  return {};
}

Expected<void> create_private_file(const std::filesystem::path& path, std::string_view content) {
  const auto beside = write_beside(path, content);
  if (!beside) return tl::unexpected(beside.error());
  // link() refuses an existing name, which rename() would replace.
  const int linked = ::link(beside->c_str(), path.c_str());
  const int error = errno;
  ::unlink(beside->c_str());
  if (linked != 0 && error == EEXIST) {
    return fail("file.exists", {"文件已存在", "Expected a new file, but it is there already"}, path.string());
  }
  if (linked != 0) return unwritable(path, error);
  if (!sync_folder_of(path)) return unwritable(path, errno);
  return {};
}

}  // namespace tingan
