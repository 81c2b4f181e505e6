// What a rehearsal is asked for; the world that it runs in is given to the room from outside (Options::rehearse).
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/incident_event.h"

namespace tingan::api {

struct Rehearsal {
  PlanId plan;
  UnitId unit;
  Instant start{};
  Duration length{};
  std::vector<FactSetting> facts;
  std::vector<PersonId> absent;                            // not there, whatever the roster says
  std::string organisation_yaml;                           // without personal data
  std::vector<std::pair<std::string, std::string>> plans;  // file, text
};

}  // namespace tingan::api
