#include "runtime/anchor_check.h"

#include <algorithm>
#include <charconv>

#include "codec/record_json.h"

namespace tingan {
namespace {

BadRecord rolled_back(UnitId unit, std::uint64_t seen, std::uint64_t there) {
  return {.fault = Fault::rolled_back,
          .what = {fmt::format("曾见到第 {} 条，现在只有 {} 条：尾部被截去，或换回了旧的副本", seen, there),
                   fmt::format("Expected number {}, which was seen before, but there are {}: the tail was cut, or an "
                               "older copy was put back",
                               seen, there)},
          .unit = unit,
          .seq = there + 1};
}

}  // namespace

Expected<AnchorHead> parse_anchor_head(std::string_view text) {
  constexpr std::size_t kDigitsMin = 16;
  constexpr std::size_t kDigitsMax = 64;
  const auto second = text.rfind(':');
  const auto first = second == std::string_view::npos || second == 0 ? second : text.rfind(':', second - 1);
  if (first != std::string_view::npos && first < second && first > 0) {
    const std::string_view number = text.substr(first + 1, second - first - 1);
    const std::string_view hash = text.substr(second + 1);
    AnchorHead head{UnitId(text.substr(0, first)), 0, std::string(hash)};
    const auto [end, wrong] = std::from_chars(number.data(), number.data() + number.size(), head.seq);
    const bool hex =
        std::all_of(hash.begin(), hash.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    const bool whole = wrong == std::errc{} && end == number.data() + number.size() && head.seq > 0;
    if (whole && hex && hash.size() >= kDigitsMin && hash.size() <= kDigitsMax) return head;
  }
  return fail("anchor.malformed",
              {"应写成 单位:序号:哈希，如 hall-a:128:3f9a...，哈希至少 16 位",
               "Expected UNIT:NUMBER:HASH such as hall-a:128:3f9a..., with at least 16 digits of the hash"},
              std::string(text));
}

AnchorCheck::AnchorCheck(const std::vector<AnchorHead>& anchors) {
  for (const AnchorHead& anchor : anchors) left_.emplace(std::pair(anchor.unit, anchor.seq), anchor.hash);
}

std::optional<BadRecord> AnchorCheck::on_record(UnitId unit, std::uint64_t seq, const Hash& hash) {
  if (left_.empty()) return std::nullopt;
  const auto [from, to] = left_.equal_range({unit, seq});
  for (auto at = from; at != to; ++at) {
    if (!to_hex(hash).starts_with(at->second)) {
      return BadRecord{.fault = Fault::forked,
                       .what = {"此处曾是另一条记录：日志分叉了",
                                "Expected the record that was seen here before, but another stands in its place: the "
                                "log was forked"},
                       .unit = unit,
                       .seq = seq};
    }
    ++checked_;
  }
  left_.erase(from, to);
  return std::nullopt;
}

std::optional<BadRecord> AnchorCheck::at_end(const ChainFollower& chain) const {
  for (const auto& [place, hash] : left_) {
    const auto link = chain.links().find(place.first);
    return rolled_back(place.first, place.second, link == chain.links().end() ? 0 : link->second.seq);
  }
  return std::nullopt;
}

std::optional<BadRecord> AnchorCheck::at_end(const ChainFollower& chain,
                                             const std::vector<ExportManifest::Unit>& exported) const {
  for (const auto& [place, hash] : left_) {
    const UnitId unit = place.first;
    if (std::none_of(exported.begin(), exported.end(), [&](const auto& one) { return one.unit == unit; })) continue;
    const auto link = chain.links().find(unit);
    return rolled_back(unit, place.second, link == chain.links().end() ? 0 : link->second.seq);
  }
  return std::nullopt;
}

}  // namespace tingan
