// Passwords become Argon2id verifiers here and nowhere else; the verifier is sealed under the person's key before it
// goes into the log. Slow on purpose (tens of milliseconds): never on an I/O thread or the engine's.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/command.h"
#include "ports/random.h"
#include "runtime/seal.h"

namespace tingan::api {

enum class HashCost {
  interactive,  // what guards a real password: 64 MiB, two passes
  demo          // the demo's password stands in the README: nothing to guard
};

std::string hash_password(std::string_view password, HashCost cost = HashCost::interactive);
bool verify_password(const std::string& verifier, std::string_view password);

// `known`: words that stand near the person: the unit's name, the own name. Errors: `auth.weak-password`: shorter than
// 10 characters, or one that is tried first (password_rules.h).
Expected<void> check_new_password(std::string_view password, std::string_view user,
                                  const std::vector<std::string_view>& known = {});

// The command that gives the person this password; goes into the top unit's log. Errors: `seal.*`, `store.*`.
Expected<PasswordSet> make_password(PersonId person, std::string_view password, bool must_change, Sealer& sealer);

// For the first administrator of a new node: 20 letters and digits that cannot be mistaken for one another.
std::string make_initial_password(Random& random);

}  // namespace tingan::api
