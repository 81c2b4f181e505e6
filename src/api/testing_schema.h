// For tests only: does a value have the shape that openapi.json declares? The part of JSON Schema that the document
// uses; a keyword beyond it is a fault of the document. A member that is not declared is one, too.
#pragma once
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/ids.h"

namespace tingan::api::testing {

namespace json = boost::json;

class SchemaCheck {
 public:
  explicit SchemaCheck(const json::value& document) : document_(document) {}

  // Empty: it conforms; else the first place that does not, and why.
  std::string check(const json::value& schema, const json::value& value, const std::string& where = "") const {
    return check(schema.as_object(), value, where, true);
  }
  // Follows a reference, where it is one.
  const json::object& resolve(const json::object& schema) const {
    const auto* reference = schema.if_contains("$ref");
    if (reference == nullptr) return schema;
    const auto& target = document_.at_pointer(std::string_view(reference->as_string()).substr(1));
    return resolve(target.as_object());
  }

 private:
  static bool is_type(std::string_view type, const json::value& value) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.is_bool();
    if (type == "string") return value.is_string();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    return type == "number" && value.is_number();
  }
  static std::string check_keywords(const json::object& schema, const std::string& where) {
    static constexpr std::array kKnown = {
        "$ref",          "type",      "properties",    "required",        "items",   "enum",
        "const",         "oneOf",     "allOf",         "description",     "format",  "additionalProperties",
        "pattern",       "minLength", "maxLength",     "minimum",         "maximum", "maxItems",
        "maxProperties", "minItems",  "minProperties", "contentEncoding", "title",   "default"};
    for (const auto& [key, value] : schema) {
      if (std::find(kKnown.begin(), kKnown.end(), std::string_view(key)) == kKnown.end()) {
        return where + ": the checker does not know the keyword " + std::string(key);
      }
    }
    return {};
  }
  static std::string check_string(const json::object& schema, const json::string& text, const std::string& where) {
    const auto* format = schema.if_contains("format");
    const std::string_view name = format == nullptr ? std::string_view() : std::string_view(format->as_string());
    if (name == "date-time" && !parse_rfc3339(text)) return where + ": no RFC 3339 time: " + std::string(text);
    if (name == "uuid" && !parse_incident_id(text)) return where + ": no UUID: " + std::string(text);
    return {};
  }
  static std::string check_type(const json::object& schema, const json::value& value, const std::string& where) {
    const auto* type = schema.if_contains("type");
    bool fits = type == nullptr;
    if (type != nullptr && type->is_string()) fits = is_type(type->as_string(), value);
    if (type != nullptr && type->is_array()) {
      for (const auto& one : type->as_array()) fits = fits || is_type(one.as_string(), value);
    }
    if (!fits) return where + ": expected " + json::serialize(*type) + ", got " + json::serialize(value);
    if (const auto* values = schema.if_contains("enum")) {
      const auto& list = values->as_array();
      if (std::find(list.begin(), list.end(), value) == list.end()) {
        return where + ": not one of " + json::serialize(*values) + ": " + json::serialize(value);
      }
    }
    const auto* constant = schema.if_contains("const");
    if (constant != nullptr && *constant != value) return where + ": expected " + json::serialize(*constant);
    return {};
  }
  std::string check_members(const json::object& schema, const json::object& value, const std::string& where,
                            bool closed) const {
    if (const auto* required = schema.if_contains("required")) {
      for (const auto& name : required->as_array()) {
        if (!value.contains(name.as_string())) return where + ": lacks '" + std::string(name.as_string()) + "'";
      }
    }
    const auto* properties = schema.if_contains("properties");
    const auto* others = schema.if_contains("additionalProperties");
    for (const auto& [key, member] : value) {
      const std::string at = where + "/" + std::string(key);
      const auto* declared = properties == nullptr ? nullptr : properties->as_object().if_contains(key);
      if (declared == nullptr && others != nullptr && others->is_object()) declared = others;
      if (declared == nullptr) {
        const bool open = (others != nullptr && others->is_bool() && others->as_bool()) || properties == nullptr;
        if (closed && !open) return at + ": is not declared";
        continue;
      }
      if (auto wrong = check(declared->as_object(), member, at, true); !wrong.empty()) return wrong;
    }
    return {};
  }
  std::string check_composed(const json::object& schema, const json::value& value, const std::string& where) const {
    if (const auto* all = schema.if_contains("allOf")) {
      for (const auto& one : all->as_array()) {
        if (auto wrong = check(one.as_object(), value, where, false); !wrong.empty()) return wrong;
      }
    }
    const auto* any = schema.if_contains("oneOf");
    if (any == nullptr) return {};
    std::string wrong;
    int fits = 0;
    for (const auto& one : any->as_array()) {
      std::string why = check(one.as_object(), value, where, true);
      if (why.empty()) {
        ++fits;
      } else if (wrong.empty() || why.size() > wrong.size()) {
        wrong = std::move(why);
      }
    }
    if (fits == 1) return {};
    return fits == 0 ? wrong : where + ": more than one of the shapes fits";
  }
  std::string check(const json::object& given, const json::value& value, const std::string& where, bool closed) const {
    const json::object& schema = resolve(given);
    if (auto wrong = check_keywords(schema, where); !wrong.empty()) return wrong;
    if (auto wrong = check_type(schema, value, where); !wrong.empty()) return wrong;
    if (auto wrong = check_composed(schema, value, where); !wrong.empty()) return wrong;
    if (value.is_string()) return check_string(schema, value.as_string(), where);
    if (value.is_object()) return check_members(schema, value.as_object(), where, closed);
    const auto* items = schema.if_contains("items");
    if (value.is_array() && items != nullptr) {
      std::size_t n = 0;
      for (const auto& item : value.as_array()) {
        const std::string at = where + "/" + std::to_string(n++);
        if (auto wrong = check(items->as_object(), item, at, true); !wrong.empty()) return wrong;
      }
    }
    return {};
  }

  const json::value& document_;
};

}  // namespace tingan::api::testing
