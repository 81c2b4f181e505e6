// Does what a line says, as the people whom the roster gives for the role.
#pragma once
#include "sim/scenario/cast.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/stage.h"

namespace tingan::scenario {

// nullopt: accepted.
using Refusal = std::optional<Error>;

class Actions {
 public:
  // `start`: from where a scenario's times count.
  Actions(Stage& stage, Timeline& timeline, Instant start) : stage_(stage), timeline_(timeline), start_(start) {}

  // Everything but a restart. The outer error is a fault of the world.
  Expected<Refusal> perform(const Action& action);

 private:
  struct Target {
    IncidentPtr incident;
    PartId step;
  };

  Expected<Refusal> change_duty(const Action& action);
  Expected<Refusal> declare(const Action& action);
  Expected<Refusal> state_facts(const Action& action, const Scene& scene);
  Expected<Refusal> mark(const Action& action, const Scene& scene);
  Expected<Refusal> acknowledge(const Action& action, const Scene& scene);
  Expected<Refusal> lead(const Action& action, const Scene& scene);

  Expected<Refusal> submit(const IncidentState& incident, PersonId person, RoleId role, IncidentCommand command);
  std::vector<Target> targets(const Action& action, const IncidentPtr& incident) const;
  std::vector<PersonId> markers(const Target& target, const Cast& cast) const;
  // Who acts; `otherwise` where the line names nobody. Error: a refusal (`unit.unknown`, `roster.nobody`).
  Expected<Cast> cast(const Action& action, UnitId unit, RoleId otherwise) const;

  Stage& stage_;
  Timeline& timeline_;
  Instant start_;
};

}  // namespace tingan::scenario
