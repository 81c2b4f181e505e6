#include "sim/checkers/escalations.h"

#include <algorithm>

namespace tingan::sim {
namespace {

bool holds_now(const Condition& condition, const std::vector<ValueId>& facts) {
  return holds(condition, [&facts](int fact) { return facts[static_cast<std::size_t>(fact)]; });
}

std::string say(Instant at) { return format_rfc3339(at, Zone{}); }

}  // namespace

std::string EscalationChecker::name(const Course& course, std::size_t index) const {
  return fmt::format("escalation {}/{} of {}", course.plan->id.str(), course.plan->escalations[index].id.str(),
                     to_string(course.id));
}

// Somebody whom it told has it; or, where it counts from a step, somebody whom that step told.
bool EscalationChecker::has_been_acknowledged(const Course& course, const Escalation& escalation) const {
  return std::any_of(course.tellings.begin(), course.tellings.end(), [&](const Telling& telling) {
    const bool about = std::any_of(telling.reasons.begin(), telling.reasons.end(), [&](const Reason& reason) {
      if (reason.kind == ReasonKind::escalation) return reason.part == escalation.id;
      return escalation.from >= 0 && reason.kind == ReasonKind::step &&
             reason.part == course.plan->steps[static_cast<std::size_t>(escalation.from)].id;
    });
    const auto count = std::count_if(telling.notices.begin(), telling.notices.end(),
                                     [&](std::uint32_t n) { return course.acknowledged.contains(n); });
    return about && static_cast<std::size_t>(count) >= std::max<std::size_t>(telling.need, 1);
  });
}

bool EscalationChecker::wanted(const Course& course, const Escalation& escalation) const {
  if (!course.open || escalation.of_parent != course.parent_role) return false;
  if (!holds_now(escalation.when, course.facts)) return false;
  if (escalation.until_acknowledged) return !has_been_acknowledged(course, escalation);
  return escalation.until.trivial() || !holds_now(escalation.until, course.facts);
}

std::optional<Instant> EscalationChecker::planned(const Course& course, std::size_t index) const {
  const Escalation& escalation = course.plan->escalations[index];
  const Clock& clock = course.clocks[index];
  if (clock.rounds > 0) {
    if (!escalation.repeat) return std::nullopt;
    return clock.last_due + *escalation.repeat;
  }
  if (escalation.from < 0) return course.declared + escalation.at;
  const auto& opened = course.opened[static_cast<std::size_t>(escalation.from)];
  if (!opened) return std::nullopt;
  return *opened + escalation.at;
}

std::optional<Instant> EscalationChecker::moment(const Course& course, std::size_t index) const {
  const auto at = planned(course, index);
  if (!at || !course.clocks[index].running) return std::nullopt;
  return std::max(*at, course.clocks[index].since);
}

void EscalationChecker::look_again(Course& course, Instant at) {
  for (std::size_t i = 0; i < course.clocks.size(); ++i) {
    Clock& clock = course.clocks[i];
    const bool now = wanted(course, course.plan->escalations[i]);
    if (now && !clock.running) clock.since = at;
    if (!now && clock.running) {
      const auto due = moment(course, i);
      if (due && *due < at) {
        verdict_.fail(fmt::format("{} was to fire at {}, but never did: it was stopped at {}", name(course, i),
                                  say(*due), say(at)));
      }
    }
    clock.running = now;
  }
}

void EscalationChecker::fired(Course& course, const EscalationFired& event, Instant at) {
  const int found = find_escalation(*course.plan, event.escalation);
  if (found < 0) return verdict_.fail("an escalation fired that is not in the plan");
  const auto index = static_cast<std::size_t>(found);
  Clock& clock = course.clocks[index];
  const auto due = moment(course, index);
  ++fired_;
  if (!due) return verdict_.fail(fmt::format("{} fired at {}, but it has no reason to", name(course, index), say(at)));
  if (*due > at) {
    verdict_.fail(fmt::format("{} fired early: at {} and not at {}", name(course, index), say(at), say(*due)));
  }
  if (*due < at) ++fired_late_;
  if (event.round != clock.rounds) {
    verdict_.fail(
        fmt::format("{} fired as round {}, but it is round {}", name(course, index), event.round, clock.rounds));
  }
  const Instant first = *planned(course, index);
  const auto& repeat = course.plan->escalations[index].repeat;
  // After a long silence the latest of the missed repeats stands for all of them.
  const bool on_the_beat = clock.rounds == 0 || !repeat
                               ? event.due == first
                               : event.due >= first && (event.due - first) % *repeat == Duration{0} &&
                                     event.due <= at && at - event.due < *repeat;
  if (!on_the_beat) {
    verdict_.fail(
        fmt::format("{} says that it was due at {}, but that was {}", name(course, index), say(event.due), say(first)));
  }
  if (last_in_tick_) {
    if (*due < *last_in_tick_) {
      verdict_.fail(fmt::format("{} was due at {} but fired after one that was due at {}", name(course, index),
                                say(*due), say(*last_in_tick_)));
    }
    last_in_tick_ = *due;
  }
  clock.rounds = event.round + 1;
  clock.last_due = event.due;
}

struct EscalationChecker::Follower {
  EscalationChecker& self;
  Course& course;
  Instant at;

  void set(const FactSetting& setting) {
    const int index = find_fact(*course.plan, setting.fact);
    if (index >= 0) course.facts[static_cast<std::size_t>(index)] = setting.value;
  }
  void operator()(const IncidentDeclared& e) {
    course.plan = self.find_plan_(e.plan, e.plan_version);
    if (course.plan == nullptr) return self.verdict_.fail("an incident runs a plan that was never published");
    course.parent_role = e.parent_role;
    course.declared = at;
    for (const Fact& fact : course.plan->facts) course.facts.push_back(fact.values.front());
    course.opened.resize(course.plan->steps.size());
    course.clocks.resize(course.plan->escalations.size());
    for (const FactSetting& setting : e.facts) set(setting);
  }
  void operator()(const FactsStated& e) {
    for (const FactSetting& setting : e.set) set(setting);
  }
  void operator()(const PlanAdvanced& e) {
    for (const StepOpening& opening : e.opened) {
      auto& opened = course.opened[static_cast<std::size_t>(find_step(*course.plan, opening.step))];
      if (!opened) opened = at;
    }
  }
  void operator()(const Told& e) {
    Telling telling{e.reasons, e.shared, static_cast<std::size_t>(std::max(e.need, 0))};
    for (const NewNotice& notice : e.notices) telling.notices.push_back(notice.n);
    course.tellings.push_back(std::move(telling));
  }
  void operator()(const NoticeProgressed& e) {
    if (e.rung == Rung::acknowledged) course.acknowledged.insert(e.notices.begin(), e.notices.end());
  }
  void operator()(const EscalationFired& e) { self.fired(course, e, at); }
  void operator()(const IncidentClosed&) { course.open = false; }
  void operator()(const IncidentReopened&) { course.open = true; }
  void operator()(const IncidentRetracted&) { course.open = false; }
  template <class Other>
  void operator()(const Other&) {}
};

void EscalationChecker::on_record(const StoredRecord&, const Record& record) {
  if (record.incident.none() || verdict_.failed()) return;
  Course& course = courses_[record.incident];
  course.id = record.incident;
  for (const AnyEvent& any : record.events) {
    const auto* event = std::get_if<IncidentEvent>(&any);
    if (event == nullptr) continue;
    std::visit(Follower{*this, course, record.time.at}, *event);
    if (verdict_.failed() || course.plan == nullptr) return;
    look_again(course, record.time.at);
  }
}

void EscalationChecker::on_quiet(Instant now, EngineCore&) {
  for (const auto& [id, course] : courses_) {
    if (!course.open || course.plan == nullptr) continue;
    for (std::size_t i = 0; i < course.clocks.size(); ++i) {
      const auto due = moment(course, i);
      if (due && *due <= now) {
        verdict_.fail(
            fmt::format("{} was due at {}, but it has not fired at {}", name(course, i), say(*due), say(now)));
      }
    }
  }
}

}  // namespace tingan::sim
