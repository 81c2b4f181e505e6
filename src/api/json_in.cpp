#include "api/json_in.h"

#include <boost/json/basic_parser_impl.hpp>
#include <cmath>

#include "api/json_out.h"
#include "base/encoding.h"

namespace tingan::api {
namespace {

namespace json = boost::json;

// Builds the tree as the parser goes, and refuses a key that stands twice: which one counts would be a guess.
struct Builder {
  // Keys are compared with all before them: a small limit keeps that cheap.
  static constexpr std::size_t max_object_size = 256;
  static constexpr std::size_t max_array_size = 100'000;
  static constexpr std::size_t max_key_size = 1'000;
  static constexpr std::size_t max_string_size = 4 * 1024 * 1024;

  struct Level {
    JsonValue value;
    std::string key;  // of the member that comes next
  };
  std::vector<Level> levels;
  JsonValue root;
  std::string text;
  std::string duplicate;  // JSON pointer

  bool put(JsonValue value) {
    if (levels.empty()) {
      root = std::move(value);
      return true;
    }
    Level& level = levels.back();
    if (auto* array = std::get_if<JsonValue::Array>(&level.value.value)) {
      array->push_back(std::move(value));
    } else {
      std::get<JsonValue::Object>(level.value.value).emplace_back(std::move(level.key), std::move(value));
    }
    return true;
  }
  bool open(JsonValue value) {
    levels.push_back({std::move(value), {}});
    return true;
  }
  bool close() {
    JsonValue value = std::move(levels.back().value);
    levels.pop_back();
    return put(std::move(value));
  }
  std::string pointer() const {
    std::string out;
    for (const Level& level : levels) {
      const auto* array = level.value.as<JsonValue::Array>();
      out = pointer_to(out, array == nullptr ? level.key : std::to_string(array->size()));
    }
    return out;
  }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return open({JsonValue::Object{}}); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_array_begin(json::error_code&) { return open({JsonValue::Array{}}); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    text.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
    text.append(part.data(), part.size());
    const bool known = levels.back().value.find(text) != nullptr;
    levels.back().key = std::move(text);
    text.clear();
    if (!known) return true;
    duplicate = pointer();
    ec = json::error::syntax;
    return false;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    text.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    text.append(part.data(), part.size());
    JsonValue value{std::move(text)};
    text.clear();
    return put(std::move(value));
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) { return put({number}); }
  bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) {
    return put({static_cast<double>(number)});  // beyond int64: nothing of ours counts that far
  }
  bool on_double(double number, json::string_view, json::error_code& ec) {
    if (std::isfinite(number)) return put({number});
    ec = json::error::not_number;  // 1e999: no number that could be written again
    return false;
  }
  bool on_bool(bool truth, json::error_code&) { return put({truth}); }
  bool on_null(json::error_code&) { return put({nullptr}); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

void write(JsonOut& out, const JsonValue& value) {
  std::visit(
      [&out](const auto& v) {
        using V = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<V, std::nullptr_t>) {
          out.null_item();
        } else if constexpr (std::is_same_v<V, double>) {
          std::string digits = fmt::format("{}", v);
          if (digits.find_first_of(".e") == std::string::npos) digits += ".0";  // stays what it was: no integer
          out.raw_item(digits);
        } else if constexpr (std::is_same_v<V, JsonValue::Array>) {
          out.begin_array();
          for (const JsonValue& item : v) write(out, item);
          out.end_array();
        } else if constexpr (std::is_same_v<V, JsonValue::Object>) {
          out.begin_object();
          for (const auto& [key, member] : v) {
            out.name(key);
            write(out, member);
          }
          out.end_object();
        } else {
          out.item(v);
        }
      },
      value.value);
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  const auto* object = as<Object>();
  if (object == nullptr) return nullptr;
  for (const auto& [name, member] : *object) {
    if (name == key) return &member;
  }
  return nullptr;
}

Expected<JsonValue> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  json::basic_parser<Builder> parser(options);
  json::error_code ec;
  const std::size_t taken = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && taken < text.size()) ec = json::error::extra_data;
  Builder& built = parser.handler();
  if (!built.duplicate.empty()) {
    return fail("body.duplicate-field",
                {fmt::format("“{}”写了两次", built.duplicate),
                 fmt::format("Expected every key once, but '{}' stands twice", built.duplicate)},
                built.duplicate);
  }
  if (ec) {
    return fail("body.malformed", {fmt::format("内容不是正确的 JSON（第 {} 字节附近）", taken),
                                   fmt::format("Expected JSON, but it breaks near byte {}: {}", taken, ec.message())});
  }
  return std::move(built.root);
}

std::string write_json(const JsonValue& value) {
  JsonOut out;
  write(out, value);
  return out.take();
}

JsonValue without_hidden_texts(JsonValue value) {
  if (auto* text = std::get_if<std::string>(&value.value)) *text = without_hidden(*text);
  if (auto* items = std::get_if<JsonValue::Array>(&value.value)) {
    for (JsonValue& item : *items) item = without_hidden_texts(std::move(item));
  }
  if (auto* members = std::get_if<JsonValue::Object>(&value.value)) {
    for (auto& [key, member] : *members) member = without_hidden_texts(std::move(member));
  }
  return value;
}

std::string pointer_to(std::string_view parent, std::string_view name) {
  std::string out(parent);
  out += '/';
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace tingan::api
