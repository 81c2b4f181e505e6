// What administrators and leaders change and see of a unit beside its shifts: what it says about itself, and who stands
// in for whom.
#pragma once
#include <string_view>

#include "api/service.h"
#include "model/organisation.h"

namespace tingan::api {

// What a unit says about itself, whole: what is absent is taken away.
struct UnitBody {
  Unit unit;     // its id, kind and parent are not set
  int base = 0;  // the organisation's version that it was made from; 0: not said
};

// Errors: `body.*` and `unit.unknown-party`, with the JSON pointer in `where`.
Expected<UnitBody> parse_unit(std::string_view body);

// PUT /units/{id}: administrators only; the organisation's next version.
void put_unit(Service&, const CallPtr&);

// GET /roster/substitutions: of a unit's people, in force or to come.
Expected<net::Response> list_substitutions(Service&, Call&);

}  // namespace tingan::api
