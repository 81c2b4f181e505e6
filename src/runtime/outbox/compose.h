// Stage two: the words, made at the moment a message leaves, from how things stand then. Pure.
#pragma once
#include <optional>
#include <vector>

#include "core/roster/directory.h"
#include "model/incident_state.h"
#include "ports/sender.h"
#include "runtime/outbox/message.h"
#include "runtime/registry.h"

namespace tingan::outbox {

// What of the channel matters for the words.
struct Audience {
  bool group = false;   // one message for all its people
  bool screen = false;  // shown or spoken in the hall: nothing of what is silent
};

// Whether this piece still has to be told: nobody who has acknowledged, no repeat of what is over, of an ended incident
// only the news of its end.
bool is_worth_telling(const IncidentState& state, const Piece& piece);

// nullopt: nothing is left to say, to nobody of it. `told` gets the pieces that the message stands for.
std::optional<OutgoingNotice> compose(const Message& message, const IncidentState& state, const Directory& directory,
                                      const Audience& audience, std::vector<Piece>& told);
std::optional<OutgoingNotice> compose(const Message& message, const Suspicion& suspicion, const Registry& registry,
                                      const Audience& audience, std::vector<Piece>& told);

Recipient recipient_of(PersonId person, const Directory& directory);

}  // namespace tingan::outbox
