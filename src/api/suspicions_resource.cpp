#include "api/bodies.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"

namespace tingan::api {
namespace {

void write_suspicion(JsonOut& out, const Service& service, const Suspicion& suspicion, const Directory& directory,
                     const Who* reader) {
  const SuspicionRaised& raised = suspicion.raised;
  out.begin_object();
  out.field("id", to_string(raised.suspicion));
  out.field("unit", raised.unit.str());
  if (const Unit* unit = directory.unit(raised.unit)) out.field("unit_name", unit->name);
  out.field("type", raised.plan.str());
  out.begin_object("facts");
  for (const FactSetting& setting : raised.facts) out.field(setting.fact.str(), setting.value.str());
  out.end_object();
  out.field("source", raised.source);
  out.time("at", suspicion.at, directory.zone());
  out.ids("confirm_by", raised.confirm_by);
  out.ids("told", raised.told);
  out.field("round", suspicion.round);
  out.time("again_at", suspicion.again_at, directory.zone());
  out.field("state", !suspicion.settled ? "open" : suspicion.confirmed ? "confirmed" : "dismissed");
  if (suspicion.settled) {
    write_actor(out, "by", suspicion.by, directory, reader);
    out.time("settled", suspicion.settled_at, directory.zone());
  }
  const bool named = !suspicion.incident.none() &&
                     (reader == nullptr || may_name(service.ports.view, directory, *reader, suspicion.incident));
  out.string_or_null("incident", named ? to_string(suspicion.incident) : "");
  out.end_object();
}

Expected<const Suspicion*> suspicion_for(const Call& call) {
  const auto id = parse_incident_id(call.param(0));
  const Suspicion* found = id ? call.registry->suspicion(*id) : nullptr;
  if (found == nullptr || !may_see_suspicion(call.directory(), call.who, *found)) {
    return fail("suspicion.unknown", {"没有这条待核实警情", "Expected a known suspicion, but there is none of this id"},
                "id");
  }
  return found;
}

Expected<Work> settle(Service& service, Call& call, bool confirmed) {
  const auto suspicion = suspicion_for(call);
  if (!suspicion) return tl::unexpected(suspicion.error());
  auto body = read_body_of(call, parse_reason);
  if (!body) return tl::unexpected(body.error());
  const IncidentId id = (*suspicion)->raised.suspicion;
  Work work;
  work.unit = (*suspicion)->raised.unit;
  SettleSuspicion command{.suspicion = id, .confirmed = confirmed, .incident = {}, .reason = {}};
  if (confirmed) command.incident = new_incident_id(service.now(), service.ports.random);
  work.command = UnitCommand(std::move(command));
  work.body = [&service, id](const Outcome&, const Registry& registry) {
    JsonOut out;
    if (const Suspicion* settled = registry.suspicion(id)) {
      write_suspicion(out, service, *settled, registry.directory(), nullptr);
    }
    return out.take();
  };
  if (body->reason.empty()) return work;
  work.seal = [&service, id, reason = std::move(body->reason)](Work& sealing) -> Expected<void> {
    auto sealed = service.ports.sealer.seal("incident:" + to_string(id), reason);
    if (!sealed) return tl::unexpected(sealed.error());
    std::get<SettleSuspicion>(std::get<UnitCommand>(sealing.command)).reason = std::move(*sealed);
    return {};
  };
  return work;
}

}  // namespace

Expected<net::Response> list_suspicions(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"state"}); !known) return tl::unexpected(known.error());
  const auto state = call.request.query_value("state");
  if (state && *state != "open" && *state != "settled") {
    return fail("query.unknown-value",
                {"state 应为 open 或 settled", "Expected open or settled, but got something else"}, "state");
  }
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  const auto& all = call.registry->suspicions();
  for (auto at = all.rbegin(); at != all.rend(); ++at) {
    const Suspicion& suspicion = at->second;
    if (state && (*state == "settled") != suspicion.settled) continue;
    if (may_see_suspicion(call.directory(), call.who, suspicion)) {
      write_suspicion(out, service, suspicion, call.directory(), &call.who);
    }
  }
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> get_suspicion(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto suspicion = suspicion_for(call);
  if (!suspicion) return tl::unexpected(suspicion.error());
  JsonOut out;
  write_suspicion(out, service, **suspicion, call.directory(), &call.who);
  return json_response(200, out.take());
}

Expected<Work> confirm_suspicion(Service& service, Call& call) { return settle(service, call, true); }
Expected<Work> dismiss_suspicion(Service& service, Call& call) { return settle(service, call, false); }

}  // namespace tingan::api
