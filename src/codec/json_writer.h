// Canonical JSON written by hand into one growing buffer: no document tree on the way out. The canonical form is
// described in docs/formats/log.md; the escapes are those of RFC 8785.
#pragma once
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "model/ids.h"

namespace tingan {

// Reused between documents with clear(); one thread. Every item ends with a comma, which close() turns into the
// bracket: so no call needs to know whether it is the first.
class JsonWriter {
 public:
  void clear() { size_ = 0; }
  std::string_view view() const { return {data_.get(), size_}; }

  void raw(std::string_view text) {
    ensure(text.size());
    std::memcpy(data_.get() + size_, text.data(), text.size());
    size_ += text.size();
  }
  void character(char c) {
    ensure(1);
    data_[size_++] = c;
  }
  void open(char bracket) { character(bracket); }
  void comma() { character(','); }
  void close(char bracket) {
    if (data_[size_ - 1] == ',') {
      data_[size_ - 1] = bracket;
    } else {
      character(bracket);
    }
  }
  // `"name":`
  void key(std::string_view name) {
    string(name);
    character(':');
  }

  template <class Integer>
  void integer(Integer value) {
    ensure(24);
    size_ =
        static_cast<std::size_t>(std::to_chars(data_.get() + size_, data_.get() + size_ + 24, value).ptr - data_.get());
  }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  // Quoted and escaped. A broken UTF-8 sequence becomes U+FFFD: a log must stay readable whatever a caller hands in.
  void string(std::string_view text);
  void hex(const std::uint8_t* bytes, std::size_t count);
  void uuid(const std::array<std::uint8_t, 16>& bytes);

 private:
  void ensure(std::size_t more) {
    if (size_ + more > capacity_) grow(more);
  }
  void grow(std::size_t more);
  // Copies the leading bytes that need no care; gives how many.
  std::size_t copy_plain(std::string_view text);
  // Writes the first character of `text`, which needs care; gives how many bytes it took.
  std::size_t write_special(std::string_view text);

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Bytes of the well-formed UTF-8 character at the front (RFC 3629: no surrogates, no overlong forms), 0 if broken.
std::size_t utf8_length(std::string_view text);

}  // namespace tingan
