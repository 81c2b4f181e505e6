// Refusals as people and programs get them: application/problem+json (RFC 9457) with a stable code. The one table from
// codes to HTTP statuses stands in problem.cpp.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/http.h"

namespace tingan::api {

enum class Lang { zh, en };

// What the reader prefers of the two; Chinese where nothing is said.
Lang language_of(std::string_view accept_language);
const std::string& pick(const Text& text, Lang lang);

int status_of(std::string_view code);

struct ProblemExtras {
  std::optional<std::int64_t> retry_after_s;
  std::string members;  // further members as JSON, `"gates":[...]`; may be empty
};

net::Response problem(const Error& error, Lang lang, const ProblemExtras& extras = {});
// With a status that is not the code's own: what the server itself refuses.
net::Response problem(int status, const Error& error, Lang lang, const ProblemExtras& extras = {});
// The body alone, for answers that are kept.
std::string problem_body(int status, const Error& error, Lang lang, std::string_view members);

net::Response json_response(int status, std::string body);

// Errors that several resources share.
Error not_found(Text what);
Error not_allowed(Text why);

}  // namespace tingan::api
