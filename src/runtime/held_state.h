// An incident as the engine keeps it: as it is while somebody works on it, packed when nobody has for a while. Fifty
// thousand open incidents must fit on a small machine; a packed one takes a sixth of the room and a few microseconds to
// look at.
#pragma once
#include <memory>
#include <string>

#include "model/incident_state.h"

namespace tingan {

class Held {
 public:
  Held() = default;
  explicit Held(IncidentPtr state) : hot_(std::move(state)) {}
  // `bytes` is what encode_state gave.
  Held(std::string bytes, PlanPtr plan)
      : packed_(std::make_shared<const std::string>(std::move(bytes))), plan_(std::move(plan)) {}

  bool hot() const { return hot_ != nullptr; }
  // The state; decoded where it is packed. Null only for a default-made Held.
  IncidentPtr load() const;
  Held packed() const;

 private:
  IncidentPtr hot_;
  std::shared_ptr<const std::string> packed_;
  PlanPtr plan_;
};

}  // namespace tingan
