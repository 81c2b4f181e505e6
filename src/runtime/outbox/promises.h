// Promises to customers that are about to break or broken (S4.3), told to the people whom the event names. They have no
// ladder in the log; what was told stands in a ledger beside it.
#pragma once
#include <string>

#include "core/roster/directory.h"
#include "model/acceptance_state.h"
#include "runtime/outbox/compose.h"
#include "runtime/outbox/route.h"

namespace tingan::outbox {

// The stages: 1 and 2 warn, 3 says that it is broken. A piece's `n` is the stage.
constexpr std::uint32_t kBrokenStage = 3;

// What was told of promises, so that a restart tells nothing twice. Kept by the app; one thread.
class PromiseLedger {
 public:
  virtual ~PromiseLedger() = default;
  virtual bool has(const std::string& key) const = 0;
  // Durable when it returns. A key once added is never asked about again after kPromiseWindow.
  virtual void add(const std::string& key) = 0;
};

// At a start only promises whose stage was due within this time are looked at again.
constexpr Duration kPromiseWindow = std::chrono::hours{24};

// One stage of one promise, told to one person by one channel. The same promise made anew has another due time.
std::string promise_key(const OrderState& order, std::uint32_t stage, PersonId person, ChannelId channel);

Moment promise_moment(const OrderState& order, std::uint32_t stage, const std::vector<PersonId>& told,
                      const Directory& directory);
// What a node that starts may still have to tell of an order: its newest stage. Empty `people`: nothing. Whom it told
// is found again as it was found then.
Moment unfinished(const OrderState& order, const Directory& directory, Instant now);

// False: the promise is kept, released or made anew since.
bool is_worth_telling(const OrderState& order, const Piece& piece);
// nullopt: nothing is left to say. Nothing of the customer: number, business and time.
std::optional<OutgoingNotice> compose(const Message& message, const OrderState& order, const Directory& directory,
                                      const Audience& audience, std::vector<Piece>& told);

}  // namespace tingan::outbox
