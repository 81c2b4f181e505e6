// A bad day in the halls: people declare whatever can happen, state facts, do and skip steps, acknowledge, hand over,
// take back, close and reopen; several halls' outages come together, drills run beside real ones, and plans are
// published while they run. Mostly sensible, sometimes not.
#pragma once
#include "sim/node_image.h"
#include "sim/workloads/request.h"

namespace tingan::sim {

class HallDay {
 public:
  HallDay(const NodeImage& image, SeededRandom random);

  // What somebody wants next, seeing what the node shows. Always something.
  Request next(const View& view, Instant now);
  // The same trouble in another hall shortly after; nothing if this was not that kind of trouble.
  std::optional<Request> echo(const Request& request);
  // A person who was told says so.
  Request acknowledge(const IncidentState& incident, std::uint32_t notice);

 private:
  Request start(const char* verb, PersonId person, UnitId unit);
  Request declare(UnitId hall, PlanId type, bool drill);
  Request any_declare();
  Request facts(const IncidentState& incident);
  Request step(const IncidentState& incident);
  Request progress(const IncidentState& incident);
  Request report(const IncidentState& incident);
  Request ending(const IncidentState& incident, Instant now);
  Request any_acknowledge(const IncidentState& incident);
  Request roster(Instant now);
  Request publish();
  PersonId somebody(UnitId hall);
  PersonId leader(UnitId hall);

  const NodeImage& image_;
  SeededRandom random_;
  std::vector<UnitId> halls_;
  std::map<UnitId, std::vector<PersonId>> people_;
  std::vector<std::string> texts_;  // of plans, as changed so far
  UnitId centre_;
  std::uint64_t count_ = 0;
  std::optional<std::pair<PlanId, bool>> last_trouble_;  // correlating plan, drill
  UnitId last_hall_;
};

}  // namespace tingan::sim
