#include "sim/workloads/hall_day.h"

#include <algorithm>

namespace tingan::sim {
namespace {

using Command = decltype(Submission::command);

// A slip is noticed at once or not at all.
constexpr Duration kRetractLikely = std::chrono::seconds{90};

bool active(StepStatus status) { return status == StepStatus::open || status == StepStatus::started; }

}  // namespace

HallDay::HallDay(const NodeImage& image, SeededRandom random)
    : image_(image), random_(random), texts_(image.plan_texts) {
  const Organisation& organisation = image.directory->organisation();
  for (const Unit& unit : organisation.units) {
    if (unit.kind == UnitKind::hall) halls_.push_back(unit.id);
    if (unit.kind == UnitKind::centre) centre_ = unit.id;
  }
  // Two to four halls: enough to come together, few enough to meet each other often.
  halls_.resize(std::min<std::size_t>(halls_.size(), 2 + random_.below(3)));
  for (const Person& person : organisation.people) people_[person.unit].push_back(person.id);
}

Request HallDay::start(const char* verb, PersonId person, UnitId unit) {
  Request request;
  request.token = fmt::format("r{}", ++count_);
  request.what = verb;
  request.person = person;
  request.unit = unit;
  request.keyed = !random_.chance(100);
  return request;
}

PersonId HallDay::somebody(UnitId hall) {
  return random_.chance(700) && people_.contains(hall) ? random_.pick(people_[hall]) : random_.pick(people_[centre_]);
}

PersonId HallDay::leader(UnitId hall) {
  if (random_.chance(700)) {
    const auto directors = image_.directory->standing(hall, RoleId("hall-director"));
    if (!directors.empty()) return directors.front();
  }
  const auto group = image_.directory->standing(centre_, RoleId("general-group"));
  return group.empty() ? somebody(hall) : group.front();
}

Request HallDay::declare(UnitId hall, PlanId type, bool drill) {
  Request request = start("declare", somebody(hall), hall);
  request.what = fmt::format("declare {} in {}{}", type.str(), hall.str(), drill ? " (drill)" : "");
  std::vector<FactSetting> facts;
  const auto plan =
      std::find_if(image_.plans.begin(), image_.plans.end(), [&](const auto& p) { return p->id == type; });
  if (random_.chance(400) && !(*plan)->facts.empty()) {
    const Fact& fact = random_.pick((*plan)->facts);
    facts.push_back({fact.id, random_.pick(fact.values)});
  }
  request.command = [=, token = request.token](const Intake& intake) -> Command {
    const IncidentId id = new_incident_id(intake.now, intake.random);
    return IncidentCommand(Declare{
        .id = id, .unit = hall, .type = type, .facts = facts, .drill = drill, .note = private_text(intake, id, token)});
  };
  return request;
}

Request HallDay::any_declare() {
  const PlanPtr& plan = random_.pick(image_.plans);
  const UnitId hall = random_.pick(halls_);
  const bool drill = random_.chance(200);
  last_trouble_.reset();
  if (plan->correlate) last_trouble_ = {plan->id, drill};
  last_hall_ = hall;
  return declare(hall, plan->id, drill);
}

std::optional<Request> HallDay::echo(const Request& request) {
  if (!last_trouble_ || !request.what.starts_with("declare")) return std::nullopt;
  if (!random_.chance(600)) return std::nullopt;
  UnitId other = random_.pick(halls_);
  if (other == last_hall_) return std::nullopt;
  return declare(other, last_trouble_->first, last_trouble_->second != random_.chance(100));
}

Request HallDay::facts(const IncidentState& incident) {
  Request request = start("facts", somebody(incident.unit), incident.unit);
  request.incident = incident.id;
  const Fact& fact = random_.pick(incident.plan->facts);
  const FactSetting setting{fact.id, random_.pick(fact.values)};
  request.what = fmt::format("state {}={} ({})", fact.id.str(), setting.value.str(), incident.plan_id.str());
  request.command = [=, id = incident.id, token = request.token](const Intake& intake) -> Command {
    return IncidentCommand(StateFacts{{setting}, private_text(intake, id, token), false});
  };
  return request;
}

Request HallDay::step(const IncidentState& incident) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < incident.steps.size(); ++i) {
    if (active(incident.steps[i].status)) open.push_back(i);
  }
  const std::size_t index =
      open.empty() || random_.chance(50) ? random_.below(incident.steps.size()) : random_.pick(open);
  const std::vector<PersonId>& people = incident.steps[index].people;
  const PersonId person = people.empty() || random_.chance(200) ? leader(incident.unit) : random_.pick(people);
  Request request = start("step", person, incident.unit);
  request.incident = incident.id;
  MarkStep mark{.step = incident.plan->steps[index].id};
  const auto dice = random_.below(10);
  mark.status = dice < 2 ? StepStatus::started : dice < 3 ? StepStatus::skipped : StepStatus::done;
  mark.has_reason = true;
  request.what = fmt::format("mark {} ({})", mark.step.str(), incident.plan_id.str());
  request.command = [=, id = incident.id, token = request.token](const Intake& intake) -> Command {
    MarkStep marked = mark;
    marked.note = private_text(intake, id, token);
    return IncidentCommand(marked);
  };
  return request;
}

Request HallDay::progress(const IncidentState& incident) {
  Request request = start("progress", somebody(incident.unit), incident.unit);
  request.incident = incident.id;
  request.command = [id = incident.id, token = request.token](const Intake& intake) -> Command {
    return IncidentCommand(NoteProgress{private_text(intake, id, token), false});
  };
  return request;
}

Request HallDay::report(const IncidentState& incident) {
  Request request = start("report", leader(incident.unit), incident.unit);
  request.incident = incident.id;
  static const std::vector<std::string> kinds = {"initial", "follow-up", "final"};
  request.command = [kind = random_.pick(kinds), draft = random_.chance(300), id = incident.id,
                     token = request.token](const Intake& intake) -> Command {
    const Sealed content = private_text(intake, id, token);
    if (draft) return IncidentCommand(DraftReport{kind, content});
    return IncidentCommand(FileReport{kind, content});
  };
  return request;
}

Request HallDay::ending(const IncidentState& incident, Instant now) {
  Request request = start("end", leader(incident.unit), incident.unit);
  request.incident = incident.id;
  const bool fresh = now - incident.declared_at < kRetractLikely;
  const bool closed = incident.status == IncidentStatus::closed;
  request.what = closed ? "reopen" : fresh ? "retract" : "close";
  request.command = [=, id = incident.id, token = request.token](const Intake& intake) -> Command {
    if (closed) return IncidentCommand(ReopenIncident{private_text(intake, id, token)});
    if (fresh) return IncidentCommand(RetractIncident{private_text(intake, id, token)});
    return IncidentCommand(CloseIncident{private_text(intake, id, token), true});
  };
  return request;
}

Request HallDay::acknowledge(const IncidentState& incident, std::uint32_t n) {
  Request request = start("ack", incident.notices[n - 1].person, incident.unit);
  request.incident = incident.id;
  request.what = fmt::format("acknowledge {}", n);
  request.command = [n](const Intake&) -> Command { return IncidentCommand(AcknowledgeNotice{n}); };
  return request;
}

Request HallDay::any_acknowledge(const IncidentState& incident) {
  if (incident.notices.empty()) return progress(incident);
  return acknowledge(incident, static_cast<std::uint32_t>(1 + random_.below(incident.notices.size())));
}

Request HallDay::roster(Instant now) {
  const UnitId hall = random_.pick(halls_);
  Request request = start("roster", leader(hall), hall);
  const PersonId from = random_.pick(people_[hall]);
  const PersonId to = random_.pick(people_[hall]);
  const Person* person = image_.directory->person(from);
  const RoleId role = person->roles.empty() ? RoleId("clerk") : random_.pick(person->roles);
  const auto kind = random_.below(3);
  request.command = [=](const Intake&) -> Command {
    if (kind == 0) return UnitCommand(RoleHandedOver{IncidentId{}, hall, role, from, to, Instant{}});
    if (kind == 1) return UnitCommand(PresenceStated{from, false, now + std::chrono::hours{1}});
    return UnitCommand(SubstitutionSet{from, to, now, now + std::chrono::hours{2}});
  };
  return request;
}

// Somebody changes how long a step or an escalation may take.
Request HallDay::publish() {
  const std::size_t index = random_.below(texts_.size());
  std::string& text = texts_[index];
  static const std::vector<std::pair<std::string, std::string>> changes = {
      {"within: 5m", "within: 6m"}, {"within: 6m", "within: 5m"}, {"at: 30m", "at: 25m"}, {"at: 25m", "at: 30m"}};
  const auto& [old_words, new_words] = random_.pick(changes);
  if (const auto at = text.find(old_words); at != std::string::npos) text.replace(at, old_words.size(), new_words);
  Request request = start("publish", PersonId("admin@centre"), centre_);
  request.command = [yaml = text, id = image_.plans[index]->id](const Intake&) -> Command {
    return UnitCommand(PublishPlan{yaml, "plans/" + id.str() + ".yaml"});
  };
  return request;
}

Request HallDay::next(const View& view, Instant now) {
  std::vector<IncidentPtr> shown = view.open();
  std::sort(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return a->id < b->id; });
  constexpr std::size_t kBusy = 8;
  const int declares = shown.empty() ? 1000 : shown.size() < kBusy ? 200 : 20;
  if (random_.chance(declares)) return any_declare();
  const IncidentState& incident = *random_.pick(shown);
  const auto dice = random_.below(100);
  if (dice < 28) return facts(incident);
  if (dice < 60) return step(incident);
  if (dice < 74) return any_acknowledge(incident);
  if (dice < 78) return progress(incident);
  if (dice < 84) return report(incident);
  if (dice < 88) return roster(now);
  if (dice < 89) return publish();
  if (dice < 94) {
    // What has ended may be opened again.
    const std::vector<IncidentPtr> all = view.of_unit(incident.unit);
    return ending(*random_.pick(all), now);
  }
  return ending(incident, now);
}

}  // namespace tingan::sim
