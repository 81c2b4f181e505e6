// The lines of a message: for each reason why somebody is told, what it means at this moment. Pure.
#pragma once
#include <optional>
#include <vector>

#include "core/roster/directory.h"
#include "model/incident_state.h"
#include "runtime/outbox/message.h"

namespace tingan::outbox {

struct Line {
  Text text;
  Instant due = kNever;
  std::vector<ClauseId> clauses;
  int rank = 0;  // what to do first, then what to know
  std::vector<std::pair<PersonId, RoleId>> people;
};

// Every line for these pieces, most urgent first; one line that concerns several people stands once. What is done by
// now is left out.
std::vector<Line> lines_of(const IncidentState& state, const Directory& directory, const std::vector<Piece>& pieces);

Text role_name(RoleId role);

}  // namespace tingan::outbox
