#include "api/object_reader.h"

#include "base/encoding.h"
#include "base/suggest.h"

namespace tingan::api {
namespace {

bool has_control(std::string_view text, bool lines_allowed) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (lines_allowed && (c == '\n' || c == '\r' || c == '\t')) return false;
    return byte < 0x20 || byte == 0x7f;
  });
}

}  // namespace

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

ObjectReader::ObjectReader(const JsonValue& value, std::string where) : value_(&value), where_(std::move(where)) {
  if (value.as<JsonValue::Object>() == nullptr) {
    error_ = Error{
        "body.not-object", {"这里应当是一个 JSON 对象", "Expected a JSON object, but it is something else"}, where_};
  }
}

const JsonValue* ObjectReader::take(std::string_view key) {
  asked_.emplace_back(key);
  const JsonValue* found = value_->find(key);
  return found == nullptr || found->as<std::nullptr_t>() != nullptr ? nullptr : found;
}

void ObjectReader::fail_at(std::string_view key, std::string code, Text message) {
  if (!error_) error_ = Error{std::move(code), std::move(message), pointer(key)};
}

void ObjectReader::wrong_type(std::string_view key, Text wanted) {
  fail_at(key, "body.wrong-type",
          {fmt::format("“{}”应当是{}", key, wanted.zh),
           fmt::format("Expected '{}' to be {}, but it is something else", key, wanted.en)});
}

void ObjectReader::require(std::string_view key) {
  const JsonValue* found = value_->find(key);
  if (found != nullptr && found->as<std::nullptr_t>() == nullptr) return;
  fail_at(key, "body.missing-field",
          {fmt::format("缺少“{}”", key), fmt::format("Expected the field '{}', but it is missing", key)});
}

const std::string* ObjectReader::string_of(std::string_view key) {
  const JsonValue* found = take(key);
  if (found == nullptr) return nullptr;
  const auto* text = found->as<std::string>();
  if (text == nullptr) wrong_type(key, {"文字", "a string"});
  return text;
}

std::string ObjectReader::name(std::string_view key) {
  require(key);
  return optional_name(key).value_or("");
}

std::optional<std::string> ObjectReader::optional_name(std::string_view key) {
  const std::string* said = string_of(key);
  if (said == nullptr) return std::nullopt;
  std::string text = without_hidden(*said);
  if (text.empty() || text.size() > kNameBytesMax || has_control(text, false)) {
    fail_at(key, "body.malformed-name",
            {fmt::format("“{}”应为 1 到 {} 字节，不含控制字符", key, kNameBytesMax),
             fmt::format("Expected '{}' to have 1 to {} bytes and no control characters", key, kNameBytesMax)});
  }
  return text;
}

std::optional<std::string> ObjectReader::token(std::string_view key) {
  constexpr std::size_t kTokenMax = 64;
  auto text = optional_name(key);
  const auto fits = [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-_.:@/+").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (text && (text->size() > kTokenMax || !std::all_of(text->begin(), text->end(), fits))) {
    fail_at(key, "body.malformed-name",
            {fmt::format("“{}”只用字母、数字和 - _ . : @ / +，最多 {} 个", key, kTokenMax),
             fmt::format("Expected '{}' to have at most {} letters, digits and - _ . : @ / +", key, kTokenMax)});
  }
  return text;
}

std::string ObjectReader::text(std::string_view key, std::size_t characters_max) {
  const std::string* said = string_of(key);
  if (said == nullptr) return {};
  std::string text = without_hidden(*said);
  if (has_control(text, true)) {
    fail_at(key, "body.control-character",
            {fmt::format("“{}”里有看不见的控制字符", key),
             fmt::format("Expected '{}' without control characters, but it has some", key)});
  }
  if (count_characters(text) > characters_max) {
    fail_at(key, "body.text-too-long",
            {fmt::format("“{}”太长，最多 {} 字", key, characters_max),
             fmt::format("Expected '{}' to have at most {} characters, but it is longer", key, characters_max)});
  }
  return text;
}

std::string ObjectReader::raw(std::string_view key, std::size_t bytes_max) {
  const std::string* text = string_of(key);
  if (text == nullptr) return {};
  if (text->size() > bytes_max) {
    fail_at(key, "body.text-too-long",
            {fmt::format("“{}”太长，最多 {} 字节", key, bytes_max),
             fmt::format("Expected '{}' to have at most {} bytes, but it is longer", key, bytes_max)});
  }
  return *text;
}

std::string ObjectReader::document(std::string_view key, std::size_t bytes_max) {
  std::string text = raw(key, bytes_max);
  std::size_t line = 1;
  for (std::size_t from = text.starts_with("\xef\xbb\xbf") ? 3 : 0; from < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (has_hidden(std::string_view(text).substr(from, end - from))) {
      fail_at(key, "body.control-character",
              {fmt::format("“{}”第 {} 行里有看不见的字符或改变文字方向的字符", key, line),
               fmt::format("Expected '{}' without hidden characters and controls of direction, but line {} has some",
                           key, line)});
      break;
    }
    from = end + 1;
  }
  return text;
}

std::optional<bool> ObjectReader::boolean(std::string_view key) {
  const JsonValue* found = take(key);
  if (found == nullptr) return std::nullopt;
  const bool* truth = found->as<bool>();
  if (truth == nullptr) {
    wrong_type(key, {"true 或 false", "true or false"});
    return std::nullopt;
  }
  return *truth;
}

std::optional<int> ObjectReader::integer(std::string_view key, int least, int most) {
  const JsonValue* found = take(key);
  if (found == nullptr) return std::nullopt;
  const std::int64_t* number = found->as<std::int64_t>();
  if (number == nullptr) {
    wrong_type(key, {"一个整数", "an integer"});
    return std::nullopt;
  }
  if (*number < least || *number > most) {
    fail_at(key, "body.out-of-range",
            {fmt::format("“{}”应在 {} 到 {} 之间", key, least, most),
             fmt::format("Expected '{}' to be {} to {}, but got {}", key, least, most, *number)});
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

std::optional<Instant> ObjectReader::time(std::string_view key) {
  const std::string* text = string_of(key);
  if (text == nullptr) return std::nullopt;
  const auto at = parse_rfc3339(*text);
  if (!at) {
    fail_at(key, at.error().code, at.error().message);
    return std::nullopt;
  }
  return *at;
}

std::vector<std::pair<std::string, std::string>> ObjectReader::settings(std::string_view key) {
  std::vector<std::pair<std::string, std::string>> out;
  const JsonValue* found = object(key);
  if (found == nullptr) return out;
  for (const auto& [name, value] : *found->as<JsonValue::Object>()) {
    if (const bool* truth = value.as<bool>()) {
      out.emplace_back(name, *truth ? "true" : "false");
    } else if (const auto* word = value.as<std::string>()) {
      out.emplace_back(name, *word);
    } else if (!error_) {
      error_ = Error{"body.wrong-type",
                     {fmt::format("“{}”的值应当是文字或 true/false", name),
                      fmt::format("Expected the value of '{}' to be a string or a boolean", name)},
                     pointer_to(pointer(key), name)};
    }
  }
  return out;
}

const JsonValue* ObjectReader::object(std::string_view key) {
  const JsonValue* found = take(key);
  if (found == nullptr || found->as<JsonValue::Object>() != nullptr) return found;
  wrong_type(key, {"一个对象", "an object"});
  return nullptr;
}

const JsonValue::Array* ObjectReader::array(std::string_view key) {
  const JsonValue* found = take(key);
  if (found == nullptr) return nullptr;
  const auto* array = found->as<JsonValue::Array>();
  if (array == nullptr) wrong_type(key, {"一个列表", "a list"});
  return array;
}

Expected<void> ObjectReader::finish() {
  const auto* members = value_->as<JsonValue::Object>();
  if (!error_ && !others_ && members != nullptr) {
    for (const auto& [key, member] : *members) {
      if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
      const std::string near = closest_word(key, asked_);
      fail_at(key, "body.unknown-field",
              {fmt::format("不认识“{}”{}", key, near.empty() ? "" : "，是不是“" + near + "”？"),
               fmt::format("Expected only known fields, but got '{}'{}", key,
                           near.empty() ? "" : "; did you mean '" + near + "'?")});
      break;
    }
  }
  if (error_) return tl::unexpected(*error_);
  return {};
}

}  // namespace tingan::api
