#include "model/ids.h"

#include <fmt/format.h>

#include <charconv>

namespace tingan {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool dash_before(std::size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

template <class Id>
std::optional<Id> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Id id;
  std::size_t pos = 0;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (dash_before(i) && text[pos++] != '-') return std::nullopt;
    const int high = hex_value(text[pos]);
    const int low = hex_value(text[pos + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    pos += 2;
  }
  return id;
}

}  // namespace

std::string uuid_text(const std::array<std::uint8_t, 16>& bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (dash_before(i)) out.push_back('-');
    out.push_back(kHex[bytes[i] >> 4]);
    out.push_back(kHex[bytes[i] & 15]);
  }
  return out;
}

std::optional<IncidentId> parse_incident_id(std::string_view text) { return parse_uuid<IncidentId>(text); }
std::optional<OrderId> parse_order_id(std::string_view text) { return parse_uuid<OrderId>(text); }

IncidentId make_incident_id(std::int64_t millis, std::span<const std::uint8_t, 10> entropy) {
  IncidentId id;
  for (int i = 0; i < 6; ++i) id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  std::copy(entropy.begin(), entropy.end(), id.bytes.begin() + 6);
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | (id.bytes[6] & 0x0f));
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));
  return id;
}

std::string to_string(const NoticeId& id) { return fmt::format("{}.{}", to_string(id.incident), id.n); }

std::optional<NoticeId> parse_notice_id(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto incident = parse_incident_id(text.substr(0, dot));
  std::uint32_t n = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + dot + 1, end, n);
  if (!incident || error != std::errc{} || stop != end) return std::nullopt;
  return NoticeId{*incident, n};
}

}  // namespace tingan
