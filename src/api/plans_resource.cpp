#include <charconv>

#include "api/bodies.h"
#include "api/plan_json.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "codec/plan_yaml.h"
#include "core/plancheck/plan_diff.h"

namespace tingan::api {
namespace {

Error no_such_plan(const std::string& name) {
  return {"plan.not-found",
          {fmt::format("没有预案“{}”", name), fmt::format("Expected a known plan, but got '{}'", name)},
          "id"};
}

Expected<PlanPtr> plan_of(const Call& call) {
  const auto id = PlanId::find(call.param(0));
  PlanPtr plan = id ? call.registry->plan(*id) : nullptr;
  if (plan == nullptr) return tl::unexpected(no_such_plan(call.param(0)));
  return plan;
}

Expected<PlanPtr> version_of(const Call& call, const Plan& plan, std::string_view text, const char* where) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  PlanPtr found = whole ? call.registry->plan(plan.id, number) : nullptr;
  if (found == nullptr) {
    return fail("plan.not-found",
                {fmt::format("预案“{}”没有第“{}”版", plan.id.str(), text),
                 fmt::format("Expected a version of plan '{}', but got '{}'", plan.id.str(), text)},
                where);
  }
  return found;
}

net::Response plan_answer(const Call& call, const Plan& plan) {
  JsonOut out;
  write_plan(out, plan, call.registry->yaml(plan.id, plan.version));
  return json_response(200, out.take());
}

// What the parser says is an error like those of the check.
Finding finding_of(const Error& error) {
  Finding finding;
  finding.code = error.code;
  finding.message = error.message;
  const auto colon = error.where.rfind(':');
  finding.file = error.where.substr(0, colon);
  if (colon != std::string::npos) {
    std::from_chars(error.where.data() + colon + 1, error.where.data() + error.where.size(), finding.line);
  }
  return finding;
}

struct Checked {
  PlanPtr plan;  // nullptr: it does not parse
  std::vector<Finding> findings;

  bool has_errors() const {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.level == Finding::Level::error; });
  }
};

// The text among the plans that are in force, as publishing would find it. What is wrong with the others is not said
// here.
Checked check_yaml(const Service& service, const Registry& registry, const std::string& yaml) {
  Checked checked;
  auto parsed = parse_plan(yaml, "plan.yaml");
  if (!parsed) {
    for (const Error& error : parsed.error()) checked.findings.push_back(finding_of(error));
    return checked;
  }
  checked.plan = *parsed;
  CheckInput input;
  for (const PlanPtr& other : registry.newest_plans()) {
    if (other->id != checked.plan->id) input.plans.push_back(other);
  }
  input.plans.push_back(checked.plan);
  input.organisation = std::make_shared<const Organisation>(registry.directory().organisation());
  input.known_clauses = service.options.known_clauses;
  for (const auto& [id, schema] : service.options.forms) input.known_forms.insert(id);
  for (Finding& finding : check_plans(input)) {
    // A text has no file that could be misnamed.
    if (finding.plan != checked.plan->id || finding.code == "plan.file-name") continue;
    checked.findings.push_back(std::move(finding));
  }
  return checked;
}

void write_change(JsonOut& out, const PartChange& change) {
  static constexpr std::array kKinds = {"added", "removed", "changed"};
  out.begin_object();
  out.field("part", change.part);
  out.field("id", change.id);
  out.field("kind", kKinds[static_cast<std::size_t>(change.kind)]);
  out.begin_array("fields");
  for (const FieldChange& field : change.fields) {
    out.begin_object();
    out.field("field", field.field);
    out.field("before", field.before);
    out.field("after", field.after);
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

std::string findings_json(const Checked& checked) {
  JsonOut out;
  out.begin_array("findings");
  for (const Finding& finding : checked.findings) write_finding(out, finding);
  out.end_array();
  return out.take();
}

}  // namespace

Expected<net::Response> list_plans(Service&, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (const PlanPtr& plan : call.registry->newest_plans()) write_plan_row(out, *plan);
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> get_plan(Service&, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto plan = plan_of(call);
  if (!plan) return tl::unexpected(plan.error());
  return plan_answer(call, **plan);
}

Expected<net::Response> get_plan_version(Service&, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto plan = plan_of(call);
  if (!plan) return tl::unexpected(plan.error());
  const auto version = version_of(call, **plan, call.param(1), "version");
  if (!version) return tl::unexpected(version.error());
  return plan_answer(call, **version);
}

Expected<net::Response> get_plan_diff(Service&, Call& call) {
  if (auto known = check_query(call.request, {"from", "to"}); !known) return tl::unexpected(known.error());
  const auto plan = plan_of(call);
  if (!plan) return tl::unexpected(plan.error());
  const std::string newest = std::to_string((*plan)->version);
  const auto from = version_of(call, **plan, call.request.query_value("from").value_or("1"), "from");
  if (!from) return tl::unexpected(from.error());
  const auto to = version_of(call, **plan, call.request.query_value("to").value_or(newest), "to");
  if (!to) return tl::unexpected(to.error());
  JsonOut out;
  out.begin_object();
  out.field("plan", (*plan)->id.str());
  out.field("from", (*from)->version);
  out.field("to", (*to)->version);
  out.begin_array("changes");
  for (const PartChange& change : diff_plans(**from, **to)) write_change(out, change);
  out.end_array();
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> check_plan(Service& service, Call& call) {
  const auto body = read_body_of(call, parse_plan_body);
  if (!body) return tl::unexpected(body.error());
  const Checked checked = check_yaml(service, *call.registry, body->yaml);
  JsonOut out;
  out.begin_object();
  out.field("ok", !checked.has_errors());
  out.string_or_null("plan", checked.plan == nullptr ? "" : checked.plan->id.str());
  out.raw_members(findings_json(checked));
  out.end_object();
  return json_response(200, out.take());
}

// Checked on the pool first, so that the refusal can show every finding; the engine checks again what it publishes.
void publish_plan(Service& service, const CallPtr& call) {
  auto body = read_body_of(*call, parse_plan_body);
  if (!body) return service.refuse(*call, body.error());
  if (!may_keep_plans(call->who)) {
    return service.refuse(*call,
                          {"plan.not-allowed",
                           {"只有管理员或中心负责人可以发布预案", "Expected an administrator or the centre head"},
                           {}});
  }
  service.on_pool(call, [&service, call, yaml = std::move(body->yaml)] {
    const Checked checked = check_yaml(service, *call->registry, yaml);
    if (checked.has_errors()) {
      const auto first = std::find_if(checked.findings.begin(), checked.findings.end(),
                                      [](const Finding& finding) { return finding.level == Finding::Level::error; });
      return service.refuse(
          *call,
          {"plan.check-failed",
           {"预案没有通过检查：" + first->message.zh, "Expected a plan without errors, but: " + first->message.en},
           fmt::format("{}:{}", first->file, first->line)},
          {{}, findings_json(checked)});
    }
    Work work;
    work.unit = top_unit(call->directory().organisation()).id;
    work.command = UnitCommand(PublishPlan{yaml, "plans/" + checked.plan->id.str() + ".yaml"});
    work.body = [id = checked.plan->id](const Outcome&, const Registry& registry) {
      JsonOut out;
      if (const PlanPtr plan = registry.plan(id)) write_plan_row(out, *plan);
      return out.take();
    };
    service.submit(call, std::move(work));
  });
}

}  // namespace tingan::api
