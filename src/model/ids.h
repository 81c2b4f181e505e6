// Strong ids of the domain. Vocabulary ids are interned Symbols; incidents and orders are 128-bit numbers (UUID version
// 7).
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/symbol.h"

namespace tingan {

using UnitId = Symbol<struct UnitTag>;
using PersonId = Symbol<struct PersonTag>;
using RoleId = Symbol<struct RoleTag>;
using PlanId = Symbol<struct PlanTag>;  // also the incident type: a plan is written for one type
using FactId = Symbol<struct FactTag>;
using ValueId = Symbol<struct ValueTag>;
using PartId = Symbol<struct PartTag>;  // id of a step, escalation, script, prohibition, chain or gate within its plan
using ClauseId = Symbol<struct ClauseTag>;
using ChannelId = Symbol<struct ChannelTag>;
using FormId = Symbol<struct FormTag>;

using BusinessId = Symbol<struct BusinessTag>;  // a business type of emergency acceptance (forms/)

// UUID version 7 (RFC 9562): sorts by creation time. The zero value means "none".
template <class Tag>
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  bool none() const { return *this == Uuid{}; }
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

using IncidentId = Uuid<struct IncidentTag>;
using OrderId = Uuid<struct OrderTag>;  // a pre-accepted order or a callback; made by whoever takes it

std::string uuid_text(const std::array<std::uint8_t, 16>& bytes);
template <class Tag>
std::string to_string(const Uuid<Tag>& id) {
  return uuid_text(id.bytes);
}
std::optional<IncidentId> parse_incident_id(std::string_view text);
std::optional<OrderId> parse_order_id(std::string_view text);
// `millis` since the epoch and 10 random (or derived) bytes make the id; the same input gives the same id.
IncidentId make_incident_id(std::int64_t millis, std::span<const std::uint8_t, 10> entropy);

// A notice is the n-th of its incident; written "<incident>.<n>".
struct NoticeId {
  IncidentId incident;
  std::uint32_t n = 0;
  friend auto operator<=>(const NoticeId&, const NoticeId&) = default;
};

std::string to_string(const NoticeId& id);
std::optional<NoticeId> parse_notice_id(std::string_view text);

}  // namespace tingan

template <class Tag>
struct std::hash<tingan::Uuid<Tag>> {
  std::size_t operator()(const tingan::Uuid<Tag>& id) const noexcept {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::memcpy(&a, id.bytes.data(), 8);
    std::memcpy(&b, id.bytes.data() + 8, 8);
    return static_cast<std::size_t>(a * 0x9e3779b97f4a7c15ULL ^ b);
  }
};
