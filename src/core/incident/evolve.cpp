#include "core/incident/evolve.h"

#include "base/check.h"

namespace tingan {
namespace {

struct Applier {
  IncidentState& state;
  Instant at;
  const Actor& by;

  StepState& step(PartId id) {
    const int index = find_step(*state.plan, id);
    CHECK(index >= 0);
    return state.steps[static_cast<std::size_t>(index)];
  }
  TellingState& telling(std::uint32_t id) {
    CHECK(id >= 1 && id <= state.tellings.size());
    return state.tellings[id - 1];
  }
  NoticeState& notice(std::uint32_t n) {
    CHECK(n >= 1 && n <= state.notices.size());
    return state.notices[n - 1];
  }
  ReportState& report(const std::string& kind) {
    for (ReportState& known : state.reports) {
      if (known.kind == kind) return known;
    }
    state.reports.push_back({.kind = kind});
    return state.reports.back();
  }
  void set_fact(const FactSetting& setting) {
    const int index = find_fact(*state.plan, setting.fact);
    CHECK(index >= 0);
    const Fact& fact = state.plan->facts[static_cast<std::size_t>(index)];
    FactState& now = state.facts[static_cast<std::size_t>(index)];
    const bool moved = now.moved || setting.value != fact.values.front();
    now = {setting.value, fact.answered_by(setting.value), true, moved, at, by};
  }
  void start_report_clock(const char* kind, const std::optional<ReportNeed>& need) {
    if (!need) return;
    const auto after = need->within ? need->within : need->every;
    state.reports.push_back({.kind = kind, .due = after ? at + *after : kNever});
  }
  template <class Parts>
  void flags(std::vector<bool>& on, const Parts& parts, const std::vector<PartId>& ids, bool value) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (std::find(ids.begin(), ids.end(), parts[i].id) != ids.end()) on[i] = value;
    }
  }

  void operator()(const IncidentDeclared& e) {
    state.unit = e.unit;
    state.plan_id = e.plan;
    state.plan_version = e.plan_version;
    state.drill = e.drill;
    state.parent_role = e.parent_role;
    state.silent_override = e.silent;
    state.caused_by = e.caused_by;
    state.declared_at = at;
    state.declared_by = by;
    for (const FactSetting& setting : e.facts) set_fact(setting);
    start_report_clock("initial", state.plan->initial);
    start_report_clock("follow-up", state.plan->follow_up);
    start_report_clock("final", state.plan->final);
  }
  void operator()(const FactsStated& e) {
    for (const FactSetting& setting : e.set) set_fact(setting);
  }
  void operator()(const PlanAdvanced& e) {
    for (const StepOpening& opening : e.opened) {
      StepState& s = step(opening.step);
      s.status = StepStatus::open;
      s.opened = at;
      s.first_opened = s.ever_opened ? s.first_opened : at;
      s.ever_opened = true;
      s.due = opening.due.value_or(kNever);
      s.late_rules = 0;
      s.people = opening.people;
      s.done_by.clear();
      s.declined.clear();
    }
    for (const PartId id : e.answered) mark(step(id), StepStatus::done);
    for (const PartId id : e.withdrawn) mark(step(id), StepStatus::withdrawn);
    flags(state.scripts_on, state.plan->scripts, e.scripts_on, true);
    flags(state.scripts_on, state.plan->scripts, e.scripts_off, false);
    flags(state.prohibitions_on, state.plan->prohibitions, e.prohibitions_on, true);
    flags(state.prohibitions_on, state.plan->prohibitions, e.prohibitions_off, false);
    state.silent = e.silent.value_or(state.silent);
    if (e.contained) state.status = *e.contained ? IncidentStatus::contained : IncidentStatus::open;
  }
  void mark(StepState& s, StepStatus status) {
    s.status = status;
    s.marked_at = at;
    s.marked_by = by;
  }
  void operator()(const StepMarked& e) {
    StepState& s = step(e.step);
    mark(s, e.status);
    if (e.finished_by) s.done_by.push_back(*e.finished_by);
  }
  void operator()(const StepsReassigned& e) {
    for (const StepPassed& passed : e.steps) step(passed.step).people = passed.people;
    for (const std::uint32_t id : e.tellings) leave(telling(id), e.from);
  }
  // A notice that stands in no telling any more is void: nobody sends it, nobody waits for it.
  void leave(TellingState& t, PersonId person) {
    std::erase_if(t.notices, [&](std::uint32_t n) { return notice(n).person == person; });
    if (t.notices.empty()) {
      t.ended = true;
      t.again_at = kNever;
    } else {
      t.need = std::min(t.need, static_cast<std::uint16_t>(t.notices.size()));
    }
  }
  void operator()(const StepsLate& e) {
    for (const LateStep& late : e.steps) step(late.step).late_rules = static_cast<std::uint8_t>(e.rule + 1);
  }
  void operator()(const EscalationFired& e) {
    const int index = find_escalation(*state.plan, e.escalation);
    CHECK(index >= 0);
    EscalationState& escalation = state.escalations[static_cast<std::size_t>(index)];
    if (escalation.rounds == 0) escalation.fired = at;
    escalation.rounds = static_cast<std::uint16_t>(e.round + 1);
    escalation.last_due = e.due;
  }
  void operator()(const Told& e) {
    CHECK(e.telling == state.next_telling);
    ++state.next_telling;
    TellingState t{.id = e.telling,
                   .role = e.role,
                   .acting = e.acting,
                   .via = e.via,
                   .round = 0,
                   .passes = static_cast<std::uint8_t>(e.passes),
                   .need = static_cast<std::uint16_t>(e.need),
                   .ended = !e.again_at,
                   .again_at = e.again_at.value_or(kNever),
                   .reasons = e.reasons,
                   .notices = e.shared};
    for (const NewNotice& fresh : e.notices) {
      CHECK(fresh.n == state.next_notice);
      ++state.next_notice;
      state.notices.push_back({.n = fresh.n, .person = fresh.person, .telling = e.telling, .queued = at});
      t.notices.push_back(fresh.n);
    }
    state.tellings.push_back(std::move(t));
  }
  void operator()(const ToldAgain& e) {
    TellingState& t = telling(e.telling);
    t.round = static_cast<std::uint8_t>(e.round);
    t.again_at = e.again_at.value_or(kNever);
  }
  void operator()(const TellingEnded& e) {
    for (const std::uint32_t id : e.tellings) {
      telling(id).ended = true;
      telling(id).again_at = kNever;
    }
  }
  void operator()(const NoticeProgressed& e) {
    for (const std::uint32_t n : e.notices) {
      climb(notice(n), e.rung);
      if (e.rung == Rung::sent || e.rung == Rung::failed) add_way(notice(n), e.channel);
    }
  }
  static void add_way(NoticeState& n, ChannelId channel) {
    if (std::find(n.ways.begin(), n.ways.end(), channel) == n.ways.end()) n.ways.push_back(channel);
  }
  // The first time of each rung counts; a later echo changes nothing.
  void climb(NoticeState& n, Rung rung) {
    Instant* const rungs[] = {&n.sent, &n.delivered, &n.seen, &n.acknowledged};
    if (rung == Rung::failed) {
      ++n.failed_channels;
    } else {
      Instant& when = *rungs[static_cast<std::size_t>(rung)];
      when = std::min(when, at);
    }
  }
  void operator()(const EscalationAcknowledged& e) {
    const int index = find_escalation(*state.plan, e.escalation);
    CHECK(index >= 0);
    state.escalations[static_cast<std::size_t>(index)].acknowledged = true;
  }
  void operator()(const ChainFired& e) { state.chains.push_back({e.chain, e.started}); }
  void operator()(const ParentJoined& e) { state.parent = e.parent; }
  void operator()(const ChildJoined& e) { state.children.push_back({e.child, e.unit}); }
  void operator()(const ProgressNoted&) {}
  void operator()(const ReportDrafted&) {}
  void operator()(const ReportFiled& e) {
    ReportState& r = report(e.kind);
    ++r.filed_count;
    r.filed = at;
    r.filed_late = e.late;
    r.missed = false;
    r.due = e.next_due.value_or(kNever);
  }
  void operator()(const ReportMissed& e) { report(e.kind).missed = true; }
  void operator()(const FormFiled& e) { state.forms.push_back({e.form, e.number, by.person, at}); }
  void operator()(const StepDeclined& e) {
    StepState& s = step(e.step);
    s.declined.push_back({by.person, at});
    s.people = e.people;
  }
  void operator()(const EvidenceAdded& e) {
    CHECK(e.n == state.evidence.size() + 1);
    state.evidence.push_back({e.media, e.bytes, e.blob, e.details, by, at, {}});
  }
  void operator()(const EvidenceSeen& e) {
    CHECK(e.n >= 1 && e.n <= state.evidence.size());
    state.evidence[e.n - 1].seen_by.push_back(by.person);
  }
  void operator()(const HeadcountTaken& e) {
    HeadcountState& count = state.headcount;
    for (const PersonCounted& person : e.staff) counted(person.person) = person.state;
    if (e.customers_here) count.customers_here = e.customers_here;
    if (e.customers_missing) count.customers_missing = e.customers_missing;
    if (!e.note.empty()) count.note = e.note;
    count.by = by;
    count.at = at;
  }
  Whereabouts& counted(PersonId person) {
    for (PersonCounted& known : state.headcount.staff) {
      if (known.person == person) return known.state;
    }
    return state.headcount.staff.emplace_back(PersonCounted{person, Whereabouts::unknown}).state;
  }
  void operator()(const StoodDownUnderDuress&) {
    IncidentState shown = state;
    state.cover.push_back(std::move(shown));
    state.duress_at = at;
    state.duress_by = by;
  }
  void operator()(const CoverMoved& e) {
    CHECK(state.cover.size() == 1);
    for (const PlainIncidentEvent& event : e.events) std::visit(Applier{state.cover.front(), at, by}, event);
  }
  void operator()(const CoverLifted&) { state.cover.clear(); }
  void operator()(const IncidentClosed&) {
    state.status = IncidentStatus::closed;
    state.ended_at = at;
  }
  void operator()(const IncidentReopened&) {
    state.status = IncidentStatus::open;
    state.ended_at = kNever;
  }
  void operator()(const IncidentRetracted&) {
    state.status = IncidentStatus::retracted;
    state.ended_at = at;
  }
};

}  // namespace

IncidentState blank_incident(IncidentId id, PlanPtr plan) {
  IncidentState state;
  state.id = id;
  state.plan = std::move(plan);
  for (const Fact& fact : state.plan->facts) state.facts.push_back({.value = fact.values.front()});
  state.steps.resize(state.plan->steps.size());
  state.escalations.resize(state.plan->escalations.size());
  state.scripts_on.resize(state.plan->scripts.size());
  state.prohibitions_on.resize(state.plan->prohibitions.size());
  return state;
}

void evolve(IncidentState& state, const IncidentEvent& event, Instant at, const Actor& by) {
  std::visit(Applier{state, at, by}, event);
}

}  // namespace tingan
