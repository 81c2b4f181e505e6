// Emergency acceptance as the API gives it. Personal data only masked, but for `reveal`.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "api/json_in.h"
#include "api/json_out.h"
#include "core/acceptance/field_check.h"
#include "core/acceptance/reconcile.h"
#include "core/roster/directory.h"
#include "model/acceptance_state.h"

namespace tingan::api {

void write_business_type(JsonOut& out, const BusinessType& type);

// What an envelope says; "" where its key is gone.
using OpenWords = std::function<std::string(const Sealed&)>;

// Without personal data. What somebody typed (district, the number in the back office) only where `open` is given:
// without it the answer is safe to keep, to stream and to log.
void write_order(JsonOut& out, const OrderState& order, const Directory& directory, Instant now,
                 const OpenWords& open = {});
// The members that personal data makes: name, mobile, fields, signature; masked, or as they are.
struct PersonalView {
  Filled filled;
  bool masked = true;
  const BusinessType* type = nullptr;  // nullptr: a type that is not known any more; everything counts as text
};
void write_personal(JsonOut& out, const PersonalView& view);
// JSON <-> what was filled in; the text that is sealed.
std::string personal_json(const Filled& filled);
std::optional<Filled> parse_personal(std::string_view json);

void write_acceptance_event(JsonOut& out, const AcceptanceEvent& event, Zone zone);
void write_tally(JsonOut& out, std::string_view key, const Tally& tally);
void write_reconciliation(JsonOut& out, const Reconciliation& found, const AcceptanceHall& hall,
                          const Directory& directory, Instant now, const OpenWords& open);
void write_replay(JsonOut& out, const ReplayState& replay, Zone zone);

const char* name_of(PromiseStatus status);

}  // namespace tingan::api
