// HTTP messages as plain values, shared by the server and the client. Nothing here does I/O.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace tingan::net {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };

// "GET"; lives as long as the process.
std::string_view to_string(Method method);
// Exact and case-sensitive, as RFC 9110 has it; nothing for every other method.
std::optional<Method> parse_method(std::string_view name);

// "Not Found"; empty for a status without a registered phrase.
std::string_view status_phrase(int status);

// ASCII letters alone are folded, as field names are compared.
bool equals_ignoring_case(std::string_view a, std::string_view b);

// Header fields in the order they came. One buffer holds all of them, so that a request costs two allocations and not
// two a field. Views are good until the next add() and as long as the object.
class Headers {
 public:
  void add(std::string_view name, std::string_view value);
  // The first field of that name, in any case.
  std::optional<std::string_view> find(std::string_view name) const;
  // The first field of that name, or empty.
  std::string_view get(std::string_view name) const { return find(name).value_or(std::string_view{}); }
  std::size_t count(std::string_view name) const;
  std::size_t size() const { return fields_.size(); }
  // (name, value) of the i-th field.
  std::pair<std::string_view, std::string_view> at(std::size_t i) const;

 private:
  struct Field {
    std::uint32_t start;
    std::uint32_t name_length;
    std::uint32_t value_length;
  };
  std::string text_;
  std::vector<Field> fields_;
};

using Query = std::vector<std::pair<std::string, std::string>>;

// Where a large body goes piece by piece, in place of Request::body. Called on an I/O thread, so it must be quick.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // An error refuses the request with 503; what came so far is dropped with the sink.
  virtual Expected<void> write(std::string_view piece) = 0;
};

struct Request {
  Method method = Method::kGet;
  std::string target_path;  // percent-decoded, begins with '/', valid UTF-8, no control characters, no dot segments
  Query query;              // decoded, in order, '+' is a space
  Headers headers;
  std::string body;
  std::shared_ptr<BodySink> sink;          // has the body, which is then empty above
  std::shared_ptr<const void> body_lease;  // gives the body's share of the server's budget back
  std::string peer;                        // the other end's IP address, without port
  bool secure = false;                     // came over TLS

  // The first value of that name in the query.
  std::optional<std::string_view> query_value(std::string_view name) const;
};

struct Response {
  int status = 200;
  // Beside Content-Type, Content-Length and Connection, which the server writes itself. Line breaks in a value become
  // spaces: no value can add a header.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type;  // none when empty
  std::string body;
  // Sent instead of `body` when set: one copy for many answers (static files).
  std::shared_ptr<const std::string> shared_body;

  std::string_view payload() const { return shared_body ? std::string_view(*shared_body) : std::string_view(body); }
};

}  // namespace tingan::net
