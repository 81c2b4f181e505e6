#include "runtime/batch.h"

#include "base/check.h"
#include "codec/record_json.h"
#include "core/acceptance/clocks.h"
#include "core/acceptance/decide.h"
#include "core/incident/decide.h"
#include "runtime/sign_batch.h"

namespace tingan {

BatchBuilder::BatchBuilder(World& world, EnginePorts& ports, Instant now)
    : world_(world),
      ports_(ports),
      now_(std::max(now, world.last_time.at)),
      registry_before_(world.registry),
      gseq_before_(world.last_gseq),
      time_before_(world.last_time),
      unit_gseqs_before_(world.unit_gseqs.size()) {}

UnitId BatchBuilder::above(UnitId unit) const {
  const Unit* known = world_.registry->directory().unit(unit);
  return known == nullptr ? UnitId() : known->parent;
}

Expected<Who> BatchBuilder::resolve(const Submission& submission) const {
  if (submission.person.empty()) return program_who();
  auto who = who_is(world_.registry->directory(), submission.person);
  if (!who) {
    return fail("auth.unknown-person", {"没有这个人员", "Expected a known person, but there is none of this name"});
  }
  who->preferred = submission.preferred;
  return *who;
}

Outcome BatchBuilder::execute(const Submission& submission) {
  return std::visit(
      [&](const auto& command) {
        if constexpr (std::is_same_v<std::decay_t<decltype(command)>, IncidentCommand>) {
          return execute_incident(submission, command);
        } else if constexpr (std::is_same_v<std::decay_t<decltype(command)>, AcceptanceCommand>) {
          return execute_acceptance(submission, command);
        } else {
          return execute_unit(submission, command);
        }
      },
      submission.command);
}

Outcome BatchBuilder::execute_incident(const Submission& submission, const IncidentCommand& command) {
  Outcome outcome;
  const auto who = resolve(submission);
  if (!who) {
    outcome.refused = who.error();
    return outcome;
  }
  const std::uint64_t before = world_.last_gseq;
  const auto* declare = std::get_if<Declare>(&command);
  const IncidentId target = declare != nullptr ? declare->id : submission.incident;
  outcome.refused = run_tasks({{FollowUp{target, command}, *who}});
  outcome.incident = world_.board.find(target);
  outcome.gseq = world_.last_gseq == before ? 0 : world_.last_gseq;
  return outcome;
}

Expected<Decision> BatchBuilder::decide_one(const FollowUp& task, const Who& who) {
  const Directory& directory = world_.registry->directory();
  if (const auto* declare = std::get_if<Declare>(&task.command)) {
    PlanPtr plan = world_.registry->plan(declare->type);
    if (plan == nullptr) {
      std::string known;
      for (const PlanPtr& other : world_.registry->newest_plans())
        known += (known.empty() ? "" : ", ") + other->id.str();
      return fail(
          "incident.unknown-type",
          {fmt::format("没有“{}”这类预案；有：{}", declare->type.str(), known),
           fmt::format("Expected an incident type that has a plan ({}), but got '{}'", known, declare->type.str())},
          "type");
    }
    if (world_.board.entry(declare->id) != nullptr) {
      return fail("incident.exists", {"事件已经存在", "Expected a new incident id, but it exists"});
    }
    return decide_declare(std::move(plan), *declare, {now_, directory, who, {}, kNever});
  }
  const Board::Entry* entry = world_.board.entry(task.incident);
  if (entry == nullptr)
    return fail("incident.unknown", {"没有这个事件", "Expected a known incident, but there is none"});
  const IncidentPtr state = entry->held.load();
  DecideContext context{now_, directory, who, {}, kNever};
  if (std::holds_alternative<CloseIncident>(task.command)) {
    for (const ChildLink& link : state->children) {
      if (IncidentPtr child = world_.board.find(link.child)) context.children.push_back(std::move(child));
    }
    context.acceptance_reconciled = world_.acceptance.reconciled(state->unit, state->id);
  }

  return decide(*state, task.command, context);
}

std::optional<Error> BatchBuilder::run_tasks(std::deque<Task> tasks) {
  // A hundred thousand halls under one parent are the largest cascade that we know of; more is a fault.
  constexpr std::size_t kMost = 1000000;
  for (std::size_t done = 0; !tasks.empty(); ++done) {
    CHECK(done < kMost);
    const Task task = std::move(tasks.front());
    tasks.pop_front();
    if (is_overdue(task.follow_up)) perform({{task.follow_up.incident, Tick{}}, program_who()}, tasks);
    auto refused = perform(task, tasks);
    if (refused && done == 0) return refused;
  }
  return std::nullopt;
}

// A clock whose time came before this command fires before it, also where the node was down or busy at that moment: a
// late "it is solved" must not make an escalation unhappened.
bool BatchBuilder::is_overdue(const FollowUp& task) const {
  if (std::holds_alternative<Tick>(task.command)) return false;
  const Board::Entry* entry = world_.board.entry(task.incident);
  return entry != nullptr && entry->deadline <= now_;
}

std::optional<Error> BatchBuilder::perform(const Task& task, std::deque<Task>& tasks) {
  auto decision = decide_one(task.follow_up, task.who);
  if (!decision) return decision.error();
  if (decision->events.empty()) return std::nullopt;
  const Board::Entry* entry = world_.board.entry(task.follow_up.incident);
  const std::uint64_t prev = entry == nullptr ? 0 : entry->last_gseq;
  const UnitId unit = decision->state.unit;
  auto state = std::make_shared<const IncidentState>(std::move(decision->state));
  std::vector<AnyEvent> events(decision->events.begin(), decision->events.end());
  append(unit, state->id, decision->by, std::move(events), prev, state);
  // After the append: policies look at the world with this incident in it.
  for (FollowUp& next : follow_ups(*state, decision->events, world_.board, world_.registry->directory())) {
    tasks.push_back({std::move(next), program_who()});
  }
  return std::nullopt;
}

void BatchBuilder::append(UnitId unit, IncidentId incident, const Actor& by, std::vector<AnyEvent> events,
                          std::uint64_t prev_of_incident, IncidentPtr state) {
  auto [head, fresh] = world_.heads.try_emplace(unit);
  const bool noted =
      std::any_of(heads_before_.begin(), heads_before_.end(), [&](const auto& old) { return old.first == unit; });
  if (!noted) heads_before_.emplace_back(unit, fresh ? std::nullopt : std::optional<UnitHead>(head->second));
  world_.last_time = now_ > world_.last_time.at ? HybridTime{now_, 0} : HybridTime{now_, world_.last_time.counter + 1};

  auto record = std::make_shared<Record>();
  record->unit = unit;
  record->seq = head->second.seq + 1;
  record->time = world_.last_time;
  record->prev = head->second.hash;
  record->by = by;
  record->incident = incident;
  record->events = std::move(events);

  auto stored = std::make_shared<StoredRecord>();
  stored->gseq = ++world_.last_gseq;
  stored->prev_of_incident = prev_of_incident;
  stored->unit = unit;
  stored->seq = record->seq;
  stored->bytes = encode_record(*record);
  stored->hash = sha256(stored->bytes);
  head->second = {unit, record->seq, stored->hash, record->time};
  AcceptanceBoard::Changes acceptance;
  if (state != nullptr) {
    world_.board.put(state, stored->gseq, above(unit));
  } else if (std::holds_alternative<AcceptanceEvent>(record->events.front())) {
    acceptance = world_.acceptance.apply(*record, stored->gseq);
  } else if (unit != UnitId(kSecurityLog)) {
    world_.unit_gseqs.push_back(stored->gseq);  // what the registry folds at a start
  }
  batch_.records.push_back(*stored);
  committed_.push_back({std::move(stored), std::move(record), std::move(state), std::move(acceptance)});
}

Expected<void> BatchBuilder::apply_unit_events(const UnitDecision& decision) {
  RegistryPtr next = world_.registry;
  for (const UnitEvent& event : decision.events) {
    if (std::holds_alternative<SecurityNoted>(event)) continue;  // changes nothing: no copy of the registry for it
    auto evolved = next->evolved(event, now_, decision.by, ports_.sealer);
    if (!evolved) return tl::unexpected(evolved.error());
    next = std::move(*evolved);
  }
  world_.registry = std::move(next);
  return {};
}

void BatchBuilder::reassign_for(const RoleHandedOver& handover, std::deque<Task>& tasks) const {
  for (const IncidentPtr& open : world_.board.open_in(handover.unit)) {
    tasks.push_back({{open->id, ReassignSteps{handover.role, handover.from, handover.to}}, program_who()});
  }
}

Outcome BatchBuilder::execute_unit(const Submission& submission, const UnitCommand& command) {
  Outcome outcome;
  const auto who = resolve(submission);
  if (!who) {
    outcome.refused = who.error();
    return outcome;
  }
  auto decision = decide_unit(*world_.registry, command, submission.unit, *who, now_);
  if (!decision) {
    outcome.refused = decision.error();
    return outcome;
  }
  // A declare that follows is tried against the world before anything is written: refused means that nothing changed.
  std::deque<Task> tasks;
  for (FollowUp& next : decision->follow_ups) {
    const Who as = decision->as_actor ? *who : program_who();
    if (auto possible = decide_one(next, as); !possible) {
      outcome.refused = possible.error();
      return outcome;
    }
    tasks.push_back({std::move(next), as});
  }
  if (decision->events.empty()) return outcome;
  if (auto applied = apply_unit_events(*decision); !applied) {
    outcome.refused = applied.error();
    return outcome;
  }
  append(decision->log, IncidentId{}, decision->by,
         std::vector<AnyEvent>(decision->events.begin(), decision->events.end()), 0, nullptr);
  for (const UnitEvent& event : decision->events) {
    if (const auto* handover = std::get_if<RoleHandedOver>(&event)) reassign_for(*handover, tasks);
    if (const auto* settled = std::get_if<SuspicionSettled>(&event)) {
      if (const Suspicion* known = world_.registry->suspicion(settled->suspicion)) outcome.suspicion = *known;
    }
    if (const auto* raised = std::get_if<SuspicionRaised>(&event)) {
      if (const Suspicion* known = world_.registry->suspicion(raised->suspicion)) outcome.suspicion = *known;
    }
  }
  const IncidentId declared = tasks.empty() ? IncidentId{} : tasks.front().follow_up.incident;
  run_tasks(std::move(tasks));
  outcome.incident = declared.none() ? nullptr : world_.board.find(declared);
  outcome.gseq = world_.last_gseq;
  return outcome;
}

Outcome BatchBuilder::execute_acceptance(const Submission& submission, const AcceptanceCommand& command) {
  Outcome outcome;
  const auto who = resolve(submission);
  if (!who) {
    outcome.refused = who.error();
    return outcome;
  }
  const AcceptanceContext context{now_, world_.registry->directory(), *who, world_.acceptance};
  const auto* to_order = std::get_if<OrderCommand>(&command);
  // As with incidents: what was due before this command happens before it. An order that is entered after its promise
  // was due does not keep it, also where the node was down or busy at that moment.
  if (to_order != nullptr && !std::holds_alternative<TickOrder>(*to_order)) {
    const OrderPtr known = world_.acceptance.order(submission.order);
    if (known != nullptr && next_deadline(*known) <= now_) {
      execute({.order = known->id, .command = AcceptanceCommand(OrderCommand(TickOrder{}))});
    }
  }
  const auto decision = to_order != nullptr ? decide_order(submission.order, submission.unit, *to_order, context)
                                            : decide_hall(submission.unit, std::get<HallCommand>(command), context);
  if (!decision) {
    outcome.refused = decision.error();
    return outcome;
  }
  const OrderPtr before = to_order == nullptr ? nullptr : world_.acceptance.order(submission.order);
  const UnitId unit = before == nullptr ? submission.unit : before->unit;
  if (!decision->events.empty()) {
    append(unit, IncidentId{}, decision->by, std::vector<AnyEvent>(decision->events.begin(), decision->events.end()), 0,
           nullptr);
    outcome.gseq = world_.last_gseq;
  }
  if (to_order != nullptr) outcome.order = world_.acceptance.order(submission.order);
  outcome.hall = world_.acceptance.hall(unit);
  return outcome;
}

void BatchBuilder::keep_answer(const Submission& submission, const Answer& answer) {
  batch_.answers.push_back(
      {submission.key_scope, submission.key, submission.body_hash, answer.status, answer.body, now_});
}

const Batch& BatchBuilder::seal() {
  sign_batch(batch_, ports_.signer);
  return batch_;
}

Commit BatchBuilder::commit() {
  world_.board.commit();
  world_.acceptance.commit();
  return {std::move(committed_), world_.registry};
}

void BatchBuilder::rollback() {
  world_.board.rollback();
  world_.acceptance.rollback();
  world_.registry = registry_before_;
  for (auto& [unit, before] : heads_before_) {
    if (before) {
      world_.heads[unit] = *before;
    } else {
      world_.heads.erase(unit);
    }
  }
  world_.last_gseq = gseq_before_;
  world_.last_time = time_before_;
  world_.unit_gseqs.resize(unit_gseqs_before_);
}

}  // namespace tingan
