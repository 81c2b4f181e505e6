// The organisation as administrators edit it: as text, or a unit's shifts. Every edit is a new version in the log; the
// roster changes at once.
#include "api/bodies.h"
#include "api/plan_json.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/unit_editing.h"
#include "api/visibility.h"
#include "codec/organisation_edit.h"
#include "codec/organisation_yaml.h"
#include "core/plancheck/plancheck.h"
#include "model/vocabulary.h"
#include "runtime/bootstrap.h"

namespace tingan::api {
namespace {

constexpr const char* kFile = "organisation.yaml";

Expected<std::string> source_of(const Registry& registry) {
  return join_personal_data(registry.organisation_yaml(), registry.directory().organisation());
}

Finding finding_of(const Error& error) {
  Finding finding;
  finding.code = error.code;
  finding.message = error.message;
  finding.file = kFile;
  const auto colon = error.where.rfind(':');
  if (colon != std::string::npos) finding.line = std::atoi(error.where.c_str() + colon + 1);
  return finding;
}

struct Draft {
  OrganisationPtr organisation;  // nullptr: it does not parse
  std::vector<Finding> findings;

  const Finding* first_error() const {
    const auto found = std::find_if(findings.begin(), findings.end(),
                                    [](const Finding& one) { return one.level == Finding::Level::error; });
    return found == findings.end() ? nullptr : &*found;
  }
};

void add_error(Draft& draft, const char* code, Text message) {
  Finding finding;
  finding.code = code;
  finding.file = kFile;
  finding.message = std::move(message);
  draft.findings.push_back(std::move(finding));
}

// What would lock everybody out or cut off what is under way.
// Whoever only asks learns nothing of what runs in silence: that is looked at when it would be done.
enum class LookFor { trial, publishing };

void check_against_present(Draft& draft, const Service& service, const Registry& registry, LookFor why) {
  const Organisation& now = registry.directory().organisation();
  const Organisation& next = *draft.organisation;
  const bool admin = std::any_of(next.people.begin(), next.people.end(), [](const Person& person) {
    return std::find(person.roles.begin(), person.roles.end(), admin_role()) != person.roles.end();
  });
  if (!admin) {
    add_error(draft, "org.no-admin",
              {"至少要留一名管理员（admin），否则谁也改不回来",
               "Expected at least one administrator to remain, or nobody could change this back"});
  }
  if (!now.units.empty() && top_unit(next).id != top_unit(now).id) {
    add_error(draft, "org.top-changed",
              {fmt::format("最上级单位不能换（现在是“{}”）：日志记在它名下", top_unit(now).id.str()),
               fmt::format("Expected '{}' to stay the unit on top: the log is kept under it", top_unit(now).id.str())});
  }
  for (const IncidentId id : service.index.open()) {
    const IncidentPtr incident = service.ports.view.find(id);
    if (incident == nullptr || find_unit(next, incident->unit) != nullptr) continue;
    if (is_hidden(*incident)) {
      if (why == LookFor::trial) continue;
      add_error(draft, "org.unit-busy",
                {fmt::format("“{}”现在不能删掉，请稍后再试", incident->unit.str()),
                 fmt::format("Expected unit '{}' to stay for now: try again later", incident->unit.str())});
      continue;
    }
    add_error(draft, "org.unit-busy",
              {fmt::format("“{}”还有未结案的事件，不能删掉", incident->unit.str()),
               fmt::format("Expected unit '{}' to stay: it has an open incident", incident->unit.str())});
  }
}

// Roles that nobody holds at some hour are warnings of the plans that count on them; each is said once.
void add_roster_findings(Draft& draft, const Registry& registry) {
  CheckInput input;
  input.plans = registry.newest_plans();
  input.organisation = draft.organisation;
  std::set<std::string> said;
  for (Finding& finding : check_plans(input)) {
    if (!finding.code.starts_with("plan.role-")) continue;
    finding.level = std::min(finding.level, Finding::Level::warning);
    if (finding.level == Finding::Level::error) finding.level = Finding::Level::warning;
    if (said.insert(finding.code + fmt::format("{}", fmt::join(finding.witness, "|"))).second) {
      draft.findings.push_back(std::move(finding));
    }
  }
}

Draft look_at(const Service& service, const Registry& registry, const std::string& yaml, LookFor why) {
  Draft draft;
  auto parsed = parse_organisation(yaml, kFile);
  if (!parsed) {
    for (const Error& error : parsed.error()) draft.findings.push_back(finding_of(error));
    return draft;
  }
  draft.organisation = *parsed;
  check_against_present(draft, service, registry, why);
  add_roster_findings(draft, registry);
  return draft;
}

std::string findings_members(const Draft& draft) {
  JsonOut out;
  out.begin_array("findings");
  for (const Finding& finding : draft.findings) write_finding(out, finding);
  out.end_array();
  return out.take();
}

template <class Items>
void write_changes(JsonOut& out, const char* key, const Items& before, const Items& after) {
  out.begin_object(key);
  const auto only_in = [&](const char* name, const Items& here, const Items& there) {
    out.begin_array(name);
    for (const auto& one : here) {
      const bool known = std::any_of(there.begin(), there.end(), [&](const auto& other) { return other.id == one.id; });
      if (!known) out.item(one.id.str());
    }
    out.end_array();
  };
  only_in("added", after, before);
  only_in("removed", before, after);
  out.end_object();
}

}  // namespace

bool may_administer(const Who& who) { return who.holds(admin_role()); }

Error only_administrators() { return {"org.not-allowed", {"只有管理员可以这样做", "Expected an administrator"}, {}}; }

Expected<net::Response> get_organisation_source(Service&, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  if (!may_administer(call.who)) return tl::unexpected(only_administrators());
  const auto yaml = source_of(*call.registry);
  if (!yaml) return tl::unexpected(yaml.error());
  JsonOut out;
  out.begin_object();
  out.field("version", call.directory().organisation().version);
  out.field("yaml", *yaml);
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> check_organisation(Service& service, Call& call) {
  if (!may_administer(call.who)) return tl::unexpected(only_administrators());
  const auto body = read_body_of(call, parse_organisation_body);
  if (!body) return tl::unexpected(body.error());
  const Draft draft = look_at(service, *call.registry, body->yaml, LookFor::trial);
  JsonOut out;
  out.begin_object();
  out.field("ok", draft.first_error() == nullptr);
  out.raw_members(findings_members(draft));
  if (draft.organisation != nullptr) {
    const Organisation& now = call.directory().organisation();
    write_changes(out, "units", now.units, draft.organisation->units);
    write_changes(out, "people", now.people, draft.organisation->people);
  }
  out.end_object();
  return json_response(200, out.take());
}

void publish_edited(Service& service, const CallPtr& call, int base,
                    std::function<Expected<std::string>(const std::string&)> edit) {
  if (!may_administer(call->who)) return service.refuse(*call, only_administrators());
  // What an edit was made from is what it must still find; a text may say so itself.
  const int from = base != 0 ? base : call->directory().organisation().version;
  service.on_pool(call, [&service, call, from, edit = std::move(edit)] {
    auto yaml = source_of(*call->registry);
    if (yaml) yaml = edit(*yaml);
    if (!yaml) return service.refuse(*call, yaml.error());
    const Draft draft = look_at(service, *call->registry, *yaml, LookFor::publishing);
    if (const Finding* wrong = draft.first_error()) {
      return service.refuse(*call, {wrong->code, wrong->message, fmt::format("{}:{}", kFile, wrong->line)},
                            {{}, findings_members(draft)});
    }
    auto event = seal_organisation(*yaml, kFile, service.ports.sealer);
    if (!event) return service.refuse(*call, event.error());
    Work work;
    work.unit = top_unit(call->directory().organisation()).id;
    work.command = UnitCommand(PublishOrganisation{std::move(*event), from});
    work.body = [findings = findings_members(draft)](const Outcome&, const Registry& registry) {
      JsonOut out;
      out.begin_object();
      out.field("version", registry.directory().organisation().version);
      out.raw_members(findings);
      out.end_object();
      return out.take();
    };
    service.submit(call, std::move(work));
  });
}

void publish_organisation(Service& service, const CallPtr& call) {
  auto body = read_body_of(*call, parse_organisation_body);
  if (!body) return service.refuse(*call, body.error());
  publish_edited(service, call, body->base,
                 [yaml = std::move(body->yaml)](const std::string&) -> Expected<std::string> { return yaml; });
}

void replace_unit_shifts(Service& service, const CallPtr& call) {
  auto body = read_body_of(*call, parse_shifts);
  if (!body) return service.refuse(*call, body.error());
  const auto unit = unit_of(call->directory(), body->unit, "unit.unknown", "/unit");
  if (!unit) return service.refuse(*call, unit.error());
  publish_edited(service, call, body->base, [unit = *unit, shifts = std::move(body->shifts)](const std::string& yaml) {
    return replace_shifts(yaml, unit, shifts);
  });
}

void put_unit(Service& service, const CallPtr& call) {
  if (!may_administer(call->who)) return service.refuse(*call, only_administrators());
  const auto id = unit_of(call->directory(), call->param(0), "unit.not-found", "id");
  if (!id) return service.refuse(*call, id.error());
  auto body = read_body_of(*call, parse_unit);
  if (!body) return service.refuse(*call, body.error());
  body->unit.id = *id;
  publish_edited(service, call, body->base,
                 [unit = std::move(body->unit)](const std::string& yaml) { return tingan::put_unit(yaml, unit); });
}

// The weekly grid of a unit as it is published; handovers and substitutions are not in it.
Expected<net::Response> get_shifts(Service&, Call& call) {
  if (auto known = check_query(call.request, {"unit"}); !known) return tl::unexpected(known.error());
  const auto named =
      unit_or_own(call.directory(), call.who, call.request.query_value("unit"), "query.unknown-value", "unit");
  if (!named) return tl::unexpected(named.error());
  const UnitId unit = *named;
  if (!may_administer(call.who) && !call.directory().is_within(unit, call.who.unit)) {
    return fail("unit.not-allowed", {"您不能看这个单位的排班", "Expected your unit or one below it"}, "unit");
  }
  static constexpr std::array kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  const auto minute = [](int at) { return fmt::format("{:02}:{:02}", at / 60, at % 60); };
  JsonOut out;
  out.begin_object();
  out.field("unit", unit.str());
  out.field("version", call.directory().organisation().version);
  out.begin_array("shifts");
  for (const Shift& shift : call.directory().organisation().roster) {
    if (shift.unit != unit) continue;
    out.begin_object();
    out.begin_array("days");
    for (std::size_t day = 0; day < kDays.size(); ++day) {
      if ((shift.days >> day & 1U) != 0) out.item(kDays[day]);
    }
    out.end_array();
    out.field("from", minute(shift.span.from));
    out.field("to", minute(shift.span.to));
    out.field("on_call", shift.on_call);
    out.begin_object("people");
    for (const auto& [role, people] : shift.people) out.ids(role.str(), people);
    out.end_object();
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return json_response(200, out.take());
}

}  // namespace tingan::api
