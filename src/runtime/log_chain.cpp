#include "runtime/log_chain.h"

#include "codec/record_json.h"

namespace tingan {
namespace {

BadRecord bad(Fault fault, const Record& record, std::string zh, std::string en) {
  return {.fault = fault, .what = {std::move(zh), std::move(en)}, .unit = record.unit, .seq = record.seq};
}

}  // namespace

ChainFollower::Step ChainFollower::follow(std::string_view bytes, const Hash& hash) {
  Step step;
  // What the bytes say of themselves is believed only once they match their hash.
  if (sha256(bytes) != hash) {
    step.bad = bad(Fault::changed, step.record, "内容与其哈希不符：已被改动",
                   "Expected the bytes to match their hash, but they were changed");
    return step;
  }
  auto decoded = decode_record(bytes);
  if (!decoded) {
    step.bad = bad(Fault::changed, step.record, decoded.error().message.zh, decoded.error().message.en);
    return step;
  }
  step.record = std::move(*decoded);
  const Record& record = step.record;
  Link& link = links_[record.unit];
  if (record.seq > link.seq + 1) {
    step.gap = link.seq + 1;
    step.bad = bad(Fault::missing, record, fmt::format("缺少第 {} 条", link.seq + 1),
                   fmt::format("Expected number {}, but it is missing", link.seq + 1));
    step.bad->seq = link.seq + 1;
  } else if (record.seq <= link.seq) {
    step.bad =
        bad(Fault::added, record, fmt::format("第 {} 条之后又出现第 {} 条：多余的一条", link.seq, record.seq),
            fmt::format("Expected number {}, but number {} comes again: it was added", link.seq + 1, record.seq));
  } else if (record.prev != link.hash) {
    step.bad = bad(Fault::changed, record, "与前一条的链接不符：两条之一已被改动",
                   "Expected a link to the record before, but one of the two was changed");
  } else if (record.time <= HybridTime(link.time)) {
    step.bad = bad(Fault::changed, record, "时间没有晚于前一条", "Expected a later time than the record before");
  }
  if (!step.bad) link = {record.seq, hash, record.time};
  return step;
}

}  // namespace tingan
