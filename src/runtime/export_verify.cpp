// Verifies an export. Every byte of it counts: the frame around each record is compared literally, the record by its
// hash, the hash by the chain, the chain's ends by the signed manifest.
#include <algorithm>
#include <istream>

#include "codec/record_json.h"
#include "runtime/anchor_check.h"
#include "runtime/log_export.h"
#include "runtime/log_verify.h"
#include "runtime/node_identity.h"

namespace tingan {
namespace {

constexpr std::string_view kManifestHead = "{\"manifest\":";
constexpr std::string_view kSignatureHead = ",\"signature\":\"";
constexpr std::string_view kHashHead = "{\"hash\":\"";
constexpr std::string_view kRecordHead = "\",\"record\":";
constexpr std::size_t kHexHash = 64;
constexpr std::size_t kHexSignature = 128;

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

struct Line {
  Hash hash{};
  std::string_view record;
};

std::optional<Line> split(std::string_view text) {
  Line line;
  if (!take_prefix(text, kHashHead) || text.size() < kHexHash) return std::nullopt;
  const auto hash = parse_hash(text.substr(0, kHexHash));
  text.remove_prefix(kHexHash);
  if (!hash || !take_prefix(text, kRecordHead) || !take_suffix(text, "}")) return std::nullopt;
  line.hash = *hash;
  line.record = text;
  return line;
}

class ExportVerifier {
 public:
  ExportVerifier(std::istream& lines, const VerifyOptions& options)
      : lines_(lines), options_(options), anchors_(options.anchors) {}

  VerifyReport run() {
    if (next_line() && read_manifest()) {
      while (!report_.bad && !stopped() && next_line()) check_line();
      if (!report_.bad && !stopped()) check_end();
    } else if (!report_.bad) {
      blame(Fault::truncated, {"没有导出清单", "Expected a signed manifest in the first line, but there is none"});
    }
    if (!report_.bad && !stopped()) report_.bad = anchors_.at_end(chain_, manifest_.units);
    report_.anchors_checked = anchors_.checked();
    report_.units = manifest_.units.size();
    for (const auto& [unit, link] : chain_.links()) report_.heads.push_back({unit, link.seq, to_hex(link.hash)});
    return std::move(report_);
  }

 private:
  bool stopped() const { return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed); }

  void blame(Fault fault, Text what, UnitId unit = {}, std::uint64_t seq = 0) {
    report_.bad = BadRecord{fault, std::move(what), unit, seq, 0, number_};
  }

  // A last line without its end was cut.
  bool next_line() {
    if (report_.bad || !std::getline(lines_, text_)) return false;
    ++number_;
    if (lines_.eof()) {
      blame(Fault::truncated, {"最后一行不完整", "Expected a whole last line, but it is cut"});
      return false;
    }
    return true;
  }

  bool read_manifest() {
    std::string_view text = text_;
    const bool framed = take_prefix(text, kManifestHead) && take_suffix(text, "\"}") && text.size() > kHexSignature;
    const std::string_view hex = framed ? text.substr(text.size() - kHexSignature) : std::string_view();
    if (framed) text.remove_suffix(kHexSignature);
    const auto first = parse_hash(hex.substr(0, framed ? kHexHash : 0));
    const auto second = parse_hash(hex.substr(framed ? kHexHash : 0));
    if (!framed || !first || !second || !take_suffix(text, kSignatureHead)) {
      blame(Fault::changed, {"导出清单的写法不对", "Expected a signed manifest, but its line reads differently"});
      return false;
    }
    std::string signature(kHexSignature / 2, '\0');
    std::copy(second->begin(), second->end(), std::copy(first->begin(), first->end(), signature.begin()));
    auto manifest = decode_manifest(text);
    if (!manifest) {
      blame(Fault::changed, manifest.error().message);
      return false;
    }
    manifest_ = std::move(*manifest);
    report_.signer = manifest_.node;
    if (!options_.public_key.empty() && manifest_.node != options_.public_key) {
      blame(Fault::wrong_signer,
            {"清单由别的节点签署", "Expected the pinned node's manifest, but another node signed it"});
      return false;
    }
    if (!signature_valid(manifest_.node, text, signature)) {
      blame(Fault::bad_signature, {"清单的签名无效", "Expected a valid signature of the manifest, but it is not"});
      return false;
    }
    ++report_.signatures_checked;
    return true;
  }

  void check_line() {
    const auto line = split(text_);
    if (!line) {
      blame(Fault::changed, {"此行的写法不对", "Expected a hash and a record, but the line reads differently"});
      return name_next();
    }
    auto step = chain_.follow(line->record, line->hash);
    if (step.bad) {
      report_.bad = std::move(step.bad);
      report_.bad->line = number_;
      if (report_.bad->unit.empty()) name_next();
      if (step.gap) look_further(step.record.unit, *step.gap);
      return;
    }
    check_place(step.record, line->hash);
    if (!report_.bad) report_.bad = anchors_.on_record(step.record.unit, step.record.seq, line->hash);
    if (report_.bad) {
      report_.bad->line = number_;
    } else {
      ++report_.records;
    }
  }

  // Where a line cannot be read, the record that should have stood there is named.
  void name_next() {
    for (std::size_t i = at_; i < manifest_.units.size(); ++i) {
      const ExportManifest::Unit& unit = manifest_.units[i];
      const auto link = chain_.links().find(unit.unit);
      const std::uint64_t seq = link == chain_.links().end() ? 0 : link->second.seq;
      if (seq == unit.count) continue;
      report_.bad->unit = unit.unit;
      report_.bad->seq = seq + 1;
      return;
    }
  }

  void look_further(UnitId unit, std::uint64_t seq) {
    std::string later;
    while (std::getline(lines_, later)) {
      const auto line = split(later);
      if (!line) continue;
      const auto record = decode_record(line->record);
      if (!record || record->unit != unit || record->seq != seq) continue;
      report_.bad->fault = Fault::reordered;
      report_.bad->what = {fmt::format("第 {} 条不在其位", seq),
                           fmt::format("Expected number {} here, but it stands elsewhere", seq)};
      return;
    }
  }

  // Units come in the manifest's order, each up to its head.
  void check_place(const Record& record, const Hash& hash) {
    while (at_ < manifest_.units.size() && manifest_.units[at_].unit != record.unit) {
      if (!unit_whole()) return;
      ++at_;
    }
    if (at_ == manifest_.units.size() || record.seq > manifest_.units[at_].count) {
      blame(Fault::added, {"清单中没有此条", "Expected only what the manifest lists, but this record was added"},
            record.unit, record.seq);
      return;
    }
    if (record.seq == manifest_.units[at_].count && hash != manifest_.units[at_].head) {
      blame(Fault::changed, {"与清单中的链头不符", "Expected the head that the manifest names, but it was changed"},
            record.unit, record.seq);
    }
  }

  bool unit_whole() {
    const ExportManifest::Unit& unit = manifest_.units[at_];
    const auto link = chain_.links().find(unit.unit);
    const std::uint64_t seq = link == chain_.links().end() ? 0 : link->second.seq;
    if (seq == unit.count) return true;
    blame(Fault::truncated,
          {fmt::format("清单列有 {} 条，只有 {} 条：尾部缺失", unit.count, seq),
           fmt::format("Expected {} records by the manifest, but there are {}: the tail is missing", unit.count, seq)},
          unit.unit, seq + 1);
    return false;
  }

  void check_end() {
    for (; at_ < manifest_.units.size(); ++at_) {
      if (!unit_whole()) return;
    }
  }

  std::istream& lines_;
  const VerifyOptions& options_;
  VerifyReport report_;
  ExportManifest manifest_;
  ChainFollower chain_;
  AnchorCheck anchors_;
  std::string text_;
  std::uint64_t number_ = 0;
  std::size_t at_ = 0;  // the unit whose records come now
};

}  // namespace

VerifyReport verify_export(std::istream& lines, const VerifyOptions& options) {
  return ExportVerifier(lines, options).run();
}

}  // namespace tingan
