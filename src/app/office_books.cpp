#include "app/office_books.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "base/file.h"

namespace tingan {
namespace {

namespace json = boost::json;

std::string line_of(const sim::OfficeEntry& entry) {
  return json::serialize(json::object{{"key", entry.key},
                                      {"number", entry.number},
                                      {"business", entry.business},
                                      {"reference", entry.reference},
                                      {"fingerprint", entry.fingerprint},
                                      {"amount_fen", entry.amount_fen},
                                      {"at", to_millis(entry.at)}}) +
         "\n";
}

std::optional<sim::OfficeEntry> entry_of(std::string_view line) {
  json::error_code bad;
  const json::value value = json::parse(line, bad);
  const json::object* const object = bad ? nullptr : value.if_object();
  if (object == nullptr) return std::nullopt;
  bool good = true;
  const auto text = [&](std::string_view key) {
    const json::value* const found = object->if_contains(key);
    good = good && found != nullptr && found->is_string();
    return good ? std::string(found->get_string()) : std::string();
  };
  const auto number = [&](std::string_view key) {
    const json::value* const found = object->if_contains(key);
    good = good && found != nullptr && found->is_int64();
    return good ? found->get_int64() : 0;
  };
  sim::OfficeEntry entry{text("key"),
                         text("number"),
                         text("business"),
                         text("reference"),
                         text("fingerprint"),
                         number("amount_fen"),
                         1,
                         from_millis(number("at"))};
  if (!good || entry.key.empty()) return std::nullopt;
  return entry;
}

}  // namespace

tl::unexpected<Error> OfficeBooks::io_error(int number) const {
  return fail("office.io",
              {fmt::format("业务系统的记录文件读写失败：{}", std::strerror(number)),
               fmt::format("Expected to read and write the back office's books, but: {}", std::strerror(number))},
              file_.string());
}

Expected<std::unique_ptr<OfficeBooks>> OfficeBooks::open(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  std::unique_ptr<OfficeBooks> books(new OfficeBooks(file, fd));
  if (fd < 0) return books->io_error(errno);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return fail("office.in-use",
                {"记录文件正被另一个程序使用", "Expected the books to be free, but another process has them open"},
                file.string());
  }
  if (auto loaded = books->load(); !loaded) return tl::unexpected(loaded.error());
  return books;
}

OfficeBooks::~OfficeBooks() {
  if (fd_ >= 0) ::close(fd_);
}

Expected<void> OfficeBooks::load() {
  const auto content = read_whole_file(file_);
  if (!content) return tl::unexpected(content.error());
  std::size_t at = 0;
  for (int line = 1; at < content->size(); ++line) {
    const std::size_t end = content->find('\n', at);
    if (end == std::string::npos) break;
    auto entry = entry_of(std::string_view(*content).substr(at, end - at));
    if (!entry) {
      return fail("office.damaged",
                  {"记录文件中有一行读不懂", "Expected an entry of the back office, but the line cannot be read"},
                  fmt::format("{}:{}", file_.string(), line));
    }
    entries_.push_back(std::move(*entry));
    at = end + 1;
  }
  if (at < content->size() && ::ftruncate(fd_, static_cast<off_t>(at)) != 0) return io_error(errno);
  // Also the file's own name: entries in a file that a power cut takes away are no entries.
  const auto folder = file_.parent_path().empty() ? std::filesystem::path(".") : file_.parent_path();
  const int folder_fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = folder_fd >= 0 && ::fsync(folder_fd) == 0 && ::fsync(fd_) == 0;
  const int number = errno;
  if (folder_fd >= 0) ::close(folder_fd);
  if (!synced) return io_error(number);
  return {};
}

Expected<void> OfficeBooks::append(const std::vector<sim::OfficeEntry>& entries) {
  std::string lines;
  for (const sim::OfficeEntry& entry : entries) lines += line_of(entry);
  std::string_view rest = lines;
  while (!rest.empty()) {
    const ssize_t count = ::write(fd_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return io_error(errno);
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fdatasync(fd_) != 0) return io_error(errno);
  return {};
}

}  // namespace tingan
