// Checks a filled-in form against its JSON Schema (forms/*.schema.json), as far as our forms use that language: type,
// required, additionalProperties, properties, items, enum, const, oneOf of consts, lengths, bounds, format date-time.
#pragma once
#include "api/json_in.h"
#include "base/error.h"

namespace tingan::api {

// Errors: `form.invalid`, with the JSON pointer of the first field that does not fit.
Expected<void> check_form(const JsonValue& schema, const JsonValue& content, const std::string& where);

}  // namespace tingan::api
