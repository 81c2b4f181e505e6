// A plan rehearsed on a virtual clock: what would happen, who would be called when, and where nobody would be found.
#include "api/bodies.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "codec/plan_yaml.h"

namespace tingan::api {
namespace {

// The plan of the body: one in force, or a text that is not published yet.
Expected<PlanPtr> plan_for(const Call& call, const RehearsalBody& body) {
  if (!body.yaml.empty()) {
    auto parsed = parse_plan(body.yaml, "plan.yaml");
    if (!parsed) return tl::unexpected(parsed.error().front());
    return *parsed;
  }
  const auto id = PlanId::find(body.plan);
  PlanPtr plan = id ? call.registry->plan(*id) : nullptr;
  if (plan != nullptr) return plan;
  return fail("query.unknown-value",
              {fmt::format("没有预案“{}”", body.plan), fmt::format("Expected a known plan, but got '{}'", body.plan)},
              "/plan");
}

Expected<std::vector<PersonId>> absent_from(const Call& call, const std::vector<std::string>& names) {
  std::vector<PersonId> out;
  for (const std::string& name : names) {
    const auto person = PersonId::find(name);
    if (!person || call.directory().person(*person) == nullptr) {
      return fail("roster.unknown-person",
                  {fmt::format("没有人员“{}”", name), fmt::format("Expected a known person, but got '{}'", name)},
                  "/absent");
    }
    out.push_back(*person);
  }
  return out;
}

}  // namespace

Expected<net::Response> rehearse(Service& service, Call& call) {
  if (!service.options.rehearse) {
    return fail("node.no-rehearsals", {"本节点不能推演", "Expected a node that can rehearse, but this one cannot"});
  }
  const auto body = read_body_of(call, parse_rehearsal);
  if (!body) return tl::unexpected(body.error());
  const auto unit = unit_of(call.directory(), body->unit, "unit.unknown", "/unit");
  if (!unit) return tl::unexpected(unit.error());
  if (!may_see_unit(call.directory(), call.who, *unit)) {
    return fail("unit.not-allowed", {"您不能推演这个单位", "Expected your unit or one below it"}, "/unit");
  }
  const auto plan = plan_for(call, *body);
  if (!plan) return tl::unexpected(plan.error());
  auto facts = bind_settings(**plan, body->facts, "/facts");
  if (!facts) return tl::unexpected(facts.error());
  auto absent = absent_from(call, body->absent);
  if (!absent) return tl::unexpected(absent.error());

  Rehearsal wanted{.plan = (*plan)->id,
                   .unit = *unit,
                   .start = body->start,
                   .length = std::chrono::minutes{body->minutes},
                   .facts = std::move(*facts),
                   .absent = std::move(*absent),
                   .organisation_yaml = call.registry->organisation_yaml(),
                   .plans = {}};
  for (const PlanPtr& other : call.registry->newest_plans()) {
    const bool replaced = !body->yaml.empty() && other->id == (*plan)->id;
    wanted.plans.emplace_back("plans/" + other->id.str() + ".yaml",
                              replaced ? body->yaml : call.registry->yaml(other->id, other->version));
  }
  if (call.registry->plan((*plan)->id) == nullptr) {
    wanted.plans.emplace_back("plans/" + (*plan)->id.str() + ".yaml", body->yaml);
  }
  const auto members = service.options.rehearse(wanted);
  if (!members) return tl::unexpected(members.error());
  JsonOut out;
  out.begin_object();
  out.field("plan", (*plan)->id.str());
  out.field("unit", unit->str());
  out.time("start", body->start, call.zone());
  out.field("minutes", body->minutes);
  out.raw_members(*members);
  out.end_object();
  return json_response(200, out.take());
}

}  // namespace tingan::api
