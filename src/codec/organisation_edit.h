// The organisation file as people edit it: the log's text with the personal data put back, and edits that leave
// everything else as it was. A text comes in, a text goes out; whether it is right is for parse_organisation to say.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/organisation.h"

namespace tingan {

// The inverse of split_personal_data, with the names, phones and addresses that `organisation` holds. Comments are not
// in the log and do not come back. Errors: `organisation.*`.
Expected<std::string> join_personal_data(std::string_view yaml, const Organisation& organisation);

// All shifts of this unit are replaced by `shifts` (their `unit` is not looked at). Errors: `organisation.*`.
Expected<std::string> replace_shifts(std::string_view yaml, UnitId unit, const std::vector<Shift>& shifts);

// Adds the person, or changes the one of that id. Errors: `organisation.*`.
Expected<std::string> put_person(std::string_view yaml, const Person& person);

// Changes what a unit says about itself: names, address, landmarks, assembly point, numbers, business hours. Its kind
// and what it belongs to stay. A unit that is not there is left out. Errors: `organisation.*`.
Expected<std::string> put_unit(std::string_view yaml, const Unit& unit);

// Takes the person out of the people and out of every shift. Errors: `organisation.*`.
Expected<std::string> remove_person(std::string_view yaml, PersonId person);

}  // namespace tingan
