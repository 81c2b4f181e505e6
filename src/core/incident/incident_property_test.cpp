// Properties of every shipped plan under random people and random time: what holds whatever anybody does.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "codec/organisation_yaml.h"
#include "codec/plan_yaml.h"
#include "core/incident/advance.h"
#include "core/incident/clocks.h"
#include "core/incident/decide.h"
#include "core/incident/gates.h"

namespace tingan {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

const std::vector<PlanPtr>& shipped_plans() {
  static const std::vector<PlanPtr> plans = [] {
    std::vector<PlanPtr> out;
    for (const auto& entry : std::filesystem::directory_iterator("plans")) {
      if (entry.path().extension() != ".yaml") continue;
      auto plan = parse_plan(read_file(entry.path()), entry.path().string(), 1);
      if (plan) out.push_back(*plan);
    }
    std::sort(out.begin(), out.end(), [](const PlanPtr& a, const PlanPtr& b) { return a->id < b->id; });
    return out;
  }();
  return plans;
}

const Directory& demo() {
  static const Directory directory(*parse_organisation(read_file("org/demo.yaml"), "org/demo.yaml"), RosterChanges{});
  return directory;
}

const Instant kStart = *parse_rfc3339("2026-11-23T10:00:00+08:00");

// A course of events: the state, the time, and every event with the time at which it happened.
struct Course {
  IncidentState state;
  Instant now = kStart;
  std::vector<std::pair<Instant, IncidentEvent>> events;
};

DecideContext context(const Course& run, const Who& who) { return {run.now, demo(), who, {}, kNever}; }

Who person(const char* id) { return *who_is(demo(), PersonId(id)); }

Who any_person() {
  static const std::vector<const char*> ids = {"hall-director@hall-a", "clerk@hall-a",         "guard@hall-a",
                                               "guide@hall-a",         "general-group@centre", "support-centre@centre",
                                               "service-dept@centre",  "centre-head@centre",   "clerk@hall-b"};
  return person(*rc::gen::elementOf(ids));
}

// Checks what must hold of one decision, and takes it.
void take(Course& run, Decision decision) {
  IncidentState folded = run.state;
  std::vector<PersonId> told;
  for (const IncidentEvent& event : decision.events) {
    evolve(folded, event, run.now, decision.by);
    if (const auto* t = std::get_if<Told>(&event)) {
      for (const NewNotice& notice : t->notices) {
        RC_ASSERT(std::find(told.begin(), told.end(), notice.person) == told.end());
        told.push_back(notice.person);
      }
    }
    run.events.emplace_back(run.now, event);
  }
  RC_ASSERT(folded == decision.state);
  run.state = std::move(decision.state);
  // Whatever is due now has fired: nothing is left behind.
  RC_ASSERT(next_deadline(run.state) > run.now || run.state.status == IncidentStatus::closed ||
            run.state.status == IncidentStatus::retracted);
}

Course declared(const PlanPtr& plan) {
  Course run;
  run.state = blank_incident(IncidentId{{1}}, plan);
  Declare command{.id = IncidentId{{1}}, .unit = UnitId("hall-a"), .type = plan->id};
  const Who who = person("hall-director@hall-a");
  auto decision = decide_declare(plan, command, context(run, who));
  RC_ASSERT(decision.has_value());
  take(run, std::move(*decision));
  return run;
}

IncidentCommand any_command(const Course& run) {
  const Plan& plan = *run.state.plan;
  switch (*rc::gen::inRange(0, 10)) {
    case 0:
    case 1: {
      const auto& fact = plan.facts[*rc::gen::inRange<std::size_t>(0, plan.facts.size())];
      const ValueId value = fact.values[*rc::gen::inRange<std::size_t>(0, fact.values.size())];
      return StateFacts{{{fact.id, value}}, Sealed{"incident:x", "AA"}, false, *rc::gen::inRange(0, 8) == 0};
    }
    case 2:
    case 3: {
      const auto& step = plan.steps[*rc::gen::inRange<std::size_t>(0, plan.steps.size())];
      MarkStep mark{.step = step.id,
                    .status = *rc::gen::element(StepStatus::started, StepStatus::done, StepStatus::skipped)};
      mark.has_reason = *rc::gen::arbitrary<bool>();
      return mark;
    }
    case 4:
      return AcknowledgeNotice{*rc::gen::inRange<std::uint32_t>(0, run.state.next_notice + 1)};
    case 5:
      return *rc::gen::element<IncidentCommand>(CloseIncident{}, ReopenIncident{Sealed{"incident:x", "AA"}},
                                                FileReport{"final", {}}, FileReport{"initial", {}});
    case 6:
      return DeclineStep{plan.steps[*rc::gen::inRange<std::size_t>(0, plan.steps.size())].id,
                         Sealed{"incident:x", "AA"}};
    case 7:
      return TakeHeadcount{{{PersonId("guard@hall-a"), *rc::gen::element(Whereabouts::here, Whereabouts::missing)}},
                           *rc::gen::inRange(0, 9),
                           std::nullopt,
                           {}};
    case 8:
      return *rc::gen::element<IncidentCommand>(AddEvidence{"image/png", 9, std::string(64, 'a'), {}},
                                                LookAtEvidence{*rc::gen::inRange<std::uint32_t>(0, 4)});
    default:
      return NoteProgress{Sealed{"incident:x", "AA"}, false};
  }
}

void pass(Course& run, Duration length) {
  const Instant until = run.now + length;
  while (next_deadline(run.state) <= until) {
    run.now = std::max(run.now, next_deadline(run.state));
    auto decision = decide(run.state, Tick{}, context(run, program_who()));
    RC_ASSERT(decision.has_value());
    RC_ASSERT(!decision->events.empty());
    take(run, std::move(*decision));
  }
  run.now = until;
}

// Never early, never twice, and the repeats keep their order.
void check_escalations(const Course& run) {
  std::map<PartId, int> rounds;
  std::map<PartId, Instant> last;
  for (const auto& [at, event] : run.events) {
    const auto* fired = std::get_if<EscalationFired>(&event);
    if (fired == nullptr) continue;
    RC_ASSERT(fired->due <= at);
    RC_ASSERT(fired->round == rounds[fired->escalation]++);
    if (fired->round > 0) RC_ASSERT(fired->due > last[fired->escalation]);
    last[fired->escalation] = fired->due;
  }
}

TEST(IncidentProperty, AnyCourseFoldsToTheSameStateAndItsClocksKeepTheirWord) {
  ASSERT_EQ(shipped_plans().size(), 20U);
  EXPECT_TRUE(rc::check("any course", [] {
    const PlanPtr plan = *rc::gen::elementOf(shipped_plans());
    Course run = declared(plan);
    const int length = *rc::gen::inRange(1, 40);
    for (int i = 0; i < length; ++i) {
      if (*rc::gen::inRange(0, 3) == 0) {
        pass(run, std::chrono::minutes{*rc::gen::inRange(0, 50)});
        continue;
      }
      const IncidentState before = run.state;
      auto decision = decide(run.state, any_command(run), context(run, any_person()));
      if (decision) {
        take(run, std::move(*decision));
      } else {
        RC_ASSERT(!decision.error().message.zh.empty());
        RC_ASSERT(!decision.error().message.en.empty());
        RC_ASSERT(run.state == before);
      }
    }
    check_escalations(run);
  }));
}

// What the source demands is done, was overtaken by what became known, or was explained; a must was never explained
// away.
void check_nothing_lost(const IncidentState& before, const IncidentState& closed) {
  RC_ASSERT(open_demands(closed).empty());
  for (const int index : openings(closed)) {
    RC_ASSERT(closed.plan->steps[static_cast<std::size_t>(index)].clauses.empty());
  }
  for (std::size_t i = 0; i < closed.steps.size(); ++i) {
    const bool skipped_now =
        closed.steps[i].status == StepStatus::skipped && before.steps[i].status != StepStatus::skipped;
    RC_ASSERT(!skipped_now || !is_must(before, before.plan->steps[i]));
  }
  for (const GateView& view : gates_of(closed, {})) RC_ASSERT(view.met || !view.gate->needs.chains.empty());
}

TEST(IncidentProperty, ClosingLosesNothingThatIsDemanded) {
  int accepted = 0;
  EXPECT_TRUE(rc::check("closing loses nothing", [&accepted] {
    const PlanPtr plan = *rc::gen::elementOf(shipped_plans());
    Course run = declared(plan);
    for (int i = *rc::gen::inRange(0, 60); i > 0; --i) {
      auto decision = decide(run.state, any_command(run), context(run, any_person()));
      if (decision) take(run, std::move(*decision));
    }
    for (const Fact& fact : plan->facts) {
      const ValueId value = fact.values[*rc::gen::inRange<std::size_t>(0, fact.values.size())];
      auto decision = decide(run.state, StateFacts{{{fact.id, value}}, {}, true, false}, context(run, program_who()));
      if (decision) take(run, std::move(*decision));
    }
    for (const int index : open_demands(run.state)) {
      if (*rc::gen::inRange(0, 3) == 0) continue;
      const MarkStep mark{.step = plan->steps[static_cast<std::size_t>(index)].id};
      auto decision = decide(run.state, mark, context(run, person("hall-director@hall-a")));
      if (decision) take(run, std::move(*decision));
    }
    if (run.state.status == IncidentStatus::closed) return;
    if (!run.state.cover.empty()) return;  // the hall would close what it is shown, and the incident runs on
    const bool with_reason = *rc::gen::arbitrary<bool>();
    const CloseIncident close{Sealed{"incident:x", "AA"}, with_reason};
    auto decision = decide(run.state, close, context(run, person("hall-director@hall-a")));
    if (!decision) return;
    ++accepted;
    check_nothing_lost(run.state, decision->state);
  }));
  EXPECT_GT(accepted, 0);
}

TEST(IncidentProperty, WaitingLongOrLookingOftenFiresTheSameClocks) {
  EXPECT_TRUE(rc::check("clocks do not depend on how often somebody looks", [] {
    const PlanPtr plan = *rc::gen::elementOf(shipped_plans());
    Course often = declared(plan);
    Course seldom = often;
    for (int i = 0; i < 12; ++i) pass(often, std::chrono::minutes{15});
    pass(seldom, std::chrono::hours{3});
    RC_ASSERT(often.state == seldom.state);
  }));
}

TEST(IncidentProperty, AnAcknowledgementNeverUndoesAndNeverStopsTheUnresolvedClock) {
  EXPECT_TRUE(rc::check("acknowledged and resolved run apart", [] {
    const auto outage = std::find_if(shipped_plans().begin(), shipped_plans().end(),
                                     [](const PlanPtr& plan) { return plan->id == PlanId("outage"); });
    Course run = declared(*outage);
    pass(run, std::chrono::minutes{*rc::gen::inRange(31, 59)});
    for (std::uint32_t n = 1; n < run.state.next_notice; ++n) {
      auto decision = decide(run.state, AcknowledgeNotice{n}, context(run, program_who()));
      RC_ASSERT(decision.has_value());
      take(run, std::move(*decision));
    }
    const int one_hour = find_escalation(**outage, PartId("one-hour"));
    RC_ASSERT(run.state.escalations.at(static_cast<std::size_t>(one_hour)).rounds == 0);
    pass(run, std::chrono::minutes{30});
    RC_ASSERT(run.state.escalations.at(static_cast<std::size_t>(one_hour)).rounds == 1);
    for (const NoticeState& notice : run.state.notices) {
      if (notice.queued < kStart + std::chrono::minutes{31}) RC_ASSERT(notice.acknowledged != kNever);
    }
  }));
}

}  // namespace
}  // namespace tingan
