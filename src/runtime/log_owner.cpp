#include "runtime/log_owner.h"

#include <set>

#include "runtime/node_identity.h"

namespace tingan {
namespace {

// The names of the keys that a record's envelopes stand under, as codec/record_json.h writes them. A quote inside a
// text is escaped, so that no text looks like this.
void names_in(std::string_view bytes, std::set<std::string>& out) {
  constexpr std::string_view kKey = R"({"key":")";
  constexpr std::string_view kBox = R"(","box":")";
  for (auto at = bytes.find(kKey); at != std::string_view::npos; at = bytes.find(kKey, at)) {
    at += kKey.size();
    const auto end = bytes.find('"', at);
    if (end == std::string_view::npos) return;
    if (end != at && bytes.substr(end).starts_with(kBox)) out.emplace(bytes.substr(at, end - at));
  }
}

}  // namespace

Expected<void> check_signer(EventLog& log, const std::string& public_key) {
  const std::uint64_t last = log.last_gseq();
  if (last == 0) return {};
  const auto batches = log.reader().read_batches(last - 1, 1);
  if (!batches) return tl::unexpected(batches.error());
  if (!batches->empty() && signature_valid(public_key, batches->front().signed_heads, batches->front().signature)) {
    return {};
  }
  return fail(
      "identity.other-node",
      {"日志最后一批不是 node.key 签的：log.db 与 node.key 来自两个节点，请从本节点的备份取回不属于它的那个文件",
       "Expected the log's last batch to be signed by node.key, but it is not: log.db and node.key are of two "
       "nodes. Take the one that does not belong from a backup of this node"},
      "node.key");
}

Expected<void> check_keys_reach(EventLog& log, const std::function<Expected<bool>(const std::string&)>& knows,
                                std::size_t records) {
  const std::uint64_t last = log.last_gseq();
  const auto tail = log.reader().read_after(last > records ? last - records : 0, records);
  if (!tail) return tl::unexpected(tail.error());
  std::set<std::string> names;
  for (const StoredRecord& record : *tail) names_in(record.bytes, names);
  for (const std::string& name : names) {
    const auto known = knows(name);
    if (!known) return tl::unexpected(known.error());
    if (*known) continue;
    return fail("seal.keys-older",
                {"密钥库比日志旧，缺少日志里用到的密钥：keys.db 与 log.db 来自不同时刻的备份，请用 tingan restore "
                 "从同一份备份一起恢复",
                 "Expected every key that the log uses, but keys.db is older than log.db: restore both from one backup "
                 "with 'tingan restore'"},
                name);
  }
  return {};
}

}  // namespace tingan
