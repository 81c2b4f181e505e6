#include "runtime/unit_decide.h"

#include "codec/plan_yaml.h"
#include "core/plancheck/plancheck.h"
#include "model/vocabulary.h"

namespace tingan {
namespace {

constexpr Duration kSuspicionRepeat{180000};  // an unanswered suspicion is told again every three minutes
constexpr int kSuspicionRounds = 3;           // then the general group and the centre head are told, too

bool holds_any(const Who& who, std::initializer_list<const char*> roles) {
  return who.program ||
         std::any_of(roles.begin(), roles.end(), [&](const char* role) { return who.holds(RoleId(role)); });
}

tl::unexpected<Error> not_allowed(const char* code, Text what) { return fail(code, std::move(what)); }

struct Decider {
  const Registry& registry;
  UnitId unit;
  const Who& who;
  Instant now;

  const Directory& directory() const { return registry.directory(); }

  UnitDecision start(UnitId log) const {
    UnitDecision decision;
    decision.by = who.program ? program_actor() : Actor{who.person, acting_role(who)};
    decision.log = log;
    return decision;
  }

  // The log of the unit on top; before there is an organisation, the one that the caller names.
  UnitId top() const {
    return directory().organisation().units.empty() ? unit : top_unit(directory().organisation()).id;
  }

  Expected<UnitDecision> operator()(const PublishPlan& c) const {
    if (!holds_any(who, {"admin", "centre-head"})) {
      return not_allowed("plan.not-allowed",
                         {"只有管理员或中心负责人可以发布预案", "Expected an administrator or the centre head"});
    }
    auto parsed = parse_plan(c.yaml, c.file);
    if (!parsed) return tl::unexpected(parsed.error().front());
    const PlanPtr newest = registry.plan((*parsed)->id);
    UnitDecision decision = start(top());
    if (newest != nullptr && newest->hash == (*parsed)->hash) return decision;
    if (auto checked = check(*parsed); !checked) return tl::unexpected(checked.error());
    const int version = newest == nullptr ? 1 : newest->version + 1;
    decision.events.push_back(PlanPublished{(*parsed)->id, version, (*parsed)->hash, c.yaml});
    return decision;
  }

  // The plan among those that are in force: chains look at one another.
  Expected<void> check(const PlanPtr& plan) const {
    CheckInput input;
    for (const PlanPtr& other : registry.newest_plans()) {
      if (other->id != plan->id) input.plans.push_back(other);
    }
    input.plans.push_back(plan);
    input.only = plan->id;
    for (const Finding& finding : check_plans(input)) {
      // While the first plans are being published, a chain may point to one that is still to come.
      const bool later = finding.code == "plan.unknown-plan" && who.program;
      if (finding.level == Finding::Level::error && finding.plan == plan->id && !later) {
        return fail("plan.check-failed", finding.message, fmt::format("{}:{}", finding.file, finding.line));
      }
    }
    return {};
  }

  Expected<UnitDecision> operator()(const PublishOrganisation& c) const {
    if (!holds_any(who, {"admin"})) {
      return not_allowed("org.not-allowed", {"只有管理员可以修改组织机构", "Expected an administrator"});
    }
    if (c.base != 0 && c.base != directory().organisation().version) {
      return fail("org.changed",
                  {"组织机构已被别人改过，请重新打开再改",
                   fmt::format("Expected the version {} that this was made from to be in force, but it is {}", c.base,
                               directory().organisation().version)},
                  "base");
    }
    UnitDecision decision = start(top());
    if (registry.organisation_hash() != c.event.hash) {
      OrganisationPublished event = c.event;
      event.version = directory().organisation().version + 1;
      decision.events.push_back(std::move(event));
    }
    return decision;
  }

  bool leads(UnitId at) const {
    return holds_any(who, {"admin"}) ||
           (directory().is_within(at, who.unit) &&
            holds_any(who, {"hall-director", "duty-manager", "shift-leader", "general-group", "centre-head"}));
  }

  Expected<const Person*> known(PersonId id) const {
    const Person* person = directory().person(id);
    if (person == nullptr) {
      return fail(
          "roster.unknown-person",
          {fmt::format("没有人员“{}”", id.str()), fmt::format("Expected a known person, but got '{}'", id.str())},
          "person");
    }
    return person;
  }

  Expected<UnitDecision> operator()(const SubstitutionSet& c) const {
    const auto person = known(c.person);
    if (!person) return tl::unexpected(person.error());
    if (const auto other = known(c.stand_in); !other) return tl::unexpected(other.error());
    if (!leads((*person)->unit))
      return not_allowed("roster.not-allowed", {"替班由本单位负责人安排", "Expected someone who leads this unit"});
    if (c.to <= c.from || c.to <= now) {
      return fail("roster.empty-span",
                  {"结束时间要晚于开始时间和现在", "Expected an end after the start and after now"}, "to");
    }
    UnitDecision decision = start((*person)->unit);
    decision.events.emplace_back(c);
    return decision;
  }

  Expected<UnitDecision> operator()(const RoleHandedOver& c) const {
    if (const auto from = known(c.from); !from) return tl::unexpected(from.error());
    const auto to = known(c.to);
    if (!to) return tl::unexpected(to.error());
    if (directory().unit(c.unit) == nullptr) {
      return fail(
          "unit.unknown",
          {fmt::format("没有单位“{}”", c.unit.str()), fmt::format("Expected a known unit, but got '{}'", c.unit.str())},
          "unit");
    }
    if (find_role(c.role) == nullptr) {
      return fail(
          "roster.unknown-role",
          {fmt::format("没有岗位“{}”", c.role.str()), fmt::format("Expected a known role, but got '{}'", c.role.str())},
          "role");
    }
    if (who.person != c.from && !leads(c.unit)) {
      return not_allowed("roster.not-allowed", {"交接由当班人本人或负责人办理",
                                                "Expected who holds the role, or someone who leads the unit"});
    }
    if ((*to)->unit != c.unit) {
      return fail("roster.other-unit", {"接班人不是本单位的人", "Expected a person of the same unit"}, "to");
    }
    UnitDecision decision = start(c.unit);
    RoleHandedOver event = c;
    if (event.until <= now) event.until = directory().shift_end(c.from, now);
    decision.events.emplace_back(event);
    return decision;
  }

  Expected<UnitDecision> operator()(const PresenceStated& c) const {
    const auto person = known(c.person);
    if (!person) return tl::unexpected(person.error());
    if (who.person != c.person && !leads((*person)->unit)) {
      return not_allowed("roster.not-allowed",
                         {"在岗状态由本人或负责人填报", "Expected the person or someone who leads the unit"});
    }
    UnitDecision decision = start((*person)->unit);
    PresenceStated event = c;
    if (event.until <= now) event.until = directory().shift_end(c.person, now);
    decision.events.emplace_back(event);
    return decision;
  }

  Expected<UnitDecision> operator()(const PasswordSet& c) const {
    if (const auto person = known(c.person); !person) return tl::unexpected(person.error());
    if (who.person != c.person && !holds_any(who, {"admin"})) {
      return not_allowed("auth.not-allowed", {"只能修改自己的密码", "Expected the person or an administrator"});
    }
    UnitDecision decision = start(top());
    decision.events.emplace_back(c);
    return decision;
  }

  Expected<UnitDecision> operator()(const HallWordsSet& c) const {
    if (!may_set_words(directory(), who, c.unit)) {
      return not_allowed("words.not-allowed", {"暗语由厅主任、安全员或管理员设置",
                                               "Expected the hall's director, the safety officer or an administrator"});
    }
    UnitDecision decision = start(c.unit);
    decision.events.emplace_back(c);
    return decision;
  }

  std::vector<PersonId> people_for(const std::vector<RoleId>& wanted, UnitId at) const {
    std::vector<PersonId> out;
    for (const RoleId role : wanted) {
      for (const PersonId person : directory().who(at, role, now).people) {
        if (std::find(out.begin(), out.end(), person) == out.end()) out.push_back(person);
      }
    }
    return out;
  }

  Expected<UnitDecision> operator()(const RaiseSuspicion& c) const {
    if (directory().unit(c.unit) == nullptr) {
      return fail(
          "unit.unknown",
          {fmt::format("没有单位“{}”", c.unit.str()), fmt::format("Expected a known unit, but got '{}'", c.unit.str())},
          "unit");
    }
    UnitDecision decision = start(c.unit);
    for (const auto& [id, known_suspicion] : registry.suspicions()) {
      const SuspicionRaised& raised = known_suspicion.raised;
      if (raised.source == c.source && raised.fingerprint == c.fingerprint && !known_suspicion.settled) return decision;
    }
    decision.events.push_back(SuspicionRaised{c.id, c.unit, c.type, c.facts, c.source, c.fingerprint, c.confirm_by,
                                              people_for(c.confirm_by, c.unit), now + kSuspicionRepeat});
    return decision;
  }

  Expected<UnitDecision> operator()(const SettleSuspicion& c) const {
    const Suspicion* suspicion = registry.suspicion(c.suspicion);
    if (suspicion == nullptr)
      return fail("suspicion.unknown", {"没有这条待核实警情", "Expected a known suspicion, but there is none"});
    if (suspicion->settled)
      return fail("suspicion.settled", {"这条警情已经核实过", "Expected an unsettled suspicion, but it is settled"});
    const SuspicionRaised& raised = suspicion->raised;
    const bool asked = std::any_of(raised.confirm_by.begin(), raised.confirm_by.end(),
                                   [&](RoleId role) { return !role_for(directory(), who, role, raised.unit).empty(); });
    const bool leads_above = may_see_unit(directory(), who, raised.unit) && holds_any(who, {"general-group"});
    if (!asked && !leads_above) {
      return not_allowed("suspicion.not-allowed",
                         {"这条警情由指定岗位核实", "Expected one of the roles that were asked"});
    }
    UnitDecision decision = start(raised.unit);
    decision.events.push_back(
        SuspicionSettled{c.suspicion, c.confirmed, c.confirmed ? c.incident : IncidentId{}, c.reason});
    if (c.confirmed) {
      decision.as_actor = true;
      decision.follow_ups.push_back(
          {c.incident, Declare{.id = c.incident, .unit = raised.unit, .type = raised.plan, .facts = raised.facts}});
    }
    return decision;
  }

  Expected<UnitDecision> operator()(const NoteSecurity& c) const {
    if (!who.program) return not_allowed("auth.not-allowed", {"安全日志由系统记", "Expected the program itself"});
    UnitDecision decision = start(UnitId(kSecurityLog));
    if (!c.notes.empty()) decision.events.push_back(SecurityNoted{c.notes});
    return decision;
  }

  Expected<UnitDecision> operator()(const TickSuspicions&) const {
    UnitDecision decision = start(top());
    for (const auto& [id, suspicion] : registry.suspicions()) {
      if (suspicion.settled || suspicion.again_at > now) continue;
      std::vector<RoleId> wanted = suspicion.raised.confirm_by;
      if (suspicion.round + 1 >= kSuspicionRounds) {
        wanted.emplace_back("general-group");
        wanted.emplace_back("centre-head");
      }
      decision.events.push_back(SuspicionToldAgain{id, suspicion.round + 1, people_for(wanted, suspicion.raised.unit),
                                                   now + kSuspicionRepeat});
    }
    return decision;
  }
};

}  // namespace

Expected<UnitDecision> decide_unit(const Registry& registry, const UnitCommand& command, UnitId unit, const Who& who,
                                   Instant now) {
  return std::visit(Decider{registry, unit, who, now}, command);
}

}  // namespace tingan
