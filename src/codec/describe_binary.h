// Any struct described with Boost.Describe <-> compact bytes, by one template each way; for disposable data only. The
// layout: numbers as LEB128 (zigzag where signed), instants relative to a base instant (0 never, 1 absolute), symbols
// as indices into a table of names at the front of the blob, lists with their count first. Nothing names a member:
// reader and writer agree because layout_hash() of the struct is kept with the bytes.
#pragma once
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/time.h"
#include "codec/describe_json.h"
#include "model/ids.h"

namespace tingan {

// --- the layout, known at compile time

constexpr std::uint64_t hash_text(std::uint64_t seed, std::string_view text) {
  for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return (seed ^ 0xffU) * 0x100000001b3ULL;  // a separator: "ab","c" is not "a","bc"
}

template <class T>
constexpr std::uint64_t layout_hash(std::uint64_t seed) {
  if constexpr (std::same_as<T, bool>) {
    return hash_text(seed, "bool");
  } else if constexpr (std::integral<T>) {
    return hash_text(seed, std::is_signed_v<T> ? "signed" : "unsigned") * (2 * sizeof(T) + 1);
  } else if constexpr (std::is_enum_v<T>) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto d) { seed = hash_text(seed, d.name) + static_cast<std::uint64_t>(d.value); });
    return seed;
  } else if constexpr (std::same_as<T, Instant>) {
    return hash_text(seed, "instant");
  } else if constexpr (std::same_as<T, std::string>) {
    return hash_text(seed, "text");
  } else if constexpr (kIsSymbol<T>) {
    return hash_text(seed, "symbol");
  } else if constexpr (kIsUuid<T>) {
    return hash_text(seed, "incident");
  } else if constexpr (kIsOptional<T> || kIsVector<T>) {
    return layout_hash<typename T::value_type>(hash_text(seed, kIsOptional<T> ? "optional" : "list"));
  } else {
    seed = hash_text(seed, "{");
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
      using Member = std::remove_cvref_t<decltype(std::declval<T>().*d.pointer)>;
      seed = layout_hash<Member>(hash_text(seed, d.name));
    });
    return hash_text(seed, "}");
  }
}

// --- writing

// Collects the body and the names that it uses; take() puts the table in front.
class BinaryWriter {
 public:
  // `base`: instants near it take few bytes; the reader must be given the same one by the blob itself.
  explicit BinaryWriter(Instant base) : base_(base) {}

  void byte(std::uint8_t value) { body_.push_back(static_cast<char>(value)); }
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value | 0x80U));
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  void signed_number(std::int64_t value) { number(zigzag(value)); }
  void text(std::string_view value) {
    number(value.size());
    body_.append(value);
  }
  void bytes(const std::uint8_t* data, std::size_t count) { body_.append(reinterpret_cast<const char*>(data), count); }
  void symbol(const std::string* name) {
    // From the end: the people of one step were mentioned last.
    for (std::size_t i = names_.size(); i > 0; --i) {
      if (names_[i - 1] == name) return number(i - 1);
    }
    names_.push_back(name);
    number(names_.size() - 1);
  }
  void instant(Instant at) {
    if (at == kNever) return number(0);
    // Wraps around for absurd instants and wraps back in the reader.
    const auto distance = static_cast<std::uint64_t>(to_millis(at)) - static_cast<std::uint64_t>(to_millis(base_));
    const std::uint64_t folded = zigzag(static_cast<std::int64_t>(distance));
    if (folded > UINT64_MAX - 2) {
      number(1);
      return signed_number(to_millis(at));
    }
    number(folded + 2);
  }
  std::string take() const {
    BinaryWriter head(base_);
    head.signed_number(to_millis(base_));
    head.number(names_.size());
    for (const std::string* name : names_) head.text(*name);
    head.body_ += body_;
    return std::move(head.body_);
  }

 private:
  static std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  }

  Instant base_;
  std::string body_;
  std::vector<const std::string*> names_;
};

// --- reading

template <class T>
void write_binary(BinaryWriter& out, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    out.byte(value ? 1 : 0);
  } else if constexpr (std::is_enum_v<T>) {
    out.number(static_cast<std::uint64_t>(value));
  } else if constexpr (std::signed_integral<T>) {
    out.signed_number(value);
  } else if constexpr (std::unsigned_integral<T>) {
    out.number(value);
  } else if constexpr (std::same_as<T, Instant>) {
    out.instant(value);
  } else if constexpr (std::same_as<T, std::string>) {
    out.text(value);
  } else if constexpr (kIsSymbol<T>) {
    out.symbol(&value.str());
  } else if constexpr (kIsUuid<T>) {
    out.byte(value.none() ? 0 : 1);
    if (!value.none()) out.bytes(value.bytes.data(), value.bytes.size());
  } else if constexpr (kIsOptional<T>) {
    out.byte(value ? 1 : 0);
    if (value) write_binary(out, *value);
  } else if constexpr (kIsVector<T>) {
    out.number(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) write_binary<typename T::value_type>(out, value[i]);
  } else {
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) { write_binary(out, value.*d.pointer); });
  }
}

// Never reads beyond the bytes that it was given; after the first failure everything reads as zero.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {
    base_ = from_millis(signed_number());
    const std::size_t names = count();
    names_.reserve(names);
    for (std::size_t i = 0; i < names; ++i) names_.push_back(intern(text()));
  }

  bool failed() const { return failed_; }
  bool finished() const { return !failed_ && at_ == end_; }

  std::uint8_t byte() {
    if (at_ == end_) return fail_with_zero();
    return static_cast<std::uint8_t>(*at_++);
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t part = byte();
      value |= static_cast<std::uint64_t>(part & 0x7fU) << shift;
      if (part < 0x80) return value;
    }
    return fail_with_zero();
  }
  std::int64_t signed_number() { return unzigzag(number()); }
  // Of things that take at least one byte each: so a forged count cannot ask for more memory than there are bytes.
  std::size_t count() {
    const std::uint64_t value = number();
    if (value > static_cast<std::uint64_t>(end_ - at_)) return fail_with_zero();
    return value;
  }
  std::string_view text() {
    const std::size_t size = count();
    const std::string_view value(at_, size);
    at_ += size;
    return value;
  }
  void bytes(std::uint8_t* to, std::size_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) {
      fail_with_zero();
      return;
    }
    std::memcpy(to, at_, size);
    at_ += size;
  }
  const std::string* symbol() {
    const std::uint64_t index = number();
    if (index < names_.size()) return names_[index];
    fail_with_zero();
    return intern({});
  }
  Instant instant() {
    const std::uint64_t value = number();
    if (value == 0) return kNever;
    if (value == 1) return from_millis(signed_number());
    const auto distance = static_cast<std::uint64_t>(unzigzag(value - 2));
    return from_millis(static_cast<std::int64_t>(static_cast<std::uint64_t>(to_millis(base_)) + distance));
  }
  std::uint8_t fail_with_zero() {
    failed_ = true;
    at_ = end_;
    return 0;
  }

 private:
  static std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }

  const char* at_;
  const char* end_;
  bool failed_ = false;
  Instant base_{};
  std::vector<const std::string*> names_;
};

template <class Enum>
Enum read_binary_enum(BinaryReader& in) {
  const std::uint64_t value = in.number();
  bool known = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>(
      [&](auto d) { known = known || value == static_cast<std::uint64_t>(d.value); });
  if (!known) return static_cast<Enum>(in.fail_with_zero());
  return static_cast<Enum>(value);
}

template <class T>
void read_binary(BinaryReader& in, T& to) {
  if constexpr (std::same_as<T, bool>) {
    const std::uint8_t value = in.byte();
    if (value > 1) in.fail_with_zero();
    to = value == 1;
  } else if constexpr (std::is_enum_v<T>) {
    to = read_binary_enum<T>(in);
  } else if constexpr (std::integral<T>) {
    const auto value = [&] {
      if constexpr (std::is_signed_v<T>) {
        return in.signed_number();
      } else {
        return in.number();
      }
    }();
    if (!std::in_range<T>(value)) in.fail_with_zero();
    to = static_cast<T>(value);
  } else if constexpr (std::same_as<T, Instant>) {
    to = in.instant();
  } else if constexpr (std::same_as<T, std::string>) {
    to = std::string(in.text());
  } else if constexpr (kIsSymbol<T>) {
    to = T::of_interned(in.symbol());
  } else if constexpr (kIsUuid<T>) {
    to = {};
    if (in.byte() != 0) in.bytes(to.bytes.data(), to.bytes.size());
  } else if constexpr (kIsOptional<T>) {
    to.reset();
    if (in.byte() != 0) read_binary(in, to.emplace());
  } else if constexpr (kIsVector<T>) {
    using Item = typename T::value_type;
    const std::size_t size = in.count();
    to.clear();
    to.reserve(size);
    for (std::size_t i = 0; i < size && !in.failed(); ++i) {
      Item item{};
      read_binary(in, item);
      to.push_back(std::move(item));
    }
  } else {
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) { read_binary(in, to.*d.pointer); });
  }
}

}  // namespace tingan
