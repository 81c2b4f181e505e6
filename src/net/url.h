// URLs and their encodings, by RFC 3986. Pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/http.h"

namespace tingan::net {

// Everything but letters, digits and "-._~" becomes %XX; right for one path segment and for a query name or value.
std::string percent_encode(std::string_view text);
// Error `net.bad-encoding` for a '%' without two hex digits. `plus_is_space` for query strings and forms.
Expected<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

// "a=1&b=%E5%8E%85", without the '?'. Also right for application/x-www-form-urlencoded.
std::string build_query(const Query& query);
// Errors `net.bad-encoding`: bad %XX, NUL, not UTF-8. A name without '=' has an empty value.
Expected<Query> parse_query(std::string_view text);

// What stands in a request line: "/path?query", "http://host/path?query" or "*" (path "*").
struct Target {
  std::string path;
  Query query;
  // Of the absolute form, as a Host field would have it: lower case, without the scheme's own port; else empty.
  std::string authority = {};
};
// A Host field in the same form, to be held against it.
std::string normal_authority(std::string_view authority, bool tls);
// The path is decoded and safe to route on or to look up under a folder: errors `net.bad-target` for what does not
// begin with '/', for "." and ".." segments (encoded or not) and for an encoded '/', '\' or control character;
// `net.bad-encoding` as above.
Expected<Target> parse_target(std::string_view target);

struct Url {
  bool tls = false;          // https
  std::string host;          // without the brackets of an IPv6 address
  std::uint16_t port = 0;    // the scheme's own when the URL names none
  std::string target = "/";  // path and query as they go into a request line, still encoded

  // As the Host header has it: brackets back on, the port only when it is not the scheme's own.
  std::string authority() const;
};
// http and https only, without user information; a fragment is dropped. Error `net.malformed-url`.
Expected<Url> parse_url(std::string_view text);

}  // namespace tingan::net
