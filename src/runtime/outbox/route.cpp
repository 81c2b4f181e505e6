#include "runtime/outbox/route.h"

#include <map>

#include "core/incident/telling.h"
#include "model/vocabulary.h"
#include "runtime/outbox/promises.h"
#include "runtime/outbox/roster_news.h"

namespace tingan::outbox {
namespace {

bool holds_notice(const TellingState& telling, std::uint32_t n) {
  return std::find(telling.notices.begin(), telling.notices.end(), n) != telling.notices.end();
}

Duration rhythm_of(const IncidentState& state, const TellingState& telling) {
  for (const Reason& reason : telling.reasons) {
    if (reason.kind == ReasonKind::escalation) {
      const int index = find_escalation(*state.plan, reason.part);
      if (index >= 0) return policy_of(*state.plan, state.plan->escalations[static_cast<std::size_t>(index)]).repeat;
    }
    const int index = find_step(*state.plan, reason.part);
    if (index >= 0) return policy_of(*state.plan, state.plan->steps[static_cast<std::size_t>(index)]).repeat;
  }
  return state.plan->acknowledge.repeat;
}

void add_role(std::vector<RoleId>& roles, RoleId role) {
  if (!role.empty() && std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
}

PersonTold told_of(const IncidentState& state, std::uint32_t n) {
  const NoticeState& notice = state.notices[n - 1];
  PersonTold out;
  out.piece = {n, round_of(state, n), notice.person, state.tellings[notice.telling - 1].role};
  for (const TellingState& telling : state.tellings) {
    if (!holds_notice(telling, n)) continue;
    add_role(out.roles, telling.role);
    add_role(out.roles, telling.acting);
  }
  return out;
}

Moment moment_of(const IncidentState& state) {
  return {state.id, false, false, state.unit, state.drill, state.plan->severity, {}, false, !state.cover.empty(),
          nullptr};
}

Moment moment_in_cover(const IncidentState& state) {
  Moment moment = moment_of(state.cover.front());
  moment.in_cover = true;
  return moment;
}

Moment moment_of(const Suspicion& suspicion, const Registry& registry) {
  const PlanPtr plan = registry.plan(suspicion.raised.plan);
  return {suspicion.raised.suspicion,
          true,
          false,
          suspicion.raised.unit,
          false,
          plan == nullptr ? Severity::major : plan->severity,
          {},
          false,
          false,
          nullptr};
}

void add_people(Moment& moment, const Suspicion& suspicion, const std::vector<PersonId>& people, int round) {
  const std::vector<RoleId>& roles = suspicion.raised.confirm_by;
  std::uint32_t n = 0;
  for (const PersonId person : people) {
    moment.people.push_back({{++n, round, person, roles.empty() ? RoleId() : roles.front()}, roles, {}});
  }
}

// The one place where the kinds of events that tell somebody are listed.
struct Collector {
  const CommittedRecord& record;
  const Registry& registry;
  std::vector<Moment> out;
  std::vector<std::uint32_t> notices;
  std::vector<std::uint32_t> in_cover;
  bool covering = false;

  void add(std::uint32_t n) {
    std::vector<std::uint32_t>& into = covering ? in_cover : notices;
    if (std::find(into.begin(), into.end(), n) == into.end()) into.push_back(n);
  }
  void operator()(const CoverMoved& e) {
    covering = true;
    for (const PlainIncidentEvent& event : e.events) std::visit(*this, event);
    covering = false;
  }
  void operator()(const Told& e) {
    for (const NewNotice& fresh : e.notices) add(fresh.n);
  }
  void operator()(const ToldAgain& e) {
    for (const std::uint32_t n : e.notices) add(n);
  }
  void operator()(const SuspicionRaised& e) { suspect(e.suspicion, e.told, 0); }
  void operator()(const SuspicionToldAgain& e) { suspect(e.suspicion, e.told, e.round); }
  void operator()(const PromiseAtRisk& e) { promise(e.order, static_cast<std::uint32_t>(e.level), e.told); }
  void operator()(const PromiseBroken& e) { promise(e.order, kBrokenStage, e.told); }
  void operator()(const RoleHandedOver& e) { of_handover(e.id); }
  void operator()(const HandoverUndone& e) { of_handover(e.handover); }
  void operator()(const SubstitutionSet& e) {
    hear(news_of(StandIn{e, record.record->by, record.record->time.at}, record.record->unit));
  }
  void operator()(const PresenceStated& e) {
    hear(news_of(Presence{e, record.record->by, record.record->time.at}, record.record->unit));
  }
  template <class Other>
  void operator()(const Other&) {}

  void of_handover(IncidentId id) {
    for (const Handover& one : registry.directory().changes().handovers) {
      if (one.set.id == id) hear(news_of(one));
    }
  }
  void hear(const std::vector<RosterNews>& all) {
    for (const RosterNews& news : all) out.push_back(moment_of(news, registry.directory()));
  }

  void promise(OrderId id, std::uint32_t stage, const std::vector<PersonId>& told) {
    for (const OrderPtr& order : record.acceptance.orders) {
      if (order->id == id) out.push_back(promise_moment(*order, stage, told, registry.directory()));
    }
  }

  void suspect(IncidentId id, const std::vector<PersonId>& told, int round) {
    const Suspicion* suspicion = registry.suspicion(id);
    if (suspicion == nullptr || suspicion->settled) return;
    Moment moment = moment_of(*suspicion, registry);
    add_people(moment, *suspicion, told, round);
    out.push_back(std::move(moment));
  }
};

bool can_be_in_doubt(const IncidentState& state, std::uint32_t n) {
  return std::any_of(state.tellings.begin(), state.tellings.end(), [n](const TellingState& telling) {
    return telling.round > 0 && !telling.ended && holds_notice(telling, n);
  });
}

}  // namespace

int round_of(const IncidentState& state, std::uint32_t n) {
  std::map<Duration, int> by_rhythm;
  for (const TellingState& telling : state.tellings) {
    if (telling.round == 0 || !holds_notice(telling, n)) continue;
    int& round = by_rhythm[rhythm_of(state, telling)];
    round = std::max<int>(round, telling.round);
  }
  int sum = 0;
  for (const auto& [rhythm, round] : by_rhythm) sum += round;
  return sum;
}

std::vector<Moment> moments_of(const CommittedRecord& record, const Registry& registry) {
  Collector collector{record, registry, {}, {}};
  for (const AnyEvent& any : record.record->events) {
    std::visit([&](const auto& event) { std::visit(collector, event); }, any);
  }
  if (!collector.notices.empty() && record.incident != nullptr) {
    Moment moment = moment_of(*record.incident);
    for (const std::uint32_t n : collector.notices) moment.people.push_back(told_of(*record.incident, n));
    collector.out.push_back(std::move(moment));
  }
  if (!collector.in_cover.empty() && record.incident != nullptr && !record.incident->cover.empty()) {
    Moment moment = moment_in_cover(*record.incident);
    for (const std::uint32_t n : collector.in_cover) {
      moment.people.push_back(told_of(record.incident->cover.front(), n));
    }
    collector.out.push_back(std::move(moment));
  }
  return std::move(collector.out);
}

Moment unfinished(const IncidentState& state) {
  Moment moment = moment_of(state);
  for (const NoticeState& notice : state.notices) {
    if (notice.acknowledged != kNever) continue;
    PersonTold told = told_of(state, notice.n);
    if (!can_be_in_doubt(state, notice.n)) told.done = notice.ways;
    moment.people.push_back(std::move(told));
  }
  return moment;
}

Moment unfinished(const Suspicion& suspicion, const Registry& registry) {
  Moment moment = moment_of(suspicion, registry);
  // Later rounds find their people anew, within minutes; only the first one's are on record.
  if (!suspicion.settled && suspicion.round == 0) add_people(moment, suspicion, suspicion.raised.told, 0);
  return moment;
}

Routes::Routes(const Organisation& organisation) {
  for (std::size_t i = 0; i < organisation.channels.size(); ++i) {
    if (organisation.channels[i].units.empty()) everywhere_.push_back(i);
  }
  for (std::size_t i = 0; i < organisation.channels.size(); ++i) {
    for (const UnitId unit : organisation.channels[i].units) {
      const auto [here, fresh] = by_unit_.try_emplace(unit, everywhere_);
      if (here->second.empty() || here->second.back() != i) here->second.push_back(i);
    }
  }
}

const std::vector<std::size_t>& Routes::of_unit(UnitId unit) const {
  const auto found = by_unit_.find(unit);
  return found == by_unit_.end() ? everywhere_ : found->second;
}

bool Routes::takes(const ChannelConfig& channel, const std::vector<RoleId>& roles) {
  if (channel.roles.empty()) return true;
  return std::any_of(channel.roles.begin(), channel.roles.end(), [&](RoleId wanted) {
    return std::any_of(roles.begin(), roles.end(), [wanted](RoleId told) {
      return told == wanted || (told == staff_role() && is_hall_role(wanted));
    });
  });
}

}  // namespace tingan::outbox
