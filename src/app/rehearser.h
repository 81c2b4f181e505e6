// Rehearsals for the console: a plan run in an hour's worth of virtual time on a node in memory, with the organisation
// and the plans of the real one. Nothing of the real node is touched.
#pragma once
#include <memory>
#include <mutex>

#include "api/rehearsal.h"
#include "sim/scenario/virtual_node.h"

namespace tingan {

class Rehearser {
 public:
  // JSON members of the answer: "events", "calls", "nobody". Any thread; one rehearsal at a time makes a new setting.
  // Errors: `organisation.*`, `plan.*`, `incident.*`, `rehearsal.*`, `scenario.*`.
  Expected<std::string> run(const api::Rehearsal& wanted);

 private:
  Expected<std::shared_ptr<const scenario::Prepared>> prepare(const api::Rehearsal& wanted);

  std::mutex mutex_;
  std::string key_;  // of what `prepared_` was made from
  std::shared_ptr<const scenario::Prepared> prepared_;
};

}  // namespace tingan
