#include "api/report_content.h"

#include "api/bodies.h"
#include "api/event_json.h"
#include "api/labels.h"
#include "core/incident/advance.h"
#include "core/incident/clocks.h"
#include "core/incident/gates.h"
#include "core/incident/placeholders.h"

namespace tingan::api {
namespace {

// Joins lines as they come, in one language.
struct Lines {
  Lang lang;
  std::string text;

  void add(const std::string& line) {
    if (line.empty()) return;
    if (!text.empty()) text += '\n';
    text += line;
  }
  void add(const Text& line) { add(pick(line, lang)); }
};

std::string local_minute(Instant at, Zone zone) {
  const LocalTime local = local_time(at, zone);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", local.year, local.month, local.day, local.minute / 60,
                     local.minute % 60);
}

std::string place(const ReportSource& source) {
  Lines lines{source.lang, {}};
  const Unit* unit = source.directory.unit(source.incident.unit);
  if (unit == nullptr) return source.incident.unit.str();
  lines.add(unit->name);
  lines.add(unit->address);
  for (const ChildLink& child : source.incident.children) {
    if (const Unit* hall = source.directory.unit(child.unit)) lines.add(hall->name);
  }
  return lines.text;
}

std::string time(const ReportSource& source) {
  const Zone zone = source.directory.zone();
  const std::string start = local_minute(source.incident.declared_at, zone);
  const bool ended = source.incident.ended_at != kNever;
  const std::string end = ended ? local_minute(source.incident.ended_at, zone) : "";
  const Text length = say_duration((ended ? source.incident.ended_at : source.now) - source.incident.declared_at);
  const Text text = ended ? Text{fmt::format("{} 至 {}，历时 {}", start, end, length.zh),
                                 fmt::format("{} to {}, {}", start, end, length.en)}
                          : Text{fmt::format("{} 起，至今 {}", start, length.zh),
                                 fmt::format("since {}, {} so far", start, length.en)};
  return pick(text, source.lang);
}

std::string type(const ReportSource& source) {
  Lines lines{source.lang, pick(source.incident.plan->title, source.lang)};
  if (source.incident.drill) lines.add(Text{"（演练）", "(drill)"});
  return lines.text;
}

// What is known about the harm: every fact that somebody has stated.
std::string effect(const ReportSource& source) {
  Lines lines{source.lang, {}};
  for (std::size_t i = 0; i < source.incident.facts.size(); ++i) {
    const FactState& state = source.incident.facts[i];
    if (!state.known) continue;
    const Fact& fact = source.incident.plan->facts[i];
    const Text value = value_label(fact, state.value);
    lines.add(Text{fact.title.zh + "：" + value.zh, fact.title.en + ": " + value.en});
  }
  return lines.text;
}

std::string measures(const ReportSource& source) {
  Lines lines{source.lang, {}};
  for (const LoggedRecord& logged : source.records) {
    for (const AnyEvent& any : logged.record.events) {
      const auto* event = std::get_if<IncidentEvent>(&any);
      const bool counts = event != nullptr && (std::holds_alternative<StepMarked>(*event) ||
                                               std::holds_alternative<EscalationFired>(*event));
      if (!counts) continue;
      const Text text = describe(*event, source.incident, source.directory);
      const Text who = role_name(logged.record.by.role);
      const std::string at = local_minute(logged.record.time.at, source.directory.zone()).substr(11);
      lines.add(Text{fmt::format("{} {}（{}）", at, text.zh, who.zh), fmt::format("{} {} ({})", at, text.en, who.en)});
    }
  }
  static const Text states[] = {{"控制程度：正在处置", "Control: being handled"},
                                {"控制程度：已得到控制", "Control: contained"},
                                {"控制程度：已结案", "Control: closed"},
                                {"控制程度：已撤销", "Control: retracted"}};
  lines.add(states[static_cast<std::size_t>(source.incident.status)]);
  return lines.text;
}

// How it may go on: what is still to be done, what will be reported upwards next, what closing still needs.
std::string outlook(const ReportSource& source) {
  const IncidentState& incident = source.incident;
  Lines lines{source.lang, {}};
  if (incident.ended_at != kNever) {
    lines.add(Text{"已经结束", "It is over"});
    return lines.text;
  }
  for (std::size_t i = 0; i < incident.steps.size(); ++i) {
    const StepStatus status = incident.steps[i].status;
    if (status != StepStatus::open && status != StepStatus::started) continue;
    const Text& text = incident.plan->steps[i].text;
    lines.add(Text{"待办：" + text.zh, "To do: " + text.en});
  }
  for (std::size_t i = 0; i < incident.escalations.size(); ++i) {
    const Instant due = escalation_due(incident, static_cast<int>(i));
    if (due == kNever || due <= source.now) continue;
    const Text text = fill_placeholders(incident.plan->escalations[i].text, incident, source.directory);
    const std::string at = local_minute(due, source.directory.zone()).substr(11);
    lines.add(Text{fmt::format("{} 仍未解决则上报：{}", at, text.zh),
                   fmt::format("Escalates at {} unless solved: {}", at, text.en)});
  }
  for (const GateView& gate : gates_of(incident, source.children)) {
    if (!gate.met) lines.add(Text{"结案尚缺：" + gate.gate->text.zh, "Before closing: " + gate.gate->text.en});
  }
  return lines.text;
}

}  // namespace

Text report_kind_title(std::string_view kind) {
  if (kind == "initial") return {"初报", "Initial report"};
  if (kind == "follow-up") return {"续报", "Follow-up report"};
  return {"终报", "Final report"};
}

Text report_section_title(const std::string& id) {
  if (id == "place") return {"营业厅名称和地点", "Hall and place"};
  if (id == "time") return {"发生时间", "Time"};
  if (id == "type") return {"事件类型", "Type"};
  if (id == "effect") return {"影响和危害", "Effect and harm"};
  if (id == "measures") return {"已采取的措施和控制程度", "Measures taken and degree of control"};
  return {"发展趋势和可能的后果", "How it may develop"};
}

std::map<std::string, std::string> prefilled_contents(const ReportSource& source) {
  return {{"place", place(source)},   {"time", time(source)},         {"type", type(source)},
          {"effect", effect(source)}, {"measures", measures(source)}, {"outlook", outlook(source)}};
}

}  // namespace tingan::api
