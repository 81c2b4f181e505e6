// Reads what a client sent, strictly: one JSON document, valid UTF-8, no key twice, bounded in depth.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace tingan::api {

struct JsonValue {
  using Array = std::vector<JsonValue>;
  using Object = std::vector<std::pair<std::string, JsonValue>>;  // in the order written
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> value = nullptr;

  template <class T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
  // The member, or nullptr when this is no object or has none of that name.
  const JsonValue* find(std::string_view key) const;
};

constexpr std::size_t kJsonDepthMax = 16;

// Errors: `body.malformed` (with the byte), `body.duplicate-field` (with the JSON pointer). Never throws.
Expected<JsonValue> parse_json(std::string_view text);

// The document again, without white space.
std::string write_json(const JsonValue& value);

// The same with all its texts without what nobody sees (base/encoding.h, without_hidden).
JsonValue without_hidden_texts(JsonValue value);

// "/facts/scope": `name` as one step of a JSON pointer (RFC 6901).
std::string pointer_to(std::string_view parent, std::string_view name);

}  // namespace tingan::api
