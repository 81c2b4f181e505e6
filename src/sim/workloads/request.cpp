#include "sim/workloads/request.h"

#include <charconv>

#include "base/check.h"

namespace tingan::sim {
namespace {

constexpr int kTaken = 200;
constexpr int kRefused = 409;

Answer render(const Outcome& outcome, const Registry&) {
  if (outcome.refused) return {kRefused, outcome.refused->code};
  return {kTaken, fmt::format("{}", outcome.gseq)};
}

}  // namespace

Sealed private_text(const Intake& intake, IncidentId incident, const std::string& token) {
  auto sealed = intake.sealer.seal("incident:" + to_string(incident), fmt::format("{} {}", kPrivateMark, token));
  CHECK(sealed.has_value());
  return *sealed;
}

Submission to_submission(const Request& request, const Intake& intake) {
  Submission submission;
  submission.person = request.person;
  submission.unit = request.unit;
  submission.incident = request.incident;
  submission.order = request.order;
  submission.command = request.command(intake);
  if (request.keyed) {
    submission.key_scope = request.person.str() + " POST /simulated";
    submission.key = request.token;
    submission.body_hash = request.what;
  }
  submission.render = render;
  if (request.render) {
    submission.render = [body = request.render](const Outcome& outcome, const Registry& registry) {
      return outcome.refused ? render(outcome, registry) : Answer{kTaken, body(outcome)};
    };
  }
  return submission;
}

Answered read_answer(const Answer& answer) {
  if (answer.status != kTaken) return {false, 0, answer.body};
  std::uint64_t record = 0;
  const auto [end, error] = std::from_chars(answer.body.data(), answer.body.data() + answer.body.size(), record);
  CHECK(error == std::errc{} && end == answer.body.data() + answer.body.size());
  return {true, record, {}};
}

}  // namespace tingan::sim
