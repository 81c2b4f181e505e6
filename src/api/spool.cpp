#include "api/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "codec/record_json.h"

namespace tingan::api {
namespace {

constexpr std::size_t kFrontBytes = 64;
// A multiple of the cipher's block, so that each piece can be enciphered by itself.
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::size_t kCipherBlock = 64;

tl::unexpected<Error> failed() {
  const int why = errno;
  const std::string text = std::generic_category().message(why);
  return fail(why == ENOSPC || why == EDQUOT ? "store.full" : "store.io",
              {"无法暂存上传的内容：" + text, "Expected to keep the body for now, but cannot: " + text});
}

}  // namespace

Expected<std::shared_ptr<Spool>> Spool::open(const std::string& folder, Random& random) {
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return failed();
  std::shared_ptr<Spool> spool(new Spool(file));
  random.fill(spool->key_);
  random.fill(spool->nonce_);
  return spool;
}

Spool::~Spool() {
  ::close(file_);
  sodium_memzero(key_.data(), key_.size());
}

Expected<void> Spool::write(std::string_view piece) {
  crypto_hash_sha256_update(&hash_, reinterpret_cast<const unsigned char*>(piece.data()), piece.size());
  if (front_.size() < kFrontBytes) front_.append(piece.substr(0, kFrontBytes - front_.size()));
  size_ += piece.size();
  while (!piece.empty()) {
    const std::size_t part = std::min(piece.size(), kPieceBytes - waiting_.size());
    waiting_.append(piece.substr(0, part));
    piece.remove_prefix(part);
    if (waiting_.size() < kPieceBytes) continue;
    if (auto flushed = flush(); !flushed) return flushed;
  }
  return {};
}

Expected<void> Spool::flush() {
  cross(waiting_, written_);
  for (std::size_t done = 0; done < waiting_.size();) {
    const ssize_t n =
        ::pwrite(file_, waiting_.data() + done, waiting_.size() - done, static_cast<off_t>(written_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return failed();
    done += static_cast<std::size_t>(n);
  }
  written_ += waiting_.size();
  waiting_.clear();
  return {};
}

void Spool::cross(std::string& bytes, std::size_t from) const {
  auto* data = reinterpret_cast<unsigned char*>(bytes.data());
  crypto_stream_xchacha20_xor_ic(data, data, bytes.size(), nonce_.data(), from / kCipherBlock, key_.data());
}

std::string Spool::hash() const {
  crypto_hash_sha256_state copy = hash_;
  Hash out{};
  crypto_hash_sha256_final(&copy, out.data());
  return to_hex(out);
}

Expected<std::string> Spool::read() {
  std::string bytes(written_, '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::pread(file_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = EIO;
    if (n <= 0) return failed();
    done += static_cast<std::size_t>(n);
  }
  cross(bytes, 0);
  bytes += waiting_;
  return bytes;
}

namespace {

Spool* spool_of(const net::Request& request) { return dynamic_cast<Spool*>(request.sink.get()); }

}  // namespace

std::size_t body_size(const net::Request& request) {
  const Spool* spool = spool_of(request);
  return spool == nullptr ? request.body.size() : spool->size();
}

std::string_view body_front(const net::Request& request) {
  const Spool* spool = spool_of(request);
  return spool == nullptr ? std::string_view(request.body).substr(0, kFrontBytes) : spool->front();
}

std::string body_hash(const net::Request& request) {
  const Spool* spool = spool_of(request);
  return spool == nullptr ? to_hex(sha256(request.body)) : spool->hash();
}

Expected<std::string> body_bytes(const net::Request& request) {
  Spool* spool = spool_of(request);
  return spool == nullptr ? request.body : spool->read();
}

}  // namespace tingan::api
