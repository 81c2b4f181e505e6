#include "sim/halls_world.h"

#include <algorithm>

#include "codec/plan_yaml.h"
#include "sim/checkers/acknowledged.h"
#include "sim/checkers/bonds.h"
#include "sim/checkers/escalations.h"
#include "sim/checkers/notices.h"
#include "sim/checkers/privacy.h"
#include "sim/checkers/shadow.h"

namespace tingan::sim {
namespace {

// Facts that make the condition true, where stating facts can.
void satisfy(const Condition& condition, std::vector<FactSetting>& facts) {
  if (condition.kind == Condition::Kind::is) facts.push_back({condition.fact, condition.values.front()});
  if (condition.kind == Condition::Kind::any) satisfy(condition.parts.front(), facts);
  if (condition.kind != Condition::Kind::all) return;
  for (const Condition& part : condition.parts) satisfy(part, facts);
}

}  // namespace

HallsWorld::HallsWorld(Course& course) : course_(course) {
  const NodeImage& image = course.image();
  for (const PlanPtr& plan : image.plans) plans_[{plan->id, plan->version}] = plan;
  const FindPlan find_plan = [this](PlanId id, int version) {
    const auto found = plans_.find({id, version});
    return found == plans_.end() ? nullptr : found->second;
  };
  Verdict& verdict = course.verdict();
  course.add(std::make_unique<AcknowledgedChecker>(verdict, course.node().sealer()));
  escalations_ = course.add(std::make_unique<EscalationChecker>(verdict, find_plan));
  course.add(std::make_unique<NoticeChecker>(verdict));
  course.add(std::make_unique<BondChecker>(verdict, find_plan, image.directory));
  shadow_ = course.add(std::make_unique<ShadowChecker>(verdict, find_plan));
  course.add(std::make_unique<PrivacyChecker>(verdict, image.secrets));
  day_ = std::make_unique<HallDay>(image, course.random().fork("halls"));
  SimulatedChannel::Hooks hooks;
  hooks.report = [this](Submission submission) { course_.submit(std::move(submission)); };
  hooks.person_reads = [this](IncidentId id, std::uint32_t n) {
    const IncidentPtr state = course_.node().up() ? course_.node().core().view().find(id) : nullptr;
    if (state != nullptr && n <= state->notices.size()) course_.courier().send(day_->acknowledge(*state, n));
  };
  channel_ = std::make_unique<SimulatedChannel>(course.agenda(), course.faults(), course.random().fork("channel"),
                                                std::move(hooks));
}

void HallsWorld::act() {
  if (!course_.node().up()) return;
  SeededRandom& random = course_.random();
  const auto burst = random.chance(200) ? 1 + random.below(6) : 1;
  for (std::uint64_t i = 0; i < burst; ++i) {
    Request request = day_->next(course_.node().core().view(), course_.now());
    const auto echo = day_->echo(request);
    course_.courier().send(std::move(request));
    if (!echo) continue;
    course_.agenda().after(random.between(Duration{0}, std::chrono::minutes{20}),
                           [this, echo] { course_.courier().send(*echo); });
  }
}

void HallsWorld::before_write(const Batch& batch) { shadow_->before_write(batch, course_.node().core().view()); }

void HallsWorld::recorded(const Record& record) {
  for (const AnyEvent& any : record.events) {
    const auto* unit_event = std::get_if<UnitEvent>(&any);
    const auto* plan = unit_event == nullptr ? nullptr : std::get_if<PlanPublished>(unit_event);
    if (plan == nullptr) continue;
    const auto parsed = parse_plan(plan->yaml, "plans/" + plan->plan.str() + ".yaml", plan->version);
    if (parsed) plans_[{plan->plan, plan->version}] = *parsed;
  }
}

// What repeats until something is solved is solved, so that all of it can end.
void HallsWorld::heal() {
  if (!course_.node().up()) return;
  std::vector<IncidentPtr> open = course_.node().core().view().open();
  std::sort(open.begin(), open.end(), [](const auto& a, const auto& b) { return a->id < b->id; });
  for (const IncidentPtr& state : open) {
    StateFacts solved{.set = {}, .reason = {}, .found = true};
    for (const Escalation& escalation : state->plan->escalations) {
      if (escalation.repeat) satisfy(escalation.until, solved.set);
    }
    if (solved.set.empty()) continue;
    Submission submission;
    submission.incident = state->id;
    submission.command = IncidentCommand(std::move(solved));
    course_.submit(std::move(submission));
  }
}

void HallsWorld::finish(RunReport& report) {
  report.escalations = escalations_->fired();
  report.escalations_late = escalations_->fired_late();
  report.messages = channel_->messages();
}

}  // namespace tingan::sim
