// Proves that a log is what was written: every hash, link, number and time, and the signatures over them. Names the
// first record that is wrong.
#pragma once
#include <atomic>
#include <iosfwd>

#include "ports/blob_store.h"
#include "ports/event_log.h"
#include "runtime/log_chain.h"

namespace tingan {

// From a printed report, a mail or another export: unit, number, and the hash or its first 16 digits and more.
struct AnchorHead {
  UnitId unit;
  std::uint64_t seq = 0;
  std::string hash;  // lower-case hex
};

// "hall-a:128:3f9a...", as papers print it. Error `anchor.malformed`.
Expected<AnchorHead> parse_anchor_head(std::string_view text);

enum class Verdict : std::uint8_t { sound, unsigned_, bad };

struct VerifyOptions {
  // Raw 32 bytes. A log that somebody else signed is refused. Empty: an export's own key is believed, and the
  // signatures of a data folder stay unchecked, which the report says.
  std::string public_key;
  // What was seen before, elsewhere: each of these records must stand where it stood.
  std::vector<AnchorHead> anchors{};
  // Where evidence and orders' photos lie; every piece that the log speaks of must be there as it was. Null: not looked
  // at.
  BlobStore* blobs = nullptr;
  // Ends the work early when it becomes true; the report then covers what was read so far.
  const std::atomic<bool>* stop = nullptr;
};

struct VerifyReport {
  std::optional<BadRecord> bad;
  std::uint64_t records = 0;
  std::uint64_t units = 0;
  std::uint64_t batches = 0;
  std::uint64_t signatures_checked = 0;
  std::uint64_t signatures_unchecked = 0;  // nobody said whose they should be
  std::uint64_t blobs = 0;                 // pieces of evidence and orders' photos that were held to their hash
  std::uint64_t blobs_missing = 0;
  std::uint64_t blobs_changed = 0;
  std::uint64_t anchors_checked = 0;
  std::vector<AnchorHead> heads;  // of each unit, as read
  std::string signer;             // raw public key that the signatures were held to; empty: to none
  // Nothing wrong was found; whether anything was signed is another question.
  bool sound() const { return !bad.has_value(); }
  Verdict verdict() const { return bad ? Verdict::bad : signer.empty() ? Verdict::unsigned_ : Verdict::sound; }
};

// A data folder. `reader` must hand out damaged records too (CheckHashes::no). Slow: it reads everything; fit for a
// thread in the background. Errors are the reader's: a fault of the log is in the report.
Expected<VerifyReport> verify_log(LogReader& reader, const VerifyOptions& options = {});

// An export (runtime/log_export.h).
VerifyReport verify_export(std::istream& lines, const VerifyOptions& options = {});

}  // namespace tingan
