// The rules that every unit's chain keeps, whoever reads it from wherever (docs/formats/log.md).
#pragma once
#include <boost/describe.hpp>
#include <map>
#include <optional>
#include <string>

#include "model/record.h"

namespace tingan {

enum class Fault : std::uint8_t {
  changed,
  missing,
  reordered,
  added,
  truncated,
  bad_signature,
  wrong_signer,
  blob_missing,
  blob_changed,
  forked,      // another record stands where the anchor saw one
  rolled_back  // the anchor saw more than there is
};
BOOST_DESCRIBE_ENUM(Fault, changed, missing, reordered, added, truncated, bad_signature, wrong_signer, blob_missing,
                    blob_changed, forked, rolled_back)

// The first thing that is wrong. `unit` and `seq` where a record can be named; `gseq` in a data folder, `line` in an
// export, 0 otherwise.
struct BadRecord {
  Fault fault = Fault::changed;
  Text what;
  UnitId unit;
  std::uint64_t seq = 0;
  std::uint64_t gseq = 0;
  std::uint64_t line = 0;
};

// Follows the chains of all units at once; feed it each unit's records in order. One thread.
class ChainFollower {
 public:
  struct Link {
    std::uint64_t seq = 0;
    Hash hash{};
    HybridTime time{Instant::min(), 0};
  };
  struct Step {
    std::optional<BadRecord> bad;  // without unit and seq where the bytes cannot be believed
    Record record;                 // as decoded
    // The number that should have come: somebody may look whether it stands elsewhere (reordered) or nowhere (missing).
    std::optional<std::uint64_t> gap;
  };

  // `hash` is what is claimed for `bytes`.
  Step follow(std::string_view bytes, const Hash& hash);
  const std::map<UnitId, Link>& links() const { return links_; }

 private:
  std::map<UnitId, Link> links_;
};

}  // namespace tingan
