#include "api/problem.h"

#include <array>
#include <charconv>

#include "api/json_out.h"

namespace tingan::api {
namespace {

struct CodeStatus {
  std::string_view code;  // a '*' at the end stands for anything that begins so
  int status;
};

// First match counts: exact codes stand before the families.
constexpr std::array kStatuses = {
    CodeStatus{"incident.not-allowed", 403},
    CodeStatus{"incident.not-found", 404},
    CodeStatus{"incident.unknown", 404},
    CodeStatus{"incident.unknown-step", 404},
    CodeStatus{"incident.unknown-*", 422},
    CodeStatus{"incident.reason-needed", 422},
    CodeStatus{"incident.*", 409},  // ended, gates-unmet, step-not-open, retract-too-late, exists ...
    CodeStatus{"evidence.unknown", 404},
    CodeStatus{"evidence.not-allowed", 403},
    CodeStatus{"evidence.unsupported", 415},
    CodeStatus{"evidence.none", 503},
    CodeStatus{"evidence.erased", 410},
    CodeStatus{"evidence.damaged", 500},
    CodeStatus{"evidence.*", 422},
    CodeStatus{"headcount.*", 422},
    CodeStatus{"trust.none", 404},
    CodeStatus{"words.not-allowed", 403},
    CodeStatus{"words.*", 422},
    CodeStatus{"rehearsal.*", 422},
    CodeStatus{"scenario.*", 422},
    CodeStatus{"notice.*", 404},
    CodeStatus{"form.unknown", 404},
    CodeStatus{"form.not-found", 404},
    CodeStatus{"form.*", 422},
    CodeStatus{"report.not-found", 404},
    CodeStatus{"report.not-acceptable", 406},
    CodeStatus{"report.*", 422},
    CodeStatus{"unit.not-found", 404},
    CodeStatus{"unit.not-allowed", 403},
    CodeStatus{"unit.*", 422},
    CodeStatus{"plan.not-found", 404},
    CodeStatus{"plan.not-allowed", 403},
    CodeStatus{"plan.*", 422},
    CodeStatus{"roster.not-allowed", 403},
    CodeStatus{"roster.*", 422},
    CodeStatus{"person.*", 422},
    CodeStatus{"role.not-held", 403},
    CodeStatus{"role.*", 422},
    CodeStatus{"org.not-allowed", 403},
    CodeStatus{"org.changed", 409},
    CodeStatus{"person.not-found", 404},
    CodeStatus{"organisation.*", 422},
    CodeStatus{"channel.not-found", 404},
    CodeStatus{"channel.none", 503},
    CodeStatus{"channel.*", 422},
    CodeStatus{"log.not-checked", 503},
    CodeStatus{"org.*", 422},
    CodeStatus{"suspicion.unknown", 404},
    CodeStatus{"suspicion.not-allowed", 403},
    CodeStatus{"suspicion.*", 409},
    CodeStatus{"auth.csrf", 403},
    CodeStatus{"auth.must-change", 403},
    CodeStatus{"auth.not-allowed", 403},
    CodeStatus{"auth.confirm-needed", 403},
    CodeStatus{"session.not-found", 404},
    CodeStatus{"auth.weak-password", 422},
    CodeStatus{"auth.throttled", 429},
    CodeStatus{"auth.busy", 503},
    CodeStatus{"auth.*", 401},
    CodeStatus{"rate.*", 429},
    CodeStatus{"order.not-found", 404},
    CodeStatus{"order.exists", 409},
    CodeStatus{"order.wrong-state", 409},
    CodeStatus{"order.erased", 410},
    CodeStatus{"order.no-photo", 404},
    CodeStatus{"order.photo-damaged", 500},
    CodeStatus{"order.*", 422},
    CodeStatus{"acceptance.not-allowed", 403},
    CodeStatus{"acceptance.*", 422},
    CodeStatus{"table.not-acceptable", 415},
    CodeStatus{"table.too-large", 413},
    CodeStatus{"table.write-failed", 500},
    CodeStatus{"table.*", 422},
    CodeStatus{"number.unknown-pack", 404},
    CodeStatus{"number.used", 409},
    CodeStatus{"number.*", 422},
    CodeStatus{"replay.rate", 422},
    CodeStatus{"replay.*", 409},
    CodeStatus{"promise.*", 422},
    CodeStatus{"visit.*", 422},
    CodeStatus{"field.*", 422},
    CodeStatus{"business.not-found", 404},
    CodeStatus{"business.*", 422},
    CodeStatus{"idempotency.reused", 422},
    CodeStatus{"idempotency.*", 400},
    CodeStatus{"route.unknown", 404},
    CodeStatus{"route.method", 405},
    CodeStatus{"body.too-large", 413},
    CodeStatus{"body.not-json", 415},
    CodeStatus{"body.*", 400},
    CodeStatus{"query.*", 400},
    CodeStatus{"time.*", 400},
    CodeStatus{"seal.destroyed", 410},
    CodeStatus{"store.*", 503},
    CodeStatus{"engine.*", 503},
    CodeStatus{"node.*", 503},
};

bool matches(std::string_view pattern, std::string_view code) {
  if (!pattern.ends_with('*')) return pattern == code;
  return code.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace

Lang language_of(std::string_view accept) {
  // "en-GB, zh;q=0.8": the heavier of the two that we speak; the first where they weigh the same.
  double best = 0;
  Lang chosen = Lang::zh;
  while (!accept.empty()) {
    const auto comma = accept.find(',');
    std::string_view range = accept.substr(0, comma);
    accept = comma == std::string_view::npos ? std::string_view{} : accept.substr(comma + 1);
    while (range.starts_with(' ')) range.remove_prefix(1);
    double weight = 1;
    if (const auto q = range.find("q="); q != std::string_view::npos) {
      std::from_chars(range.data() + q + 2, range.data() + range.size(), weight);
    }
    const bool zh = range.starts_with("zh") || range.starts_with('*');
    if ((zh || range.starts_with("en")) && weight > best) {
      best = weight;
      chosen = zh ? Lang::zh : Lang::en;
    }
  }
  return chosen;
}

const std::string& pick(const Text& text, Lang lang) { return lang == Lang::zh ? text.zh : text.en; }

int status_of(std::string_view code) {
  for (const CodeStatus& entry : kStatuses) {
    if (matches(entry.code, code)) return entry.status;
  }
  return 500;
}

std::string problem_body(int status, const Error& error, Lang lang, std::string_view members) {
  JsonOut out;
  out.begin_object();
  out.field("type", "urn:tingan:problem:" + error.code);
  out.field("title", net::status_phrase(status));
  out.field("status", status);
  out.field("detail", pick(error.message, lang));
  out.field("code", error.code);
  if (!error.where.empty()) out.field("where", error.where);
  out.field("message", error.message);
  if (!members.empty()) out.raw_members(members);
  out.end_object();
  return out.take();
}

net::Response problem(int status, const Error& error, Lang lang, const ProblemExtras& extras) {
  net::Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = problem_body(status, error, lang, extras.members);
  response.headers.emplace_back("Content-Language", lang == Lang::zh ? "zh" : "en");
  std::optional<std::int64_t> retry = extras.retry_after_s;
  if (!retry && status == 503) retry = 5;
  if (!retry && status == 429) retry = 1;
  if (retry) response.headers.emplace_back("Retry-After", std::to_string(*retry));
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

net::Response problem(const Error& error, Lang lang, const ProblemExtras& extras) {
  return problem(status_of(error.code), error, lang, extras);
}

net::Response json_response(int status, std::string body) {
  net::Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

Error not_found(Text what) { return {"route.unknown", std::move(what), {}}; }
Error not_allowed(Text why) { return {"auth.not-allowed", std::move(why), {}}; }

}  // namespace tingan::api
