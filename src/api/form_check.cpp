#include "api/form_check.h"

#include "api/object_reader.h"

namespace tingan::api {
namespace {

tl::unexpected<Error> invalid(const std::string& where, Text why) {
  return fail(
      "form.invalid",
      {fmt::format("“{}”：{}", where, why.zh), fmt::format("Expected '{}' to fit the form, but {}", where, why.en)},
      where);
}

std::string_view word(const JsonValue& schema, std::string_view key) {
  const JsonValue* found = schema.find(key);
  const auto* text = found == nullptr ? nullptr : found->as<std::string>();
  return text == nullptr ? std::string_view{} : std::string_view(*text);
}

std::optional<double> number(const JsonValue& value) {
  if (const auto* whole = value.as<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* real = value.as<double>()) return *real;
  return std::nullopt;
}

std::optional<double> bound(const JsonValue& schema, std::string_view key) {
  const JsonValue* found = schema.find(key);
  return found == nullptr ? std::nullopt : number(*found);
}

bool has_type(std::string_view type, const JsonValue& value) {
  if (type == "string") return value.as<std::string>() != nullptr;
  if (type == "boolean") return value.as<bool>() != nullptr;
  if (type == "integer") return value.as<std::int64_t>() != nullptr;
  if (type == "number") return number(value).has_value();
  if (type == "array") return value.as<JsonValue::Array>() != nullptr;
  if (type == "object") return value.as<JsonValue::Object>() != nullptr;
  return type.empty();
}

bool same(const JsonValue& a, const JsonValue& b) { return write_json(a) == write_json(b); }

bool is_listed(const JsonValue& schema, const JsonValue& value) {
  if (const JsonValue* fixed = schema.find("const")) return same(*fixed, value);
  if (const JsonValue* list = schema.find("enum")) {
    const auto* items = list->as<JsonValue::Array>();
    return items != nullptr &&
           std::any_of(items->begin(), items->end(), [&](const JsonValue& item) { return same(item, value); });
  }
  const JsonValue* choices = schema.find("oneOf");
  const auto* items = choices == nullptr ? nullptr : choices->as<JsonValue::Array>();
  if (items == nullptr) return true;
  return std::any_of(items->begin(), items->end(), [&](const JsonValue& item) {
    const JsonValue* fixed = item.find("const");
    return fixed != nullptr && same(*fixed, value);
  });
}

Expected<void> check_scalar(const JsonValue& schema, const JsonValue& value, const std::string& where) {
  if (const auto* text = value.as<std::string>()) {
    const auto length = static_cast<double>(count_characters(*text));
    if (length < bound(schema, "minLength").value_or(0)) return invalid(where, {"太短", "it is too short"});
    if (length > bound(schema, "maxLength").value_or(kNoteCharactersMax))
      return invalid(where, {"太长", "it is too long"});
    if (word(schema, "format") == "date-time" && !parse_rfc3339(*text)) {
      return invalid(where, {"时间写法不对", "it is no time"});
    }
    if (word(schema, "format") == "date" && !parse_rfc3339(*text + "T00:00:00Z")) {
      return invalid(where, {"日期写法不对", "it is no date"});
    }
  }
  if (const auto count = number(value)) {
    if (*count < bound(schema, "minimum").value_or(*count)) return invalid(where, {"太小", "it is too small"});
    if (*count > bound(schema, "maximum").value_or(*count)) return invalid(where, {"太大", "it is too large"});
  }
  return {};
}

Expected<void> check_array(const JsonValue& schema, const JsonValue::Array& items, const std::string& where) {
  const auto count = static_cast<double>(items.size());
  if (count < bound(schema, "minItems").value_or(0)) return invalid(where, {"项数太少", "it has too few entries"});
  if (count > bound(schema, "maxItems").value_or(count)) return invalid(where, {"项数太多", "it has too many entries"});
  const JsonValue* each = schema.find("items");
  if (each == nullptr) return {};
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (auto fits = check_form(*each, items[i], pointer_to(where, std::to_string(i))); !fits) return fits;
  }
  return {};
}

Expected<void> check_object(const JsonValue& schema, const JsonValue& value, const std::string& where) {
  const JsonValue* required = schema.find("required");
  const auto* names = required == nullptr ? nullptr : required->as<JsonValue::Array>();
  for (const JsonValue& name : names == nullptr ? JsonValue::Array{} : *names) {
    const auto* key = name.as<std::string>();
    if (key != nullptr && value.find(*key) == nullptr) {
      return invalid(pointer_to(where, *key), {"还没有填", "it is missing"});
    }
  }
  const JsonValue* properties = schema.find("properties");
  const JsonValue* others = schema.find("additionalProperties");
  const bool closed = others != nullptr && others->as<bool>() != nullptr && !*others->as<bool>();
  for (const auto& [key, member] : *value.as<JsonValue::Object>()) {
    const JsonValue* field = properties == nullptr ? nullptr : properties->find(key);
    if (field == nullptr) {
      if (closed) return invalid(pointer_to(where, key), {"表上没有这一项", "the form has no such field"});
      continue;
    }
    if (auto fits = check_form(*field, member, pointer_to(where, key)); !fits) return fits;
  }
  return {};
}

}  // namespace

Expected<void> check_form(const JsonValue& schema, const JsonValue& value, const std::string& where) {
  if (!has_type(word(schema, "type"), value)) return invalid(where, {"类型不对", "it is of another type"});
  if (!is_listed(schema, value)) return invalid(where, {"不在可选项里", "it is none of the choices"});
  if (const auto* items = value.as<JsonValue::Array>()) return check_array(schema, *items, where);
  if (value.as<JsonValue::Object>() != nullptr) return check_object(schema, value, where);
  return check_scalar(schema, value, where);
}

}  // namespace tingan::api
