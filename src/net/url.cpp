#include "net/url.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <cstddef>
#include <optional>
#include <vector>

namespace tingan::net {
namespace {

constexpr char kHexDigits[] = "0123456789ABCDEF";

bool is_unreserved(unsigned char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Shortest forms only, no surrogates, nothing above U+10FFFF (RFC 3629): two spellings of one name are a way around
// checks.
bool is_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || i + length > text.size()) return false;
    std::uint32_t code = first & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      code = (code << 6) | (next & 0x3Fu);
    }
    if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000)) return false;
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    i += length;
  }
  return true;
}

tl::unexpected<Error> bad_encoding(std::string_view text) {
  return fail("net.bad-encoding", {"URL 编码有误", "Expected percent-encoded UTF-8 without NUL, but it is not"},
              std::string(text.substr(0, 200)));
}

tl::unexpected<Error> bad_target(std::string_view target) {
  return fail("net.bad-target",
              {"请求路径有误", "Expected a plain path, but it has dot segments, encoded separators or no leading '/'"},
              std::string(target.substr(0, 200)));
}

Expected<std::string> decode_utf8(std::string_view text, bool plus_is_space) {
  Expected<std::string> decoded = percent_decode(text, plus_is_space);
  if (!decoded) return decoded;
  if (decoded->find('\0') != std::string::npos || !is_utf8(*decoded)) return bad_encoding(text);
  return decoded;
}

// Segment by segment: an encoded '/' would otherwise turn one segment into two after the checks.
Expected<std::string> decode_path(std::string_view raw) {
  if (raw.empty() || raw.front() != '/') return bad_target(raw);
  std::string path;
  path.reserve(raw.size());
  std::size_t start = 1;
  while (true) {
    const std::size_t end = std::min(raw.find('/', start), raw.size());
    Expected<std::string> segment = decode_utf8(raw.substr(start, end - start), false);
    if (!segment) return segment;
    if (*segment == "." || *segment == "..") return bad_target(raw);
    for (const char c : *segment)
      if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return bad_target(raw);
    path += '/';
    path += *segment;
    if (end == raw.size()) return path;
    start = end + 1;
  }
}

}  // namespace

std::string percent_encode(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(byte)) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kHexDigits[byte >> 4];
      encoded += kHexDigits[byte & 15];
    }
  }
  return encoded;
}

Expected<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) return bad_encoding(text);
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

std::string build_query(const Query& query) {
  std::string text;
  for (const auto& [name, value] : query) {
    if (!text.empty()) text += '&';
    text += percent_encode(name) + '=' + percent_encode(value);
  }
  return text;
}

Expected<Query> parse_query(std::string_view text) {
  Query query;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('&', start), text.size());
    const std::string_view pair = text.substr(start, end - start);
    start = end + 1;
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    Expected<std::string> name = decode_utf8(pair.substr(0, equals), true);
    if (!name) return tl::unexpected(name.error());
    Expected<std::string> value = decode_utf8(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!value) return tl::unexpected(value.error());
    query.emplace_back(std::move(*name), std::move(*value));
  }
  return query;
}

Expected<Target> parse_target(std::string_view target) {
  if (target == "*") return Target{"*", {}};
  std::string authority;
  std::string with_path;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t end = std::min(target.find_first_of("/?#", scheme.size()), target.size());
    const std::string_view host = target.substr(scheme.size(), end - scheme.size());
    // User information has been a way to show one host and mean another.
    if (host.empty() || host.find('@') != std::string_view::npos) return bad_target(target);
    authority = normal_authority(host, scheme == "https://");
    with_path = target.substr(end);
    if (!with_path.starts_with('/')) with_path.insert(0, 1, '/');  // RFC 9112, 3.2.1: an empty path is "/"
    target = with_path;
    break;
  }
  target = target.substr(0, target.find('#'));
  const std::size_t mark = std::min(target.find('?'), target.size());
  Expected<std::string> path = decode_path(target.substr(0, mark));
  if (!path) return tl::unexpected(path.error());
  Expected<Query> query = parse_query(target.substr(std::min(mark + 1, target.size())));
  if (!query) return tl::unexpected(query.error());
  return Target{std::move(*path), std::move(*query), std::move(authority)};
}

std::string normal_authority(std::string_view authority, bool tls) {
  std::string out(authority);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::string_view own_port = tls ? ":443" : ":80";
  if (out.ends_with(own_port)) out.erase(out.size() - own_port.size());
  return out;
}

std::string Url::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : '[' + host + ']';
  if (port != (tls ? 443 : 80)) text += ':' + std::to_string(port);
  return text;
}

Expected<Url> parse_url(std::string_view text) {
  const auto malformed = [&](const char* zh, const char* en) {
    return fail("net.malformed-url", {zh, en}, std::string(text.substr(0, 200)));
  };
  const boost::urls::result<boost::urls::url_view> parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed) return malformed("网址格式有误", "Expected an absolute URL, but it cannot be read");
  const boost::urls::url_view& view = *parsed;
  Url url;
  if (view.scheme_id() == boost::urls::scheme::https) {
    url.tls = true;
  } else if (view.scheme_id() != boost::urls::scheme::http) {
    return malformed("网址须以 http 或 https 开头", "Expected http or https, but it is another scheme");
  }
  if (view.has_userinfo()) return malformed("网址中不能带用户名", "Expected no user information, but there is some");
  const std::string host = view.host_address();
  url.host = host;
  if (url.host.empty()) return malformed("网址缺少主机名", "Expected a host, but there is none");
  if (view.has_port() && !view.port().empty()) {
    // Boost takes a port of any length and leaves the range to us.
    const std::string digits = view.port();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || url.port == 0)
      return malformed("网址的端口有误", "Expected a port from 1 to 65535, but it is not");
  } else {
    url.port = url.tls ? 443 : 80;
  }
  const auto resource = view.encoded_target();
  url.target.assign(resource.data(), resource.size());
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  return url;
}

}  // namespace tingan::net
