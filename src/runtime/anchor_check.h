// Holds a log to what was seen of it before: a cut tail, a fork and an older copy keep every rule of a chain, and only
// somebody who remembers can tell.
#pragma once
#include "runtime/log_export.h"
#include "runtime/log_verify.h"

namespace tingan {

// Feed it every record, then the end. One thread.
class AnchorCheck {
 public:
  explicit AnchorCheck(const std::vector<AnchorHead>& anchors);

  // Another record stands where the anchor saw one.
  std::optional<BadRecord> on_record(UnitId unit, std::uint64_t seq, const Hash& hash);
  // An anchor that was never met: its unit's log ends before.
  std::optional<BadRecord> at_end(const ChainFollower& chain) const;
  // An export of some units says nothing of the others.
  std::optional<BadRecord> at_end(const ChainFollower& chain, const std::vector<ExportManifest::Unit>& exported) const;
  std::uint64_t checked() const { return checked_; }

 private:
  std::multimap<std::pair<UnitId, std::uint64_t>, std::string> left_;  // unit and number -> hash
  std::uint64_t checked_ = 0;
};

}  // namespace tingan
