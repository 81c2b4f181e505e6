#include <charconv>

#include "api/bodies.h"
#include "api/json_in.h"
#include "api/resources.h"
#include "api/rights_table.h"
#include "api/service.h"
#include "api/visibility.h"
#include "base/suggest.h"
#include "core/incident/gates.h"

namespace tingan::api {
namespace {

constexpr std::size_t kSimilarMax = 20;

bool wants_little(const Call& call) {
  return call.request.headers.get("Prefer").find("return=minimal") != std::string_view::npos;
}

tl::unexpected<Error> unknown_type(const Registry& registry, const std::string& type) {
  std::vector<std::string> known;
  for (const PlanPtr& plan : registry.newest_plans()) known.push_back(plan->id.str());
  const std::string near = closest_word(type, known);
  return fail("incident.unknown-type",
              {fmt::format("没有“{}”这类预案{}", type, near.empty() ? "" : "，是不是“" + near + "”？"),
               fmt::format("Expected an incident type that has a plan, but got '{}'{}", type,
                           near.empty() ? "" : "; did you mean '" + near + "'?")},
              "/type");
}

std::function<std::string(const Outcome&, const Registry&)> whole_incident(const Service& service, bool little,
                                                                           const Who& reader, bool names) {
  return [&service, little, reader, names](const Outcome& outcome, const Registry& registry) {
    const IncidentPtr incident = seen_by(registry.directory(), reader, outcome.incident);
    if (incident == nullptr) return std::string("{}");
    if (little) return incident_stub(*incident);
    return incident_json(picture_of(service, *incident, registry.directory(), reader, names));
  };
}

struct Filter {
  std::optional<UnitId> unit;
  std::optional<PlanId> type;
  std::optional<IncidentStatus> state;
  bool active = false;  // open or contained
};

Expected<Filter> filter_of(const Call& call) {
  Filter filter;
  if (const auto unit = call.request.query_value("unit")) {
    const auto known = unit_of(call.directory(), *unit, "query.unknown-value", "unit");
    if (!known) return tl::unexpected(known.error());
    if (!may_see_unit(call.directory(), call.who, *known)) {
      return fail("unit.not-allowed",
                  {"您不能看这个单位的事件", "Expected your unit or one below it, but it is another"}, "unit");
    }
    filter.unit = *known;
  }
  if (const auto type = call.request.query_value("type")) {
    const auto known = PlanId::find(*type);
    if (!known || call.registry->plan(*known) == nullptr) {
      return fail("query.unknown-value",
                  {fmt::format("没有“{}”这类预案", *type), fmt::format("Expected a known type, but got '{}'", *type)},
                  "type");
    }
    filter.type = *known;
  }
  if (const auto state = call.request.query_value("state")) {
    for (const IncidentStatus status :
         {IncidentStatus::open, IncidentStatus::contained, IncidentStatus::closed, IncidentStatus::retracted}) {
      if (*state == status_name(status)) filter.state = status;
    }
    filter.active = *state == "active";
    if (!filter.state && !filter.active) {
      return fail("query.unknown-value",
                  {fmt::format("没有“{}”这种状态", *state),
                   fmt::format("Expected open, contained, closed, retracted or active, but got '{}'", *state)},
                  "state");
    }
  }
  return filter;
}

bool passes(const Filter& filter, const IncidentIndex::Row& row) {
  return (!filter.unit || row.unit == *filter.unit) && (!filter.type || row.type == *filter.type) &&
         (!filter.state || row.status == *filter.state);
}

}  // namespace

Expected<std::size_t> limit_of(const net::Request& request, std::size_t usual) {
  constexpr std::size_t kMost = 500;
  const auto text = request.query_value("limit");
  if (!text) return usual;
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc{} || end != text->data() + text->size() || limit < 1 || limit > kMost) {
    return fail("query.malformed-limit",
                {fmt::format("limit 应为 1 到 {}", kMost), fmt::format("Expected a limit from 1 to {}", kMost)},
                "limit");
  }
  return limit;
}

Expected<void> check_query(const net::Request& request, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : request.query) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = closest_word(name, std::vector<std::string>(known.begin(), known.end()));
    return fail("query.unknown",
                {fmt::format("不认识参数“{}”{}", name, near.empty() ? "" : "，是不是“" + near + "”？"),
                 fmt::format("Expected known parameters only, but got '{}'{}", name,
                             near.empty() ? "" : "; did you mean '" + near + "'?")},
                name);
  }
  return {};
}

IncidentPicture picture_of(const Service& service, const IncidentState& incident, const Directory& directory,
                           const Who& reader, bool names) {
  IncidentPicture picture{incident, directory, service.ports.clock.now(), {}, {}, names ? &reader : nullptr};
  picture.acceptance_reconciled = !asks_for_reconciliation(*incident.plan) ||
                                  service.ports.view.acceptance().reconciled(incident.unit, incident.id);
  picture.similar = service.index.open_like(incident.unit, incident.plan_id, kSimilarMax);
  // What is silent is named to nobody who may not see it. Looked at for every plan: one incident of it may have been
  // declared aloud while another runs in silence.
  std::erase_if(picture.similar, [&](const IncidentId& id) {
    const IncidentPtr other = seen_by(directory, reader, service.ports.view.find(id));
    if (other == nullptr) return true;
    const bool unnamed = is_hidden(*other) && !may_see(directory, reader, *other);
    return unnamed || (is_hidden(*other) && other->ended_at != kNever);
  });
  picture.may_name = [&view = service.ports.view, &directory, &reader](const IncidentId& id) {
    return may_name(view, directory, reader, id);
  };
  for (const ChildLink& link : incident.children) {
    if (IncidentPtr child = service.ports.view.find(link.child)) picture.children.push_back(std::move(child));
  }
  return picture;
}

Expected<std::vector<FactSetting>> bind_settings(const Plan& plan,
                                                 const std::vector<std::pair<std::string, std::string>>& settings,
                                                 std::string_view where) {
  std::vector<FactSetting> out;
  for (const auto& [name, value] : settings) {
    const auto fact_id = FactId::find(name);
    const int index = fact_id ? find_fact(plan, *fact_id) : -1;
    std::vector<std::string> known;
    if (index < 0) {
      for (const Fact& fact : plan.facts) known.push_back(fact.id.str());
      const std::string near = closest_word(name, known);
      return fail("incident.unknown-fact",
                  {fmt::format("预案“{}”没有事实“{}”；有：{}", plan.title.zh, name, fmt::join(known, "、")),
                   fmt::format("Expected a fact of plan '{}' ({}), but got '{}'{}", plan.id.str(),
                               fmt::join(known, ", "), name, near.empty() ? "" : "; did you mean '" + near + "'?")},
                  pointer_to(where, name));
    }
    const Fact& fact = plan.facts[static_cast<std::size_t>(index)];
    for (const ValueId id : fact.values) known.push_back(id.str());
    if (std::find(known.begin(), known.end(), value) == known.end()) {
      return fail("incident.unknown-value",
                  {fmt::format("“{}”不能是“{}”；可以是：{}", fact.title.zh, value, fmt::join(known, "、")),
                   fmt::format("Expected '{}' to be one of {}, but got '{}'", name, fmt::join(known, ", "), value)},
                  pointer_to(where, name));
    }
    out.push_back({*fact_id, ValueId(value)});
  }
  return out;
}

std::function<Expected<void>(Work&)> seal_into(Service& service, IncidentId incident, std::string words,
                                               std::function<Sealed&(IncidentCommand&)> slot) {
  if (words.empty()) return {};
  return [&service, incident, words = std::move(words), slot = std::move(slot)](Work& work) -> Expected<void> {
    auto sealed = service.ports.sealer.seal("incident:" + to_string(incident), words);
    if (!sealed) return tl::unexpected(sealed.error());
    slot(std::get<IncidentCommand>(work.command)) = std::move(*sealed);
    return {};
  };
}

Expected<Work> work_on_incident(Service& service, Call& call, IncidentCommand command) {
  const auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  Work work;
  work.incident = (*incident)->id;
  work.unit = (*incident)->unit;
  work.command = std::move(command);
  const bool kept = call.request.headers.find("Idempotency-Key").has_value();  // a kept answer holds no names
  work.body = whole_incident(service, wants_little(call), call.who, !kept);
  return work;
}

Expected<Work> declare_incident(Service& service, Call& call) {
  const auto body = read_body_of(call, parse_declare);
  if (!body) return tl::unexpected(body.error());
  const auto unit = unit_of(call.directory(), body->unit, "unit.unknown", "/unit");
  if (!unit) return tl::unexpected(unit.error());
  if (auto may = may_reach(call, *unit); !may) return tl::unexpected(may.error());
  const auto type = PlanId::find(body->type);
  const PlanPtr plan = type ? call.registry->plan(*type) : nullptr;
  if (plan == nullptr) return unknown_type(*call.registry, body->type);
  auto facts = bind_settings(*plan, body->facts, "/facts");
  if (!facts) return tl::unexpected(facts.error());

  Work work;
  work.incident = new_incident_id(service.now(), service.ports.random);
  work.unit = *unit;
  work.status = 201;
  work.location = "/api/v1/incidents/" + to_string(work.incident);
  work.command = IncidentCommand(
      Declare{.id = work.incident, .unit = *unit, .type = plan->id, .facts = std::move(*facts), .drill = body->drill});
  work.seal = seal_into(service, work.incident, body->note,
                        [](IncidentCommand& c) -> Sealed& { return std::get<Declare>(c).note; });
  const bool kept = call.request.headers.find("Idempotency-Key").has_value();
  work.body = whole_incident(service, wants_little(call), call.who, !kept);
  return work;
}

Expected<net::Response> list_incidents(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"unit", "state", "type", "limit", "cursor"}); !known) {
    return tl::unexpected(known.error());
  }
  const auto filter = filter_of(call);
  if (!filter) return tl::unexpected(filter.error());
  const auto limit = limit_of(call.request);
  if (!limit) return tl::unexpected(limit.error());
  IncidentId before{};
  if (const auto cursor = call.request.query_value("cursor")) {
    const auto id = parse_incident_id(*cursor);
    if (!id || id->none()) {
      return fail("query.malformed-cursor",
                  {"cursor 应当是上一页给出的 next", "Expected the `next` of the page before"}, "cursor");
    }
    before = *id;
  }
  const bool open_only =
      filter->active || filter->state == IncidentStatus::open || filter->state == IncidentStatus::contained;
  std::vector<IncidentPtr> found;
  service.index.walk(before, open_only, [&](IncidentId id, const IncidentIndex::Row& row) {
    if (!row.covered && !passes(*filter, row)) return true;
    IncidentPtr incident = seen_by(call.directory(), call.who, service.ports.view.find(id));
    if (row.covered && incident != nullptr) {
      if (!passes(*filter, {row.unit, row.type, incident->status})) return true;
      if (open_only && incident->ended_at != kNever) return true;
    }
    if (incident == nullptr || !may_see(call.directory(), call.who, *incident)) return true;
    found.push_back(std::move(incident));
    return found.size() <= *limit;
  });
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  const Instant now = service.now();
  const std::size_t shown = std::min(found.size(), *limit);
  for (std::size_t i = 0; i < shown; ++i) write_incident_row(out, *found[i], call.directory(), now);
  out.end_array();
  out.string_or_null("next", found.size() > *limit ? to_string(found[shown - 1]->id) : "");
  out.time("now", now, call.zone());
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> get_incident(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto incident = incident_for(service, call, call.param(0));
  if (!incident) return tl::unexpected(incident.error());
  return json_response(200, incident_json(picture_of(service, **incident, call.directory(), call.who, true)));
}

}  // namespace tingan::api
