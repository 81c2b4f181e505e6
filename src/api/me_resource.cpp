// What the signed-in person has to do and to read now.
#include "api/bodies.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

bool contains(const std::vector<PersonId>& people, PersonId person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

struct Task {
  IncidentPtr incident;
  std::size_t step = 0;
  bool assigned = false;  // told by name; otherwise by the standing role

  const Step& part() const { return incident->plan->steps[step]; }
  const StepState& state() const { return incident->steps[step]; }
};

// The moment that a step is judged by: its deadline. In danger what has none follows those with a minute to go, and
// stands before everything that has longer.
constexpr Duration kDangerPatience = std::chrono::minutes(2);

Instant urgency(const Task& task) {
  if (task.state().due != kNever) return task.state().due;
  return task.incident->plan->severity == Severity::danger ? task.state().opened + kDangerPatience : kNever;
}

bool more_urgent(const Task& a, const Task& b) {
  const auto key = [](const Task& task) {
    return std::tuple(task.incident->drill, urgency(task), -static_cast<int>(task.incident->plan->severity),
                      !task.assigned, task.state().opened, task.step);
  };
  return key(a) < key(b);
}

void collect(const Call& call, const IncidentPtr& incident, std::vector<Task>& tasks) {
  for (std::size_t i = 0; i < incident->steps.size(); ++i) {
    const StepState& state = incident->steps[i];
    const Step& step = incident->plan->steps[i];
    if (state.status != StepStatus::open && state.status != StepStatus::started) continue;
    const bool assigned = contains(state.people, call.who.person);
    if (!assigned && role_for(call.directory(), call.who, step.role, incident->unit).empty()) continue;
    const bool declined = std::any_of(state.declined.begin(), state.declined.end(),
                                      [&](const Declination& one) { return one.person == call.who.person; });
    if (declined && !assigned) continue;
    if (step.each && (!assigned || contains(state.done_by, call.who.person))) continue;
    tasks.push_back({incident, i, assigned});
  }
}

void write_incident_of(JsonOut& out, const IncidentState& incident, const Directory& directory) {
  out.field("incident", to_string(incident.id));
  out.field("unit", incident.unit.str());
  if (const Unit* unit = directory.unit(incident.unit)) out.field("unit_name", unit->name);
  out.field("type", incident.plan_id.str());
  out.field("title", incident.plan->title);
  out.field("drill", incident.drill);
  out.field("silent", incident.silent);
}

void write_task(JsonOut& out, const Call& call, const Task& task, Instant now) {
  out.begin_object();
  write_incident_of(out, *task.incident, call.directory());
  out.field("assigned", task.assigned);
  out.name("step");
  write_step(out, *task.incident, task.step, call.directory(), now);
  write_next_telling(out, *task.incident, task.step, call.directory(), now);
  write_prohibitions(out, *task.incident, call.directory(), &call.who);
  write_scripts(out, *task.incident, call.directory(), &call.who);
  out.end_object();
}

// A slip that was retracted, a close: who was told must be able to read that it is over.
constexpr Duration kShownAfterEnd = std::chrono::hours{24};

// The role or the step has gone to somebody else before this person said a word: nothing is asked here any more.
bool is_void(const IncidentState& incident, const NoticeState& notice) {
  return notice.acknowledged == kNever &&
         std::none_of(incident.tellings.begin(), incident.tellings.end(), [&](const TellingState& telling) {
           return std::find(telling.notices.begin(), telling.notices.end(), notice.n) != telling.notices.end();
         });
}

struct Mine {
  IncidentPtr incident;
  const NoticeState* notice = nullptr;
};

Expected<std::pair<IncidentPtr, std::uint32_t>> notice_for(const Service& service, const Call& call) {
  const auto id = parse_notice_id(call.param(0));
  const IncidentPtr incident =
      id ? seen_by(call.directory(), call.who, service.ports.view.find(id->incident)) : nullptr;
  const bool known = incident != nullptr && id->n >= 1 && id->n <= incident->notices.size();
  const bool own = known && incident->notices[id->n - 1].person == call.who.person;
  if (!known || (!own && !may_see(call.directory(), call.who, *incident))) {
    return fail("notice.unknown", {"没有这条通知", "Expected a known notice, but there is none of this id"}, "id");
  }
  if (!own) {
    return fail("incident.not-allowed",
                {"这条通知不是发给您的", "Expected the person who was told, but the notice is for somebody else"},
                "id");
  }
  return std::pair{incident, id->n};
}

Work work_on_notice(const Who& who, const IncidentPtr& incident, std::uint32_t n, IncidentCommand command) {
  Work work;
  work.incident = incident->id;
  work.unit = incident->unit;
  work.command = std::move(command);
  work.body = [n, who](const Outcome& outcome, const Registry& registry) {
    JsonOut out;
    const IncidentPtr shown = seen_by(registry.directory(), who, outcome.incident);
    if (shown == nullptr || n > shown->notices.size()) return std::string("{}");
    write_notice(out, *shown, shown->notices[n - 1], registry.directory());
    return out.take();
  };
  return work;
}

}  // namespace

Expected<net::Response> get_my_steps(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"limit"}); !known) return tl::unexpected(known.error());
  const auto limit = limit_of(call.request);
  if (!limit) return tl::unexpected(limit.error());
  std::vector<Task> tasks;
  for (const IncidentId id : service.index.open()) {
    const IncidentPtr incident = seen_by(call.directory(), call.who, service.ports.view.find(id));
    const bool over = incident != nullptr && incident->ended_at != kNever;  // in the cover
    if (incident != nullptr && !over && may_see(call.directory(), call.who, *incident)) collect(call, incident, tasks);
  }
  std::sort(tasks.begin(), tasks.end(), more_urgent);
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  const Instant now = service.now();
  for (std::size_t i = 0; i < std::min(*limit, tasks.size()); ++i) write_task(out, call, tasks[i], now);
  out.end_array();
  out.null("next");
  out.field("total", tasks.size());
  out.time("now", now, call.zone());
  out.end_object();
  return json_response(200, out.take());
}

// Those not acknowledged first, the newest of each first.
Expected<net::Response> get_my_notices(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"limit"}); !known) return tl::unexpected(known.error());
  const auto limit = limit_of(call.request);
  if (!limit) return tl::unexpected(limit.error());
  std::vector<Mine> mine;
  for (const IncidentId id : service.index.open_or_since(service.now() - kShownAfterEnd)) {
    const IncidentPtr incident = seen_by(call.directory(), call.who, service.ports.view.find(id));
    if (incident == nullptr) continue;
    // In a cover that has ended.
    if (incident->ended_at != kNever && incident->ended_at + kShownAfterEnd < service.now()) continue;
    for (const NoticeState& notice : incident->notices) {
      if (notice.person == call.who.person && !is_void(*incident, notice)) mine.push_back({incident, &notice});
    }
  }
  std::sort(mine.begin(), mine.end(), [](const Mine& a, const Mine& b) {
    const bool a_done = a.notice->acknowledged != kNever;
    const bool b_done = b.notice->acknowledged != kNever;
    return std::tuple(a_done, b.notice->queued) < std::tuple(b_done, a.notice->queued);
  });
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (std::size_t i = 0; i < std::min(*limit, mine.size()); ++i) {
    out.begin_object();
    write_incident_of(out, *mine[i].incident, call.directory());
    out.name("notice");
    write_notice(out, *mine[i].incident, *mine[i].notice, call.directory());
    out.end_object();
  }
  out.end_array();
  out.null("next");
  out.field("total", mine.size());
  out.end_object();
  return json_response(200, out.take());
}

Expected<Work> acknowledge_notice(Service& service, Call& call) {
  const auto notice = notice_for(service, call);
  if (!notice) return tl::unexpected(notice.error());
  if (auto body = read_body_of(call, parse_nothing); !body) return tl::unexpected(body.error());
  return work_on_notice(call.who, notice->first, notice->second, AcknowledgeNotice{notice->second});
}

Expected<Work> see_notice(Service& service, Call& call) {
  const auto notice = notice_for(service, call);
  if (!notice) return tl::unexpected(notice.error());
  if (auto body = read_body_of(call, parse_nothing); !body) return tl::unexpected(body.error());
  return work_on_notice(
      call.who, notice->first, notice->second,
      ReportDelivery{.notices = {notice->second}, .rung = Rung::seen, .channel = ChannelId("console"), .error = {}});
}

}  // namespace tingan::api
