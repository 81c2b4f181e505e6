#include "store/sqlite/tail_check.h"

#include <unordered_map>

#include "codec/record_json.h"
#include "store/sqlite/database.h"

namespace tingan::sqlite {
namespace {

struct Link {
  std::uint64_t seq = 0;
  Hash hash{};
};

// The link before the first record of a unit that we meet stands further back in the log.
Expected<Link> link_before(LogReader& reader, const StoredRecord& record) {
  if (record.seq <= 1) return Link{};
  const auto before = reader.read_unit(record.unit, record.seq - 2, 1);
  if (!before) return tl::unexpected(before.error());
  if (before->empty()) return Link{};
  return Link{before->front().seq, before->front().hash};
}

// In one word, or nullptr where it is sound.
const char* what_is_wrong(const StoredRecord& stored, const Record& record, const Link& before) {
  if (record.unit != stored.unit || record.seq != stored.seq) return "is filed under another unit or number";
  if (stored.seq != before.seq + 1) return "does not follow its unit's last number";
  if (record.prev != before.hash) return "is not linked to the record before it";
  return nullptr;
}

tl::unexpected<Error> bad(std::uint64_t gseq, const char* why, const std::string& where) {
  return tl::unexpected(
      damaged(fmt::format("第 {} 条记录有误（{}）", gseq, why), fmt::format("record {} {}", gseq, why), where));
}

}  // namespace

Expected<void> check_tail(LogReader& reader, std::uint64_t last, std::size_t count, const std::string& where) {
  std::uint64_t expected = last > count ? last - count + 1 : 1;
  const auto records = reader.read_after(expected - 1, count);
  if (!records) return tl::unexpected(records.error());
  std::unordered_map<UnitId, Link> links;
  for (const StoredRecord& stored : *records) {
    if (stored.gseq != expected) return bad(expected, "is missing", where);
    ++expected;
    if (sha256(stored.bytes) != stored.hash) return bad(stored.gseq, "does not match its hash", where);
    const auto record = decode_record(stored.bytes);
    if (!record) {
      if (record.error().code == "log.unknown-event") return tl::unexpected(record.error());
      return bad(stored.gseq, record.error().code.c_str(), where);
    }
    auto link = links.find(stored.unit);
    if (link == links.end()) {
      const auto before = link_before(reader, stored);
      if (!before) return tl::unexpected(before.error());
      link = links.emplace(stored.unit, *before).first;
    }
    if (const char* why = what_is_wrong(stored, *record, link->second)) return bad(stored.gseq, why, where);
    link->second = {stored.seq, stored.hash};
  }
  if (expected != last + 1) return bad(expected, "is missing", where);
  return {};
}

}  // namespace tingan::sqlite
