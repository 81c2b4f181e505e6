// Takes a JSON object apart, field by field, and keeps the first thing that was wrong: a handler reads all it wants and
// asks once. What was not asked for is an error too.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json_in.h"
#include "base/error.h"
#include "base/time.h"

namespace tingan::api {

// Longest text that a person writes into one field.
constexpr std::size_t kNoteCharactersMax = 4000;
constexpr std::size_t kNameBytesMax = 200;

class ObjectReader {
 public:
  // `where`: JSON pointer of this object; empty for the whole body.
  explicit ObjectReader(const JsonValue& value, std::string where = {});

  // Ids and other short names: 1 to 200 bytes, no control characters. Here and in text(): without what nobody sees and
  // what turns a line around (without_hidden), which comes along when something is pasted.
  std::string name(std::string_view key);
  std::optional<std::string> optional_name(std::string_view key);
  // A name that a machine or a list gives, never a person's words: letters, digits and - _ . : @ / +, up to 64 of them.
  std::optional<std::string> token(std::string_view key);
  // What people write: no control characters but line breaks and tabs; empty when absent or null.
  std::string text(std::string_view key, std::size_t characters_max = kNoteCharactersMax);
  // Any string within the size limit; for passwords.
  std::string raw(std::string_view key, std::size_t bytes_max);
  // A file that people read and edit: it is kept byte for byte, so what nobody would see in it is refused.
  std::string document(std::string_view key, std::size_t bytes_max);
  std::optional<bool> boolean(std::string_view key);
  std::optional<int> integer(std::string_view key, int least, int most);
  std::optional<Instant> time(std::string_view key);
  // A flat object of words and truths: {"scope": "single", "restored": true}.
  std::vector<std::pair<std::string, std::string>> settings(std::string_view key);
  // A member that the caller takes apart; nullptr when absent. `object`: it must be one.
  const JsonValue* object(std::string_view key);
  const JsonValue::Array* array(std::string_view key);
  // Whatever it is; nullptr when absent.
  const JsonValue* any(std::string_view key) { return take(key); }

  void require(std::string_view key);
  void fail_at(std::string_view key, std::string code, Text message);
  // The complaint of a reader of one of the members.
  void adopt(const Error& error) {
    if (!error_) error_ = error;
  }
  // Keys that nobody asks for are passed over (formats that others define).
  void allow_others() { others_ = true; }
  // The first error, in the order asked; unknown keys come last.
  Expected<void> finish();
  std::string pointer(std::string_view key) const { return pointer_to(where_, key); }

 private:
  const JsonValue* take(std::string_view key);
  const std::string* string_of(std::string_view key);
  void wrong_type(std::string_view key, Text wanted);

  const JsonValue* value_ = nullptr;
  std::string where_;
  std::vector<std::string> asked_;
  std::optional<Error> error_;
  bool others_ = false;
};

// Parses a request body (nothing counts as {}) and hands the reader to `read`, which fills it; the reader's complaint
// wins.
template <class Body, class Read>
Expected<Body> read_body(std::string_view text, const Read& read) {
  const auto json = parse_json(text.empty() ? std::string_view("{}") : text);
  if (!json) return tl::unexpected(json.error());
  ObjectReader reader(*json);
  Body body;
  read(reader, body);
  if (auto finished = reader.finish(); !finished) return tl::unexpected(finished.error());
  return body;
}

// Characters, not bytes; the text is valid UTF-8.
std::size_t count_characters(std::string_view text);

}  // namespace tingan::api
