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
  PersonId declared_by;
  Instant start{};
  Duration length{};
  std::vector<FactSetting> facts;
  std::vector<PersonId> absent;  // not there, whatever the roster says
  std::string organisation_yaml;
  std::vector<std::pair<std::string, std::string>> plans;  // file, text
};

constexpr Duration kRehearsalMax = std::chrono::hours{72};

}  // namespace tingan::api
