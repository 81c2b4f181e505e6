#include "api/plan_json.h"

#include "report/words.h"

namespace tingan::api {
namespace {

void write_head(JsonOut& out, const Plan& plan) {
  static constexpr std::array kSeverities = {"minor", "major", "danger"};
  out.field("id", plan.id.str());
  out.field("version", plan.version);
  out.field("title", plan.title);
  out.field("severity", kSeverities[static_cast<std::size_t>(plan.severity)]);
  out.field("owner", plan.owner);
  out.field("issued", plan.issued);
  out.text_or_null("origin", plan.origin);
  out.field("hash", plan.hash);
  out.field("silent", plan.silent.has_value());
  out.ids("clauses", plan.clauses);
}

void write_condition(JsonOut& out, const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::always:
      out.item(true);
      return;
    case Condition::Kind::is:
      out.begin_object();
      out.field("fact", condition.fact.str());
      out.ids("is", condition.values);
      out.end_object();
      return;
    case Condition::Kind::all:
    case Condition::Kind::any:
    case Condition::Kind::negated:
      break;
  }
  static constexpr std::array kNames = {"always", "is", "all", "any", "not"};
  out.begin_object();
  out.begin_array(kNames[static_cast<std::size_t>(condition.kind)]);
  for (const Condition& part : condition.parts) write_condition(out, part);
  out.end_array();
  out.end_object();
}

void write_when(JsonOut& out, const Condition& condition) {
  if (condition.trivial()) return out.null("when");
  out.name("when");
  write_condition(out, condition);
}

void write_duration(JsonOut& out, std::string_view key, const std::optional<Duration>& length) {
  out.string_or_null(key, length ? format_duration(*length) : "");
}

void write_facts(JsonOut& out, const Plan& plan) {
  out.begin_array("facts");
  for (const Fact& fact : plan.facts) {
    out.begin_object();
    out.field("id", fact.id.str());
    out.field("title", fact.title);
    out.field("boolean", fact.boolean());
    out.begin_array("values");
    for (const ValueId value : fact.values) {
      if (fact.boolean()) {
        out.item(value.str() == "true");
      } else {
        out.item(value.str());
      }
    }
    out.end_array();
    out.begin_array("danger");
    for (const ValueId value : fact.danger) {
      if (fact.boolean()) {
        out.item(value.str() == "true");
      } else {
        out.item(value.str());
      }
    }
    out.end_array();
    out.begin_array("labels");
    for (const ValueId value : fact.values) out.item(report::value_label(fact, value));
    out.end_array();
    out.text_or_null("ask", fact.ask.value_or(Text{}));
    if (fact.only_stated_by) out.ids("only_stated_by", *fact.only_stated_by);
    out.ids("also_stated_by", fact.also_stated_by);
    out.end_object();
  }
  out.end_array();
}

void write_steps(JsonOut& out, const Plan& plan) {
  out.begin_array("phases");
  for (const Phase& phase : plan.phases) {
    out.begin_object();
    out.field("id", phase.id.str());
    out.field("title", phase.title);
    write_when(out, phase.when);
    out.end_object();
  }
  out.end_array();
  out.begin_array("steps");
  for (const Step& step : plan.steps) {
    out.begin_object();
    out.field("id", step.id.str());
    out.string_or_null("phase", step.phase < 0 ? "" : plan.phases[static_cast<std::size_t>(step.phase)].id.str());
    out.field("role", step.role.str());
    write_when(out, step.when);
    out.begin_array("after");
    for (const int before : step.after) out.item(plan.steps[static_cast<std::size_t>(before)].id.str());
    out.end_array();
    out.string_or_null("on", step.on < 0 ? "" : plan.escalations[static_cast<std::size_t>(step.on)].id.str());
    out.field("text", step.text);
    out.text_or_null("why", step.why.value_or(Text{}));
    write_duration(out, "within", step.within);
    out.string_or_null("asks", step.asks < 0 ? "" : plan.facts[static_cast<std::size_t>(step.asks)].id.str());
    out.string_or_null("call", step.call.str());
    out.string_or_null("form", step.form.str());
    out.string_or_null("opens", step.opens);
    out.ids("tell", step.tell);
    out.field("each", step.each);
    out.field("must", step.must);
    out.field("ours", step.ours);
    out.field("of_parent", step.of_parent);
    out.ids("clauses", step.clauses);
    out.end_object();
  }
  out.end_array();
}

void write_escalations(JsonOut& out, const Plan& plan) {
  out.begin_array("escalations");
  for (const Escalation& escalation : plan.escalations) {
    out.begin_object();
    out.field("id", escalation.id.str());
    write_when(out, escalation.when);
    if (escalation.until_acknowledged) {
      out.field("until", "acknowledged");
    } else {
      out.name("until");
      write_condition(out, escalation.until);
    }
    write_duration(out, "at", escalation.at);
    out.string_or_null("from",
                       escalation.from < 0 ? "" : plan.steps[static_cast<std::size_t>(escalation.from)].id.str());
    write_duration(out, "repeat", escalation.repeat);
    out.ids("tell", escalation.tell);
    out.field("text", escalation.text);
    out.field("ours", escalation.ours);
    out.field("of_parent", escalation.of_parent);
    out.ids("clauses", escalation.clauses);
    out.end_object();
  }
  out.end_array();
}

void write_words(JsonOut& out, const Plan& plan) {
  out.begin_array("prohibitions");
  for (const Prohibition& part : plan.prohibitions) {
    out.begin_object();
    out.field("id", part.id.str());
    out.field("text", part.text);
    out.ids("roles", part.roles);
    write_when(out, part.when);
    out.field("ours", part.ours);
    out.ids("clauses", part.clauses);
    out.end_object();
  }
  out.end_array();
  out.begin_array("scripts");
  for (const Script& part : plan.scripts) {
    out.begin_object();
    out.field("id", part.id.str());
    out.field("audience", part.audience);
    out.ids("who", part.who);
    write_when(out, part.when);
    out.field("text", part.text);
    out.field("ours", part.ours);
    out.ids("clauses", part.clauses);
    out.end_object();
  }
  out.end_array();
}

void write_end(JsonOut& out, const Plan& plan) {
  out.begin_array("chains");
  for (const Chain& chain : plan.chains) {
    out.begin_object();
    out.field("id", chain.id.str());
    write_when(out, chain.when);
    out.field("start", chain.start.str());
    out.ids("clauses", chain.clauses);
    out.end_object();
  }
  out.end_array();
  out.begin_object("reports");
  for (const char* kind : {"initial", "follow-up", "final"}) {
    const ReportNeed* need = report_need(plan, kind);
    if (need == nullptr) continue;
    out.begin_object(kind);
    write_duration(out, "within", need->within);
    write_duration(out, "every", need->every);
    out.ids("to", need->to);
    out.field("by", need->by.str());
    out.ids("clauses", need->clauses);
    out.end_object();
  }
  out.end_object();
  out.begin_array("gates");
  for (const Gate& gate : plan.gates) {
    out.begin_object();
    out.field("id", gate.id.str());
    out.field("text", gate.text);
    out.field("of_parent", gate.of_parent);
    out.ids("clauses", gate.clauses);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

void write_plan_row(JsonOut& out, const Plan& plan) {
  out.begin_object();
  write_head(out, plan);
  out.field("steps", plan.steps.size());
  out.field("escalations", plan.escalations.size());
  out.end_object();
}

void write_plan(JsonOut& out, const Plan& plan, const std::string& yaml) {
  out.begin_object();
  write_head(out, plan);
  write_facts(out, plan);
  write_steps(out, plan);
  write_escalations(out, plan);
  write_words(out, plan);
  write_end(out, plan);
  out.field("yaml", yaml);
  out.end_object();
}

void write_finding(JsonOut& out, const Finding& finding) {
  static constexpr std::array kLevels = {"error", "warning", "note"};
  out.begin_object();
  out.field("level", kLevels[static_cast<std::size_t>(finding.level)]);
  out.field("code", finding.code);
  out.field("file", finding.file);
  out.field("line", finding.line);
  out.string_or_null("plan", finding.plan.str());
  out.ids("clauses", finding.clauses);
  out.field("message", finding.message);
  out.begin_array("witness");
  for (const std::string& word : finding.witness) out.item(word);
  out.end_array();
  out.end_object();
}

}  // namespace tingan::api
