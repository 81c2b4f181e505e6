#include "app/tar_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>

namespace tingan {
namespace {

constexpr std::size_t kBlock = 512;
using Block = std::array<char, kBlock>;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// Where the fields of a ustar header stand.
constexpr std::size_t kSizeAt = 124;
constexpr std::size_t kSizeWidth = 12;
constexpr std::size_t kSumAt = 148;
constexpr std::size_t kSumWidth = 8;
constexpr std::size_t kTypeAt = 156;
constexpr std::size_t kMagicAt = 257;

tl::unexpected<Error> malformed(const std::filesystem::path& archive, std::string_view why) {
  return fail("backup.malformed",
              {fmt::format("备份文件损坏或不是本程序所写：{}", why), fmt::format("Expected a backup, but {}", why)},
              archive.string());
}

tl::unexpected<Error> file_error(const char* code, const std::filesystem::path& path) {
  const std::string why = std::strerror(errno);
  return fail(code, {fmt::format("文件出错：{}", why), fmt::format("Expected to use the file, but: {}", why)},
              path.string());
}

unsigned checksum(const Block& header) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const bool own = i >= kSumAt && i < kSumAt + kSumWidth;
    sum += own ? ' ' : static_cast<unsigned char>(header[i]);
  }
  return sum;
}

void put_text(Block& header, std::size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), header.begin() + static_cast<std::ptrdiff_t>(at));
}

Block header_of(const std::string& name, std::uint64_t size) {
  Block header{};
  put_text(header, 0, name);
  put_text(header, 100, "0000600");
  put_text(header, 108, "0000000");
  put_text(header, 116, "0000000");
  if (size < (std::uint64_t{1} << 33U)) {
    put_text(header, kSizeAt, fmt::format("{:011o}", size));
  } else {  // GNU: big-endian behind a set top bit
    header[kSizeAt] = static_cast<char>(0x80);
    for (std::size_t i = 0; i < 8; ++i) header[kSizeAt + kSizeWidth - 1 - i] = static_cast<char>(size >> (8 * i));
  }
  put_text(header, 136, "00000000000");
  header[kTypeAt] = '0';
  put_text(header, kMagicAt, std::string_view("ustar\00000", 8));
  put_text(header, kSumAt, fmt::format("{:06o}", checksum(header)));
  header[kSumAt + 7] = ' ';
  return header;
}

std::uint64_t size_in(const Block& header) {
  std::uint64_t size = 0;
  const bool binary = (header[kSizeAt] & 0x80) != 0;
  for (std::size_t i = binary ? 1 : 0; i < kSizeWidth - (binary ? 0 : 1); ++i) {
    const auto byte = static_cast<unsigned char>(header[kSizeAt + i]);
    size = binary ? (size << 8U) | byte : size * 8 + static_cast<std::uint64_t>(byte - '0');
  }
  return size;
}

std::uint64_t padding_of(std::uint64_t size) { return (kBlock - size % kBlock) % kBlock; }

// Copies `size` bytes; false where either side fails.
bool copy_bytes(std::FILE* from, std::FILE* to, std::uint64_t size) {
  std::vector<char> buffer(1 << 20);
  while (size > 0) {
    const std::size_t count = std::min<std::uint64_t>(size, buffer.size());
    if (std::fread(buffer.data(), 1, count, from) != count) return false;
    if (std::fwrite(buffer.data(), 1, count, to) != count) return false;
    size -= count;
  }
  return true;
}

Expected<void> pack_one(const std::filesystem::path& folder, const std::string& name, std::FILE* to) {
  const std::filesystem::path path = folder / name;
  const File from(std::fopen(path.c_str(), "rb"));
  if (!from) return file_error("file.unreadable", path);
  const std::uint64_t size = std::filesystem::file_size(path);
  const Block header = header_of(name, size);
  const Block zeros{};
  if (std::fwrite(header.data(), 1, kBlock, to) != kBlock || !copy_bytes(from.get(), to, size) ||
      std::fwrite(zeros.data(), 1, padding_of(size), to) != padding_of(size)) {
    return file_error("file.unwritable", path);
  }
  return {};
}

Expected<void> pack_into(const std::filesystem::path& folder, const std::vector<std::string>& names,
                         const std::filesystem::path& part) {
  const File file(std::fopen(part.c_str(), "wbx"));
  if (!file || ::fchmod(::fileno(file.get()), S_IRUSR | S_IWUSR) != 0) return file_error("file.unwritable", part);
  for (const std::string& name : names) {
    std::error_code ignored;
    if (!std::filesystem::exists(folder / name, ignored)) continue;
    if (auto done = pack_one(folder, name, file.get()); !done) return done;
  }
  const std::array<char, 2 * kBlock> end{};
  if (std::fwrite(end.data(), 1, end.size(), file.get()) != end.size() || std::fflush(file.get()) != 0 ||
      ::fsync(::fileno(file.get())) != 0) {
    return file_error("file.unwritable", part);
  }
  return {};
}

Expected<void> unpack_one(std::FILE* from, const std::filesystem::path& to, std::uint64_t size,
                          const std::filesystem::path& archive) {
  const File file(std::fopen(to.c_str(), "wbx"));
  if (!file || ::fchmod(::fileno(file.get()), S_IRUSR | S_IWUSR) != 0) return file_error("file.unwritable", to);
  Block rest{};
  if (!copy_bytes(from, file.get(), size) || std::fread(rest.data(), 1, padding_of(size), from) != padding_of(size)) {
    return std::feof(from) != 0 ? malformed(archive, "its end is cut") : file_error("file.unwritable", to);
  }
  if (std::fflush(file.get()) != 0 || ::fsync(::fileno(file.get())) != 0) return file_error("file.unwritable", to);
  return {};
}

}  // namespace

Expected<void> pack(const std::filesystem::path& folder, const std::vector<std::string>& names,
                    const std::filesystem::path& archive) {
  std::error_code error;
  if (std::filesystem::exists(archive, error)) {
    return fail("file.exists", {"文件已存在，不会覆盖", "Expected a new file, but it is there already"},
                archive.string());
  }
  const std::filesystem::path part = archive.string() + ".part";
  auto done = pack_into(folder, names, part);
  if (done) {
    std::filesystem::rename(part, archive, error);
    if (error) done = fail("file.unwritable", {error.message(), error.message()}, archive.string());
  }
  if (!done) std::filesystem::remove(part, error);
  return done;
}

Expected<void> unpack(const std::filesystem::path& archive, const std::function<bool(const std::string&)>& allowed,
                      const std::filesystem::path& folder) {
  const File file(std::fopen(archive.c_str(), "rb"));
  if (!file) return file_error("file.unreadable", archive);
  while (true) {
    Block header{};
    if (std::fread(header.data(), 1, kBlock, file.get()) != kBlock) return malformed(archive, "its end is cut");
    if (std::all_of(header.begin(), header.end(), [](char c) { return c == 0; })) return {};
    const std::string name(header.data(), ::strnlen(header.data(), 100));
    const std::string sum(header.data() + kSumAt, 6);
    if (sum != fmt::format("{:06o}", checksum(header)) || header[kTypeAt] != '0') {
      return malformed(archive, "a header is damaged");
    }
    if (!allowed(name)) return malformed(archive, "it holds something else");
    std::error_code error;
    std::filesystem::create_directories((folder / name).parent_path(), error);
    if (error) return fail("file.unwritable", {error.message(), error.message()}, (folder / name).string());
    if (auto done = unpack_one(file.get(), folder / name, size_in(header), archive); !done) return done;
  }
}

}  // namespace tingan
