// The two words that stand a silent incident down (docs/adr/0014-duress.md): one that is meant, one said under threat.
#include "api/bodies.h"
#include "api/credentials.h"
#include "api/json_in.h"
#include "api/object_reader.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "core/incident/advance.h"
#include "core/incident/decide.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

constexpr std::size_t kDigitsMin = 4;
constexpr std::size_t kDigitsMax = 8;

HashCost cost_of(const Service& service) { return service.options.demo ? HashCost::demo : HashCost::interactive; }

// Digits only: a word is typed into something that looks like a calculator.
Expected<void> check_words(const WordsBody& body) {
  if (body.stand_down.empty()) return {};
  for (const auto& [key, word] : {std::pair{"/stand_down", &body.stand_down}, std::pair{"/duress", &body.duress}}) {
    const bool digits = std::all_of(word->begin(), word->end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits && word->size() >= kDigitsMin && word->size() <= kDigitsMax && word->front() != '0') continue;
    return fail("words.malformed",
                {fmt::format("暗语是 {} 到 {} 位数字，第一位不是 0", kDigitsMin, kDigitsMax),
                 fmt::format("Expected {} to {} digits, the first not 0", kDigitsMin, kDigitsMax)},
                key);
  }
  if (body.stand_down == body.duress) {
    return fail("words.same", {"两个暗语不能一样", "Expected two words that differ, but they are the same"}, "/duress");
  }
  return {};
}

Expected<HallWordsSet> make_words(Service& service, UnitId hall, const WordsBody& body) {
  HallWordsSet command{hall, {}, {}};
  if (body.stand_down.empty()) return command;
  const std::string key = "unit:" + hall.str();
  auto stand_down = service.ports.sealer.seal(key, hash_password(body.stand_down, cost_of(service)));
  if (!stand_down) return tl::unexpected(stand_down.error());
  auto duress = service.ports.sealer.seal(key, hash_password(body.duress, cost_of(service)));
  if (!duress) return tl::unexpected(duress.error());
  command.stand_down = std::move(*stand_down);
  command.duress = std::move(*duress);
  return command;
}

enum class Word { wrong, stand_down, duress };

// Both are verified whatever the first says: the time tells nothing.
Expected<Word> which(Service& service, const HallWords& words, const std::string& code) {
  const auto stand_down = service.ports.sealer.open(words.stand_down);
  if (!stand_down) return tl::unexpected(stand_down.error());
  const auto duress = service.ports.sealer.open(words.duress);
  if (!duress) return tl::unexpected(duress.error());
  const bool meant = verify_password(stand_down->value_or(""), code);
  const bool forced = verify_password(duress->value_or(""), code);
  return forced ? Word::duress : meant ? Word::stand_down : Word::wrong;
}

void mark_duress(IncidentCommand& command) {
  if (auto* retract = std::get_if<RetractIncident>(&command)) retract->under_duress = true;
  if (auto* facts = std::get_if<StateFacts>(&command)) facts->under_duress = true;
}

// What an idempotency key is bound to must not hold a word.
void forget_code(net::Request& request) {
  const auto json = parse_json(request.body);
  const auto* members = json ? json->as<JsonValue::Object>() : nullptr;
  if (members == nullptr) return;
  JsonValue::Object rest;
  for (const auto& member : *members) {
    if (member.first != "code") rest.push_back(member);
  }
  request.body = write_json(JsonValue{std::move(rest)});
}

// A reason that was written is only sealed later: what is decided here counts it as there.
void count_reason(IncidentCommand& command) {
  const Sealed written{"incident:reason", "AA"};
  if (auto* retract = std::get_if<RetractIncident>(&command)) retract->reason = written;
  if (auto* facts = std::get_if<StateFacts>(&command)) facts->reason = written;
}

// Rights and the time window, by the rules themselves, before a word is looked at: who may not stand down gets to try
// none.
std::optional<Error> would_be_refused(Service& service, const Call& call, const Work& work) {
  const IncidentPtr incident = service.ports.view.find(work.incident);
  if (incident == nullptr) return std::nullopt;
  IncidentCommand command = std::get<IncidentCommand>(work.command);
  if (work.seal) count_reason(command);
  const auto decided = decide(*incident, command, {service.now(), call.directory(), call.who, {}, kNever});
  return decided ? std::nullopt : std::optional<Error>(decided.error());
}

}  // namespace

bool would_stand_down(const IncidentState& incident, const std::vector<FactSetting>& set) {
  if (!incident.silent) return false;
  IncidentState then = incident;
  for (const FactSetting& setting : set) {
    const int index = find_fact(*incident.plan, setting.fact);
    if (index >= 0) then.facts[static_cast<std::size_t>(index)].value = setting.value;
  }
  const auto value = [&then](int fact) { return then.facts[static_cast<std::size_t>(fact)].value; };
  const bool contained = incident.plan->has_contained && holds(incident.plan->contained, value);
  return !wants_silence(then) || contained;
}

Expected<void> ask_for_word(Service& service, Call& call, Work& work, bool stands_down, const std::string& code) {
  const HallWords* words = call.registry->words_of(work.unit);
  forget_code(call.request);
  if (!stands_down || call.who.unit != work.unit) return {};
  const Error wrong{"words.wrong", {"暗语不对", "Expected the hall's word, but it is another"}, "/code"};
  // A number that was typed for nothing must not stand anything down.
  if (words == nullptr && !code.empty()) return tl::unexpected(wrong);
  if (words == nullptr) return {};
  if (code.empty()) {
    return fail("words.needed", {"解除静默事件请输入暗语", "Expected the hall's word to stand a silent incident down"},
                "/code");
  }
  if (auto refused = would_be_refused(service, call, work)) {
    if (!call.request.headers.find("Idempotency-Key")) return tl::unexpected(*refused);
    work.refused_unless_replayed = std::move(refused);
    return {};
  }
  // By person, from wherever: who is signed in has no need of a second address.
  const std::string user = "words:" + call.who.person.str();
  const auto throttled = [&service](Duration wait) -> Error {
    service.metrics.throttled();
    const std::int64_t seconds = (wait.count() + 999) / 1000;
    return {"auth.throttled",
            {fmt::format("连续输错，请 {} 秒后再试", seconds),
             fmt::format("Expected a pause after several wrong words: try again in {} s", seconds)},
            {}};
  };
  const Duration wait = service.throttle.wait(user, "", service.wall_now());
  if (wait.count() > 0) return tl::unexpected(throttled(wait));
  work.verify = [&service, words = *words, code, user, throttled, wrong](Work& mine) -> Expected<void> {
    const Duration pause = service.throttle.take(user, "", service.wall_now());
    if (pause.count() > 0) return tl::unexpected(throttled(pause));
    const auto word = which(service, words, code);
    if (!word) return tl::unexpected(word.error());
    if (*word == Word::wrong) return tl::unexpected(wrong);
    service.throttle.succeeded(user, "", service.wall_now());
    if (*word == Word::duress) mark_duress(std::get<IncidentCommand>(mine.command));
    return {};
  };
  return {};
}

Expected<net::Response> get_words(Service&, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto hall = unit_of(call.directory(), call.param(0), "unit.unknown", "id");
  if (!hall) return tl::unexpected(hall.error());
  if (!may_see_unit(call.directory(), call.who, *hall) && !may_set_words(call.directory(), call.who, *hall)) {
    return fail("unit.not-allowed", {"您不能看这个单位", "Expected your unit or one below it, but it is another"},
                "id");
  }
  JsonOut out;
  out.begin_object();
  out.field("set", call.registry->words_of(*hall) != nullptr);
  out.field("may_set", may_set_words(call.directory(), call.who, *hall));
  out.end_object();
  return json_response(200, out.take());
}

void set_words(Service& service, const CallPtr& call) {
  const auto hall = unit_of(call->directory(), call->param(0), "unit.unknown", "id");
  if (!hall) return service.refuse(*call, hall.error());
  auto body = read_body_of(*call, parse_words);
  if (!body) return service.refuse(*call, body.error());
  if (auto good = check_words(*body); !good) return service.refuse(*call, good.error());
  // The right is judged before anything is hashed; the engine asks again.
  if (!may_set_words(call->directory(), call->who, *hall)) {
    return service.refuse(*call, {"words.not-allowed",
                                  {"只有营业厅主任、上级安全员和管理员可以设置暗语",
                                   "Expected the hall's director, a safety officer above it or an administrator"},
                                  "id"});
  }
  service.on_hashing(call, [&service, call, hall = *hall, body = std::move(*body)] {
    if (!knows_password(service, *call, body.password)) return;
    auto command = make_words(service, hall, body);
    if (!command) return service.refuse(*call, command.error());
    // No idempotency key here: a hash of a body with words must not be kept.
    Submission submission{.person = call->who.person, .unit = hall, .command = UnitCommand(std::move(*command))};
    submission.done = [&service, call](const Outcome& outcome) {
      if (outcome.refused) return service.refuse(*call, *outcome.refused);
      net::Response response;
      response.status = 204;
      service.finish(*call, std::move(response));
    };
    service.metrics.command();
    service.ports.submit(std::move(submission));
  });
}

}  // namespace tingan::api
