#include "runtime/log_export.h"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "codec/describe_json.h"
#include "codec/record_json.h"
#include "runtime/node_identity.h"

namespace tingan {
namespace {

namespace json = boost::json;

constexpr std::size_t kRecordsAtOnce = 512;

tl::unexpected<Error> malformed(std::string_view why) {
  return fail("log.malformed",
              {fmt::format("导出清单不完整：{}", why), fmt::format("Expected a manifest, but {}", why)});
}

std::string hex_of(std::string_view bytes) {
  JsonWriter out;
  out.hex(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return std::string(out.view());  // with its quotes
}

// The named member, or null, which every reader below refuses.
const json::value& member(const json::value& of, const char* name) {
  static const json::value none;
  const json::object* object = of.if_object();
  const json::value* found = object == nullptr ? nullptr : object->if_contains(name);
  return found == nullptr ? none : *found;
}

bool read_hash(const json::value& from, Hash& to) {
  JsonProblem ignored;
  std::string hex;
  if (!read_json(from, hex, ignored)) return false;
  const auto parsed = parse_hash(hex);
  if (parsed) to = *parsed;
  return parsed.has_value();
}

bool read_unit_line(const json::value& from, ExportManifest::Unit& to) {
  JsonProblem ignored;
  return read_json(member(from, "unit"), to.unit, ignored) && read_hash(member(from, "head"), to.head) &&
         read_json(member(from, "count"), to.count, ignored);
}

Expected<ExportManifest> parse(std::string_view bytes) {
  json::error_code error;
  const json::value parsed = json::parse({bytes.data(), bytes.size()}, error);
  if (error) return malformed(error.message());
  ExportManifest manifest;
  JsonProblem ignored;
  int format = 0;
  if (!read_json(member(parsed, "format"), format, ignored)) return malformed("format");
  if (format != kExportFormat) {
    return fail("log.unknown-format", {fmt::format("导出格式第 {} 版由更新的程序写成", format),
                                       fmt::format("Expected export format {}, but got {}: a newer program wrote it",
                                                   kExportFormat, format)});
  }
  Hash key{};
  if (!read_json(member(parsed, "made"), manifest.made, ignored)) return malformed("made");
  if (!read_hash(member(parsed, "node"), key)) return malformed("node");
  manifest.node.assign(key.begin(), key.end());
  const json::array* units = member(parsed, "units").if_array();
  if (units == nullptr) return malformed("units");
  for (const json::value& unit : *units) {
    if (!read_unit_line(unit, manifest.units.emplace_back())) return malformed("units");
  }
  return manifest;
}

Expected<void> write_unit(LogReader& reader, const ExportManifest::Unit& unit,
                          const std::function<bool(std::string_view)>& write) {
  std::uint64_t seq = 0;
  std::string line;
  while (seq < unit.count) {
    const auto records = reader.read_unit(unit.unit, seq, std::min<std::uint64_t>(kRecordsAtOnce, unit.count - seq));
    if (!records) return tl::unexpected(records.error());
    if (records->empty()) {
      return fail("store.damaged", {"记录不全", "Expected all records up to the head, but some are missing"},
                  fmt::format("{}/{}", unit.unit.str(), seq + 1));
    }
    for (const StoredRecord& record : *records) {
      line = fmt::format("{{\"hash\":\"{}\",\"record\":{}}}\n", to_hex(record.hash), record.bytes);
      if (!write(line))
        return fail("export.unwritable", {"无法写出导出文件", "Expected to write the export, but failed"});
      seq = record.seq;
    }
  }
  return {};
}

Expected<std::vector<ExportManifest::Unit>> units_to_export(LogReader& reader, const std::vector<UnitId>& only) {
  const auto heads = reader.heads();
  if (!heads) return tl::unexpected(heads.error());
  std::vector<ExportManifest::Unit> units;
  for (const UnitHead& head : *heads) {
    if (!only.empty() && std::find(only.begin(), only.end(), head.unit) == only.end()) continue;
    units.push_back({head.unit, head.hash, head.seq});
  }
  for (const UnitId wanted : only) {
    if (std::none_of(units.begin(), units.end(), [&](const auto& unit) { return unit.unit == wanted; })) {
      return fail("export.unknown-unit", {fmt::format("此处没有单位“{}”的日志", wanted.str()),
                                          fmt::format("Expected a log of unit '{}', but there is none", wanted.str())});
    }
  }
  std::sort(units.begin(), units.end(), [](const auto& a, const auto& b) { return a.unit < b.unit; });
  return units;
}

}  // namespace

std::string encode_manifest(const ExportManifest& manifest) {
  JsonWriter out;
  out.raw("{\"format\":");
  out.integer(kExportFormat);
  out.raw(",\"made\":");
  out.integer(to_millis(manifest.made));
  out.raw(",\"node\":");
  out.raw(hex_of(manifest.node));
  out.raw(",\"units\":[");
  for (const ExportManifest::Unit& unit : manifest.units) {
    out.raw("{\"unit\":");
    out.string(unit.unit.str());
    out.raw(",\"head\":");
    out.hex(unit.head.data(), unit.head.size());
    out.raw(",\"count\":");
    out.integer(unit.count);
    out.raw("},");
  }
  out.close(']');
  out.character('}');
  return std::string(out.view());
}

Expected<ExportManifest> decode_manifest(std::string_view bytes) {
  Expected<ExportManifest> manifest;
  try {
    manifest = parse(bytes);
  } catch (const std::exception& problem) {
    return malformed(problem.what());
  }
  if (manifest && encode_manifest(*manifest) != bytes) {
    return fail("log.not-canonical", {"导出清单不是规范形式", "Expected a manifest in canonical form"});
  }
  return manifest;
}

std::string signed_manifest_line(const ExportManifest& manifest, Signer& signer) {
  const std::string bytes = encode_manifest(manifest);
  return fmt::format("{{\"manifest\":{},\"signature\":{}}}\n", bytes, hex_of(signer.sign(bytes)));
}

Expected<ExportManifest> read_signed_manifest(std::string_view line) {
  constexpr std::string_view kHead = "{\"manifest\":";
  constexpr std::string_view kSignature = ",\"signature\":\"";
  constexpr std::size_t kHex = 128;
  while (line.ends_with('\n') || line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
  const std::size_t tail = kSignature.size() + kHex + 2;
  const bool framed = line.starts_with(kHead) && line.ends_with("\"}") && line.size() > kHead.size() + tail &&
                      line.substr(line.size() - tail).starts_with(kSignature);
  if (!framed) return malformed("its line reads differently");
  const std::string_view hex = line.substr(line.size() - kHex - 2, kHex);
  const std::string_view bytes = line.substr(kHead.size(), line.size() - kHead.size() - tail);
  const auto first = parse_hash(hex.substr(0, kHex / 2));
  const auto second = parse_hash(hex.substr(kHex / 2));
  if (!first || !second) return malformed("its signature is none");
  std::string signature(first->begin(), first->end());
  signature.append(second->begin(), second->end());
  auto manifest = decode_manifest(bytes);
  if (!manifest) return manifest;
  if (signature_valid(manifest->node, bytes, signature)) return manifest;
  return fail("log.bad-signature", {"清单的签名无效", "Expected a valid signature of the manifest, but it is not"});
}

Expected<ExportManifest> present_heads(LogReader& reader, Signer& signer, Instant made) {
  auto units = units_to_export(reader, {});
  if (!units) return tl::unexpected(units.error());
  return ExportManifest{made, signer.public_key(), std::move(*units)};
}

Expected<ExportManifest> export_log(LogReader& reader, Signer& signer, Instant made, const std::vector<UnitId>& only,
                                    const std::function<bool(std::string_view)>& write) {
  auto units = units_to_export(reader, only);
  if (!units) return tl::unexpected(units.error());
  const ExportManifest manifest{made, signer.public_key(), std::move(*units)};
  if (!write(signed_manifest_line(manifest, signer)))
    return fail("export.unwritable", {"无法写出导出文件", "Expected to write the export, but failed"});
  for (const ExportManifest::Unit& unit : manifest.units) {
    if (auto done = write_unit(reader, unit, write); !done) return tl::unexpected(done.error());
  }
  return manifest;
}

}  // namespace tingan
