// Who did something, and in which role.
#pragma once
#include <boost/describe.hpp>

#include "model/ids.h"

namespace tingan {

struct Actor {
  PersonId person;
  RoleId role;
  friend bool operator==(const Actor&, const Actor&) = default;
};
BOOST_DESCRIBE_STRUCT(Actor, (), (person, role))

// The program itself: clocks, correlation, chains.
inline Actor program_actor() {
  static const Actor actor{PersonId("program"), RoleId("program")};
  return actor;
}

}  // namespace tingan
