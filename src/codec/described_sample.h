// For tests: fills any described struct, so that a new event or member is covered without a line being written.
// A Source says what numbers, texts and lengths are; see PlainSource here and RandomSource in record_json_test.cpp.
#pragma once
#include <boost/mp11.hpp>
#include <string>
#include <string_view>

#include "codec/describe_json.h"
#include "model/record.h"

namespace tingan {

template <class Source, class T>
void fill(Source& source, std::string_view name, T& value) {
  if constexpr (std::same_as<T, bool>) {
    value = source.flag();
  } else if constexpr (std::integral<T>) {
    value = source.template integer<T>();
  } else if constexpr (std::same_as<T, Instant>) {
    value = source.instant();
  } else if constexpr (std::is_enum_v<T>) {
    using Values = boost::describe::describe_enumerators<T>;
    std::size_t left = source.below(boost::mp11::mp_size<Values>::value);
    boost::mp11::mp_for_each<Values>([&](auto d) {
      if (left-- == 0) value = d.value;
    });
  } else if constexpr (std::same_as<T, std::string>) {
    value = source.text(name);
  } else if constexpr (kIsSymbol<T>) {
    value = T(source.symbol(name));
  } else if constexpr (std::same_as<T, Sealed>) {
    if (source.flag()) value = {"incident:" + source.symbol(name), source.symbol("box")};
  } else if constexpr (kIsUuid<T>) {
    for (auto& byte : value.bytes) byte = static_cast<std::uint8_t>(source.below(256));
  } else if constexpr (kIsOptional<T>) {
    if (source.flag()) fill(source, name, value.emplace());
  } else if constexpr (kIsVector<T>) {
    for (std::size_t n = source.length(); n > 0; --n) {
      typename T::value_type item{};
      fill(source, name, item);
      value.push_back(std::move(item));
    }
  } else if constexpr (kIsEvents<T>) {
    std::size_t left = source.below(std::variant_size_v<T>);
    boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, T>>([&](auto id) {
      if (left-- == 0) fill(source, name, value.template emplace<typename decltype(id)::type>());
    });
  } else {
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) { fill(source, d.name, value.*d.pointer); });
  }
}

// The same values every time, all of them present: for golden files.
class PlainSource {
 public:
  bool flag() { return true; }
  template <class Integer>
  Integer integer() {
    return static_cast<Integer>(below(100) + 1);
  }
  Instant instant() { return from_millis(1795226400000 + 1000 * static_cast<std::int64_t>(below(3600))); }
  std::size_t below(std::size_t limit) { return (count_ += 7) % limit; }
  std::size_t length() { return 2; }
  std::string symbol(std::string_view name) { return fmt::format("{}-{}", name, below(10)); }
  std::string text(std::string_view name) { return fmt::format("{} \"一\"\n", name); }

 private:
  std::size_t count_ = 0;
};

template <class F>
void for_each_event_type(F&& f) {
  const auto each = [&](auto id) {
    using Family = typename decltype(id)::type;
    boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, Family>>(
        [&](auto event) { f(std::type_identity<Family>{}, event); });
  };
  each(std::type_identity<IncidentEvent>{});
  each(std::type_identity<UnitEvent>{});
  each(std::type_identity<AcceptanceEvent>{});
}

template <class Source>
Record record_around(Source& source, AnyEvent event) {
  Record record;
  fill(source, "unit", record.unit);
  record.seq = source.template integer<std::uint32_t>();
  record.time = {source.instant(), source.template integer<std::uint32_t>()};
  for (auto& byte : record.prev) byte = static_cast<std::uint8_t>(source.below(256));
  fill(source, "by", record.by);
  if (std::holds_alternative<IncidentEvent>(event)) fill(source, "incident", record.incident);
  record.events.push_back(std::move(event));
  return record;
}

}  // namespace tingan
