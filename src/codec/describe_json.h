// Any struct described with Boost.Describe <-> canonical JSON, by one template each way. Keys stand in the order of the
// description. What says nothing is left out: empty texts, symbols, lists and envelopes, false, absent optionals, the
// zero incident id. Numbers, instants and enumerators are always written, so a reader never guesses a default.
#pragma once
#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11.hpp>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "base/time.h"
#include "codec/json_writer.h"
#include "model/ids.h"
#include "model/sealed.h"

namespace tingan {

template <class T>
inline constexpr bool kIsSymbol = false;
template <class Tag>
inline constexpr bool kIsSymbol<Symbol<Tag>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
inline constexpr bool kIsUuid = false;
template <class Tag>
inline constexpr bool kIsUuid<Uuid<Tag>> = true;

template <class T>
inline constexpr bool kIsEvents = false;  // one of several events, with its name and version in front
template <class... E>
inline constexpr bool kIsEvents<std::variant<E...>> = true;

template <class T>
concept Described = boost::describe::has_describe_members<T>::value;
template <class T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_any_access>;

// True where absence has a meaning of its own: the empty value.
template <class T>
inline constexpr bool kMayBeAbsent = std::same_as<T, bool> || std::same_as<T, std::string> || std::same_as<T, Sealed> ||
                                     kIsUuid<T> || kIsSymbol<T> || kIsVector<T> || kIsOptional<T>;

template <class T>
bool says_nothing(const T& value) {
  if constexpr (std::same_as<T, bool>) {
    return !value;
  } else if constexpr (kIsUuid<T>) {
    return value.none();
  } else if constexpr (kIsOptional<T>) {
    return !value.has_value();
  } else if constexpr (kMayBeAbsent<T>) {
    return value.empty();
  } else {
    return false;
  }
}

// --- writing

template <class Enum>
std::string_view enum_name(Enum value) {
  std::string_view name;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto d) {
    if (d.value == value) name = d.name;
  });
  CHECK(!name.empty());
  return name;
}

// `"name":` as one constant, so that a key is one copy.
template <class Descriptor>
struct KeyText {
  static constexpr std::size_t kLength = std::char_traits<char>::length(Descriptor::name);
  static constexpr std::array<char, kLength + 3> kText = [] {
    std::array<char, kLength + 3> text{};
    text[0] = '"';
    for (std::size_t i = 0; i < kLength; ++i) text[i + 1] = Descriptor::name[i];
    text[kLength + 1] = '"';
    text[kLength + 2] = ':';
    return text;
  }();
  static constexpr std::string_view view() { return {kText.data(), kText.size()}; }
};

template <class T>
void write_json(JsonWriter& out, const T& value);

// The members without the braces; each ends with a comma.
template <Described T>
void write_members(JsonWriter& out, const T& value) {
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
    const auto& member = value.*d.pointer;
    if (says_nothing(member)) return;
    out.raw(KeyText<decltype(d)>::view());
    write_json(out, member);
    out.comma();
  });
}

template <class E>
void write_event(JsonWriter& out, const E& event) {
  out.raw("{\"type\":\"");
  out.raw(E::kName);
  out.raw("\",\"v\":");
  out.integer(E::kVersion);
  out.comma();
  write_members(out, event);
  out.close('}');
}

template <class T>
void write_json(JsonWriter& out, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    out.boolean(value);
  } else if constexpr (std::integral<T>) {
    out.integer(value);
  } else if constexpr (std::same_as<T, Instant>) {
    out.integer(to_millis(value));
  } else if constexpr (std::is_enum_v<T>) {
    out.string(enum_name(value));
  } else if constexpr (std::same_as<T, std::string>) {
    out.string(value);
  } else if constexpr (kIsSymbol<T>) {
    out.string(value.str());
  } else if constexpr (kIsUuid<T>) {
    out.uuid(value.bytes);
  } else if constexpr (kIsOptional<T>) {
    write_json(out, *value);
  } else if constexpr (kIsVector<T>) {
    out.open('[');
    for (const auto& item : value) {
      write_json(out, item);
      out.comma();
    }
    out.close(']');
  } else if constexpr (kIsEvents<T>) {
    std::visit([&out](const auto& event) { write_event(out, event); }, value);
  } else {
    out.open('{');
    write_members(out, value);
    out.close('}');
  }
}

// --- reading

// Collects the first thing that is wrong. The path is put together on the way out, so that success costs nothing.
struct JsonProblem {
  std::string code;
  Text message;
  std::string path;

  bool is(std::string problem_code, Text text) {
    code = std::move(problem_code);
    message = std::move(text);
    return false;
  }
  bool malformed(const char* wanted_zh, const char* wanted_en) {
    return is("log.malformed", {fmt::format("此处应为{}", wanted_zh), fmt::format("Expected {} here", wanted_en)});
  }
  bool within(std::string_view key) {
    path = fmt::format(".{}{}", key, path);
    return false;
  }
  bool within(std::size_t index) {
    path = fmt::format("[{}]{}", index, path);
    return false;
  }
};

template <class T>
bool read_json(const boost::json::value& from, T& to, JsonProblem& problem);

template <std::integral T>
bool read_integer(const boost::json::value& from, T& to, JsonProblem& problem) {
  if (const std::int64_t* number = from.if_int64(); number != nullptr && std::in_range<T>(*number)) {
    to = static_cast<T>(*number);
    return true;
  }
  if (const std::uint64_t* number = from.if_uint64(); number != nullptr && std::in_range<T>(*number)) {
    to = static_cast<T>(*number);
    return true;
  }
  return problem.malformed("范围内的整数", "an integer in range");
}

template <class Enum>
bool read_enum(const boost::json::value& from, Enum& to, JsonProblem& problem) {
  const boost::json::string* text = from.if_string();
  bool found = false;
  if (text != nullptr) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto d) {
      if (std::string_view(d.name) == std::string_view(text->data(), text->size())) {
        to = d.value;
        found = true;
      }
    });
  }
  return found || problem.malformed("已知的枚举名", "a known enumerator");
}

using JsonCursor = boost::json::object::const_iterator;

// Reads the members in their order, from `at` on. Absent is the empty value where that has a meaning, else an error.
template <Described T>
bool read_members(const boost::json::object& from, JsonCursor at, T& to, JsonProblem& problem) {
  bool good = true;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
    if (!good) return;
    auto& member = to.*d.pointer;
    using Member = std::remove_cvref_t<decltype(member)>;
    if (at != from.end() && at->key() == d.name) {
      good = read_json(at->value(), member, problem) || problem.within(d.name);
      ++at;
    } else if constexpr (kMayBeAbsent<Member>) {
      member = Member{};
    } else {
      good = from.contains(d.name)
                 ? problem.is("log.not-canonical", {"键的次序不对", "Expected keys in their order, but got another"})
                 : problem.is("log.malformed", {"缺少此项", "Expected this key, but it is missing"});
      good = problem.within(d.name);
    }
  });
  if (good && at != from.end()) {
    good = problem.is("log.not-canonical", {"多出此项，或次序不对", "Expected no such key here"});
    problem.within(std::string_view(at->key().data(), at->key().size()));
  }
  return good;
}

template <class T>
bool read_vector(const boost::json::value& from, std::vector<T>& to, JsonProblem& problem) {
  const boost::json::array* items = from.if_array();
  if (items == nullptr) return problem.malformed("列表", "a list");
  to.clear();
  to.reserve(items->size());
  for (std::size_t i = 0; i < items->size(); ++i) {
    T item{};
    if (!read_json((*items)[i], item, problem)) return problem.within(i);
    to.push_back(std::move(item));
  }
  return true;
}

template <class T>
bool read_text(const boost::json::value& from, T& to, JsonProblem& problem) {
  const boost::json::string* text = from.if_string();
  if (text == nullptr) return problem.malformed("文字", "a string");
  const std::string_view view(text->data(), text->size());
  if constexpr (kIsUuid<T>) {
    const auto id = parse_incident_id(view);
    if (!id) return problem.malformed("编号（UUID）", "an id (UUID)");
    to.bytes = id->bytes;
  } else {
    to = T(view);
  }
  return true;
}

template <class Events>
bool read_events(const boost::json::value& from, Events& to, JsonProblem& problem) {
  const boost::json::object* object = from.if_object();
  auto at = object == nullptr ? JsonCursor() : object->begin();
  if (object == nullptr || object->size() < 2 || at->key() != "type" || !at->value().is_string()) {
    return problem.malformed("以 type 开头的事件", "an event that begins with its type");
  }
  const boost::json::string& name = at->value().get_string();
  ++at;
  int version = 0;
  if (at->key() != "v" || !read_integer(at->value(), version, problem)) {
    return problem.malformed("事件版本 v", "the event's version v");
  }
  ++at;
  bool known = false;
  bool good = false;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, Events>>([&](auto id) {
    using E = typename decltype(id)::type;
    if (known || name != E::kName || version != E::kVersion) return;
    known = true;
    good = read_members(*object, at, to.template emplace<E>(), problem);
  });
  return known ? good : problem.is("log.unknown-event", {"不认识的事件", "Expected a known event, but got another"});
}

template <class T>
bool read_json(const boost::json::value& from, T& to, JsonProblem& problem) {
  if constexpr (std::same_as<T, bool>) {
    const bool* value = from.if_bool();
    if (value == nullptr) return problem.malformed("true 或 false", "true or false");
    to = *value;
    return true;
  } else if constexpr (std::integral<T>) {
    return read_integer(from, to, problem);
  } else if constexpr (std::same_as<T, Instant>) {
    std::int64_t ms = 0;
    if (!read_integer(from, ms, problem)) return false;
    to = from_millis(ms);
    return true;
  } else if constexpr (std::is_enum_v<T>) {
    return read_enum(from, to, problem);
  } else if constexpr (std::same_as<T, std::string> || kIsSymbol<T> || kIsUuid<T>) {
    return read_text(from, to, problem);
  } else if constexpr (kIsOptional<T>) {
    return read_json(from, to.emplace(), problem);
  } else if constexpr (kIsVector<T>) {
    return read_vector(from, to, problem);
  } else if constexpr (kIsEvents<T>) {
    return read_events(from, to, problem);
  } else {
    const boost::json::object* object = from.if_object();
    if (object == nullptr) return problem.malformed("对象", "an object");
    return read_members(*object, object->begin(), to, problem);
  }
}

}  // namespace tingan
