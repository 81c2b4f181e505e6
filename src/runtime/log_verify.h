// Proves that a log is what was written: every hash, link, number and time, and the signatures over them. Names the
// first record that is wrong.
#pragma once
#include <atomic>
#include <iosfwd>

#include "ports/blob_store.h"
#include "ports/event_log.h"
#include "runtime/log_chain.h"

namespace tingan {

struct VerifyOptions {
  // Raw 32 bytes. A log that somebody else signed is refused. Empty: an export's own key is believed, and batches of a
  // data folder are not held to a signer.
  std::string public_key;
  // Where the evidence lies; every piece that the log speaks of must be there as it was. Null: not looked at.
  BlobStore* blobs = nullptr;
  // Ends the work early when it becomes true; the report then covers what was read so far.
  const std::atomic<bool>* stop = nullptr;
};

struct VerifyReport {
  std::optional<BadRecord> bad;
  std::uint64_t records = 0;
  std::uint64_t units = 0;
  std::uint64_t batches = 0;
  std::uint64_t blobs = 0;  // pieces of evidence that were held to their hash
  std::string signer;       // raw public key that the signatures were held to
  bool sound() const { return !bad.has_value(); }
};

// A data folder. `reader` must hand out damaged records too (CheckHashes::no). Slow: it reads everything; fit for a
// thread in the background. Errors are the reader's: a fault of the log is in the report.
Expected<VerifyReport> verify_log(LogReader& reader, const VerifyOptions& options = {});

// An export (runtime/log_export.h).
VerifyReport verify_export(std::istream& lines, const VerifyOptions& options = {});

}  // namespace tingan
