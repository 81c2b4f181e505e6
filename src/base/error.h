// What can go wrong in operation is a value: a stable code, a sentence for people in both languages, and the place.
#pragma once
#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/text.h"

namespace tingan {

// `code` is stable and meant for programs ("plan.unknown-role"); `message` is worded "Expected to X, but Y";
// `where` names the place ("plans/outage.yaml:41", "facts.scope") and may be empty.
struct Error {
  std::string code;
  Text message;
  std::string where;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Expected = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string code, Text message, std::string where = {}) {
  return tl::unexpected<Error>(Error{std::move(code), std::move(message), std::move(where)});
}

// "where: message [code]", for logs and terminals.
std::string to_string(const Error& error);

}  // namespace tingan
