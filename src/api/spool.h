// A large body on its way in: in a nameless file, so that memory does not grow with it, and enciphered under a key that
// only this object has, so that nothing readable is left on the disk whatever happens.
#pragma once
#include <sodium.h>

#include <array>
#include <memory>
#include <string>

#include "base/error.h"
#include "net/http.h"
#include "ports/random.h"

namespace tingan::api {

class Spool final : public net::BodySink {
 public:
  // Errors: `store.full`, `store.io`.
  static Expected<std::shared_ptr<Spool>> open(const std::string& folder, Random& random);
  ~Spool() override;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  Expected<void> write(std::string_view piece) override;
  std::size_t size() const { return size_; }
  // The first bytes, by which a media type is told.
  std::string_view front() const { return front_; }
  std::string hash() const;  // hex SHA-256
  // All of it. Errors: `store.full`, `store.io`.
  Expected<std::string> read();

 private:
  explicit Spool(int file) : file_(file) { crypto_hash_sha256_init(&hash_); }
  Expected<void> flush();
  void cross(std::string& bytes, std::size_t from) const;  // enciphers and deciphers

  const int file_;
  std::array<std::uint8_t, crypto_stream_xchacha20_KEYBYTES> key_{};
  std::array<std::uint8_t, crypto_stream_xchacha20_NONCEBYTES> nonce_{};
  crypto_hash_sha256_state hash_{};
  std::size_t size_ = 0;
  std::size_t written_ = 0;
  std::string front_;
  std::string waiting_;  // not in the file yet
};

// The body of a request, wherever it lies.
std::size_t body_size(const net::Request& request);
std::string_view body_front(const net::Request& request);
std::string body_hash(const net::Request& request);  // hex SHA-256
// All of it in memory; for the few threads that work on large bodies. Errors: `store.full`, `store.io`.
Expected<std::string> body_bytes(const net::Request& request);

}  // namespace tingan::api
