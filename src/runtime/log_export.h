// The log as JSON lines that anyone can verify: a signed manifest, then every record with its hash
// (docs/formats/log.md).
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/event_log.h"
#include "ports/signer.h"

namespace tingan {

struct ExportManifest {
  struct Unit {
    UnitId unit;
    Hash head{};              // of the last record
    std::uint64_t count = 0;  // also the last record's number
    friend bool operator==(const Unit&, const Unit&) = default;
  };
  Instant made{};
  std::string node;         // the signer's public key, raw 32 bytes
  std::vector<Unit> units;  // by name
};

constexpr int kExportFormat = 1;

std::string encode_manifest(const ExportManifest& manifest);
// Only what encode_manifest gives. Errors: `log.malformed`, `log.not-canonical`, `log.unknown-format`.
Expected<ExportManifest> decode_manifest(std::string_view bytes);

// A manifest's line, without the records behind it: an anchor, to be kept where nobody who could change the log can
// change it too. {"manifest":{...},"signature":"..."} and a line end.
std::string signed_manifest_line(const ExportManifest& manifest, Signer& signer);
// The first line of an export, or an anchor. Errors as decode_manifest(), `log.bad-signature`.
Expected<ExportManifest> read_signed_manifest(std::string_view line);
// The heads of all units, as they are durable now. Errors: the reader's.
Expected<ExportManifest> present_heads(LogReader& reader, Signer& signer, Instant made);

// Writes what is durable at the call, of all units or of `only`; also beside a running node. `write` takes whole lines
// and says whether it could. Errors: `export.unknown-unit`, `export.unwritable`, those of the reader.
Expected<ExportManifest> export_log(LogReader& reader, Signer& signer, Instant made, const std::vector<UnitId>& only,
                                    const std::function<bool(std::string_view)>& write);

}  // namespace tingan
