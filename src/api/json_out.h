// Writes an answer: names, values and the comma bookkeeping over the codec's buffer. No document tree on the way out.
#pragma once
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "codec/json_writer.h"

namespace tingan::api {

// One document, one thread. Calls nest as the JSON does; a missing end is a fault of the caller.
class JsonOut {
 public:
  void begin_object() { writer_.open('{'); }
  void begin_object(std::string_view key) {
    writer_.key(key);
    writer_.open('{');
  }
  void end_object() {
    writer_.close('}');
    writer_.comma();
  }
  void begin_array() { writer_.open('['); }
  void begin_array(std::string_view key) {
    writer_.key(key);
    writer_.open('[');
  }
  void end_array() {
    writer_.close(']');
    writer_.comma();
  }

  void item(std::string_view value) {
    writer_.string(value);
    writer_.comma();
  }
  void item(const char* value) { item(std::string_view(value)); }
  void item(std::same_as<bool> auto value) {
    writer_.boolean(value);
    writer_.comma();
  }
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) void item(Integer value) {
    writer_.integer(value);
    writer_.comma();
  }
  void item(const Text& text) {
    begin_object();
    field("zh", text.zh);
    field("en", text.en);
    end_object();
  }
  void null_item() { writer_.raw("null,"); }
  // Bytes that are JSON already.
  void raw_item(std::string_view json) {
    writer_.raw(json);
    writer_.comma();
  }

  // The name alone; its value must follow.
  void name(std::string_view key) { writer_.key(key); }
  template <class Value>
  void field(std::string_view key, const Value& value) {
    writer_.key(key);
    item(value);
  }
  void field(std::string_view key, std::string_view value) {
    writer_.key(key);
    item(value);
  }
  void null(std::string_view key) {
    writer_.key(key);
    null_item();
  }
  void raw(std::string_view key, std::string_view json) {
    writer_.key(key);
    raw_item(json);
  }
  // Members of an object that are JSON already: `"a":1,"b":2`.
  void raw_members(std::string_view members) { raw_item(members); }
  // The empty text is null: nothing was said.
  void text_or_null(std::string_view key, const Text& text) {
    if (text.empty()) {
      null(key);
    } else {
      field(key, text);
    }
  }
  void string_or_null(std::string_view key, std::string_view value) {
    if (value.empty()) {
      null(key);
    } else {
      field(key, value);
    }
  }
  // RFC 3339 with the zone; null for kNever.
  void time(std::string_view key, Instant at, Zone zone) {
    if (at == kNever) {
      null(key);
    } else {
      field(key, format_rfc3339(at, zone));
    }
  }
  // A list of symbols.
  template <class Ids>
  void ids(std::string_view key, const Ids& list) {
    begin_array(key);
    for (const auto& id : list) item(id.str());
    end_array();
  }

  // The document; the writer is empty afterwards.
  std::string take() {
    std::string_view all = writer_.view();
    if (!all.empty() && all.back() == ',') all.remove_suffix(1);
    std::string out(all);
    writer_.clear();
    return out;
  }

 private:
  JsonWriter writer_;
};

}  // namespace tingan::api
