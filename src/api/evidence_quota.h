// How much evidence and how many photos one person and one hall may hand over in a day, so that nobody fills the disk
// for all. Counted in memory, by the hour; a restart begins anew. Any thread.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "model/ids.h"

namespace tingan::api {

class EvidenceQuota {
 public:
  static constexpr Duration kSpan = std::chrono::hours{24};

  // Bytes in any 24 hours; 0: no limit.
  EvidenceQuota(std::uint64_t person_max, std::uint64_t unit_max) : person_max_(person_max), unit_max_(unit_max) {}

  // Taken at once, so that what comes at the same time counts too. Error `evidence.quota`: nothing was taken.
  Expected<void> take(PersonId person, UnitId unit, std::uint64_t bytes, Instant now);
  // What was taken and then not kept.
  void give_back(PersonId person, UnitId unit, std::uint64_t bytes);

 private:
  struct Hour {
    Instant begins;
    std::uint64_t bytes = 0;
  };
  using Hours = std::deque<Hour>;
  std::uint64_t used(const std::string& who, Instant now);

  std::uint64_t person_max_;
  std::uint64_t unit_max_;
  std::mutex mutex_;
  std::map<std::string, Hours> hours_;  // "person:<id>", "unit:<id>"
};

}  // namespace tingan::api
