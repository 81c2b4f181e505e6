// Bytes read and not yet parsed: small while a connection idles, larger while it uploads.
#pragma once
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace tingan::net::detail {

class InputBuffer {
 public:
  static constexpr std::size_t kSmall = 4 * 1024;
  static constexpr std::size_t kLarge = 64 * 1024;

  std::string_view data() const { return {bytes_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  void consume(std::size_t n) {
    begin_ += n;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  // Room for at least `wanted` more bytes; writes the address and gives the size. commit() what was put there.
  std::size_t prepare(std::size_t wanted, char*& room) {
    if (capacity_ - end_ < wanted) {
      const std::size_t kept = end_ - begin_;
      if (capacity_ < kept + wanted) {
        capacity_ = kept + wanted;
        std::unique_ptr<char[]> larger(new char[capacity_]);
        if (kept > 0) std::memcpy(larger.get(), bytes_.get() + begin_, kept);
        bytes_ = std::move(larger);
      } else {
        std::memmove(bytes_.get(), bytes_.get() + begin_, kept);
      }
      begin_ = 0;
      end_ = kept;
    }
    room = bytes_.get() + end_;
    return capacity_ - end_;
  }
  void commit(std::size_t n) { end_ += n; }
  // Gives a large buffer back; ten thousand idle connections must not keep what one upload needed.
  void trim() {
    if (!empty() || capacity_ <= 2 * kSmall) return;
    bytes_.reset();
    capacity_ = begin_ = end_ = 0;
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace tingan::net::detail
