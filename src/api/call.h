// One request on its way through the room.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "api/problem.h"
#include "api/sessions.h"
#include "core/roster/rights.h"
#include "net/move_function.h"
#include "net/server.h"
#include "runtime/engine.h"

namespace tingan::api {

class Service;
struct Route;

// Gets the answer, once; dropped unused it answers 500 by itself.
using Complete = net::MoveFunction<void(net::Response)>;

struct Call {
  net::Request request;
  Complete complete;
  const Route* route = nullptr;
  std::vector<std::string> params;  // what stood for the {names} of the pattern, in order
  Lang lang = Lang::zh;
  RegistryPtr registry;  // one picture for the whole request
  Session session;       // signed in: whose
  Who who;
  bool must_change = false;
  const struct RightsRow* rights = nullptr;  // its row of the table

  const Directory& directory() const { return registry->directory(); }
  Zone zone() const { return directory().zone(); }
  const std::string& param(std::size_t i) const { return params[i]; }
};
using CallPtr = std::shared_ptr<Call>;

// What a write asks of the engine, and how its success is told.
struct Work {
  IncidentId incident;
  UnitId unit;
  OrderId order;
  std::variant<IncidentCommand, UnitCommand, AcceptanceCommand> command;
  int status = 200;
  std::string location;  // of what was made, for a 201
  // Runs on the engine's thread, or right before the answer; must not touch the call.
  std::function<std::string(const Outcome&, const Registry&)> body;
  // Runs on the engine's thread, whatever the outcome: clears away what a refused command left behind.
  std::function<void(const Outcome&)> after;
  // Seals what the person wrote; may wait for the disk, so it runs on the pool. Empty: nothing to seal.
  std::function<Expected<void>(Work&)> seal;
  // Compares a secret; slow, so it runs on the hashing thread, before `seal`. Empty: nothing to compare.
  std::function<Expected<void>(Work&)> verify = {};
  bool bulk = false;  // `seal` holds a whole picture in memory
  // It would be refused anyhow, with this, and nothing is compared for it; a repetition of what was accepted under the
  // same key still gets the answer of then.
  std::optional<Error> refused_unless_replayed = {};
};

using Read = Expected<net::Response> (*)(Service&, Call&);
using Write = Expected<Work> (*)(Service&, Call&);
using Free = void (*)(Service&, const CallPtr&);

}  // namespace tingan::api
