#include "report/prefill_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/words.h"

namespace tingan::report {
namespace {

struct EffectHead {
  const char* id;
  Text title;
  bool demanded;  // by X6, so it is asked for even where the plan knows no fact of it
};

const std::array<EffectHead, 6>& effect_heads() {
  static const std::array<EffectHead, 6> heads = {{{"people", {"人员", "People"}, true},
                                                   {"property", {"财产", "Property"}, true},
                                                   {"funds", {"资金", "Funds"}, true},
                                                   {"records", {"业务资料", "Business records"}, true},
                                                   {"service", {"营业", "Service"}, false},
                                                   {"media", {"媒体和社会影响", "Media reach"}, true}}};
  return heads;
}

Text line(const Text& lead, const Text& rest) { return lead + Text{"：", ": "} + rest; }
Text lines(const std::vector<Text>& parts) { return join(parts, {"\n", "\n"}); }
Text ended(const Text& text) { return text + Text{"。", "."}; }

// Facts that somebody has stated, by the head that they stand under; "" for those that stand under none.
std::vector<Text> known_facts(const SectionSource& source, const std::string& effect) {
  std::vector<Text> out;
  for (std::size_t i = 0; i < source.plan.facts.size(); ++i) {
    const Fact& fact = source.plan.facts[i];
    const FactState& state = source.state.facts[i];
    if (fact.effect == effect && state.known) out.push_back(say_fact(fact, state.value));
  }
  return out;
}

// What the plan asks people about this head and nobody has answered.
bool asked_in_vain(const SectionSource& source, const std::string& effect) {
  for (std::size_t i = 0; i < source.plan.facts.size(); ++i) {
    if (source.plan.facts[i].effect == effect && !source.state.facts[i].known) return true;
  }
  return false;
}

Text steps_done(const SectionSource& source) {
  struct Done {
    Instant at;
    Text text;
  };
  std::vector<Done> done;
  for (std::size_t i = 0; i < source.plan.steps.size(); ++i) {
    const StepState& state = source.state.steps[i];
    if (state.status != StepStatus::done || !state.ever_opened) continue;
    const Text clock = say_clock(state.marked_at, source.state.declared_at, source.input.organisation.zone);
    const Text text = source.words.filled(source.plan.steps[i].text);
    done.push_back({state.marked_at, {clock.zh + "，" + text.zh, clock.en + " " + text.en}});
  }
  std::stable_sort(done.begin(), done.end(), [](const Done& a, const Done& b) { return a.at < b.at; });
  if (done.empty()) return {"处置步骤尚无完成记录。", "No step is recorded as done yet."};
  std::vector<Text> texts;
  for (Done& one : done) texts.push_back(std::move(one.text));
  const Text lead{fmt::format("按《{}》预案处置，已完成 {} 项：", source.plan.title.zh, done.size()),
                  fmt::format("Handled by the plan '{}'; {} steps done: ", source.plan.title.en, done.size())};
  return ended(lead + join(texts, {"；", "; "}));
}

Text remaining(const SectionSource& source) {
  const std::size_t open = source.document.open_steps.size();
  const std::size_t late = source.document.late_steps.size();
  const auto skipped = std::count_if(source.state.steps.begin(), source.state.steps.end(),
                                     [](const StepState& step) { return step.status == StepStatus::skipped; });
  std::vector<Text> parts;
  if (open > 0) parts.push_back({fmt::format("待完成 {} 项", open), fmt::format("{} still to do", open)});
  if (late > 0) parts.push_back({fmt::format("逾期 {} 项", late), fmt::format("{} late", late)});
  if (skipped > 0) parts.push_back({fmt::format("未执行 {} 项", skipped), fmt::format("{} skipped", skipped)});
  if (parts.empty()) return {};
  return ended(join(parts, {"，", ", "}) + Text{"，明细附后", ", listed below"});
}

Text escalated(const SectionSource& source) {
  std::vector<Text> parts;
  for (const ReportEscalation& one : source.document.escalations) {
    if (!one.fired) continue;
    const Text clock = say_clock(*one.fired, source.state.declared_at, source.input.organisation.zone);
    parts.push_back({clock.zh + "上报" + one.to.zh, clock.en + " to " + one.to.en});
  }
  if (parts.empty()) return {};
  return ended(line({"升级上报", "Escalated"}, join(parts, {"；", "; "})));
}

Text degree_of_control(const SectionSource& source) {
  const ReportDocument& document = source.document;
  const Text lead{"控制程度：", "Degree of control: "};
  const Zone zone = source.input.organisation.zone;
  if (document.closed) {
    const Text at = say_time(*document.closed, zone);
    return lead + Text{"已于" + at.zh + "结案。", "closed at " + at.en + "."};
  }
  if (document.contained) {
    const Text at = say_time(*document.contained, zone);
    return lead +
           Text{"已于" + at.zh + "得到控制，后续处置仍在进行。", "contained at " + at.en + "; the rest is under way."};
  }
  return lead + Text{"尚未得到控制，正在处置。", "not contained yet, being dealt with."};
}

}  // namespace

Text place_text(const SectionSource& source) {
  const Unit* unit = find_unit(source.input.organisation, source.state.unit);
  if (unit == nullptr) return {source.state.unit.str(), source.state.unit.str()};
  std::vector<Text> parts{unit->name};
  if (!unit->address.empty()) parts.push_back(unit->address);
  if (!unit->landmarks.empty()) parts.push_back(unit->landmarks);
  Text text = ended(join(parts, {"，", ", "}));
  if (!unit->phone.empty()) text = text + Text{"电话 " + unit->phone + "。", " Phone " + unit->phone + "."};
  if (!source.state.children.empty()) {
    std::vector<Text> halls;
    for (const ChildLink& child : source.state.children) {
      const Unit* hall = find_unit(source.input.organisation, child.unit);
      if (hall != nullptr) halls.push_back(hall->name);
    }
    text = text + Text{"\n", "\n"} + ended(line({"涉及营业厅", "Halls concerned"}, join(halls, {"、", ", "})));
  }
  // The exact spot is what no record of the program holds.
  return text + Text{"\n", "\n"} + line({"具体部位", "Exact spot"}, not_known_yet());
}

Text time_text(const SectionSource& source) {
  const Zone zone = source.input.organisation.zone;
  const ReportDocument& document = source.document;
  const Text declared = say_time(document.declared, zone);
  const Text who = source.words.who(source.state.declared_by);
  Text text{fmt::format("{}由{}宣布启动预案。", declared.zh, who.zh),
            fmt::format("Declared at {} by {}.", declared.en, who.en)};
  if (document.contained) {
    const Text at = say_clock(*document.contained, document.declared, zone);
    text = text + Text{at.zh + "得到控制。", " Contained at " + at.en + "."};
  }
  if (document.closed) {
    const Text at = say_clock(*document.closed, document.declared, zone);
    const Text length = say_duration(*document.closed - document.declared);
    text = text + Text{fmt::format("{}结案，历时 {}。", at.zh, length.zh),
                       fmt::format(" Closed at {}, after {}.", at.en, length.en)};
  }
  return text;
}

Text type_text(const SectionSource& source) {
  Text text = ended(source.plan.title);
  if (source.state.drill) text = text + Text{"本次为演练。", " This is a drill."};
  const std::vector<Text> known = known_facts(source, "");
  if (known.empty()) return text;
  return text + Text{"\n", "\n"} + ended(line({"已掌握的情况", "Known"}, join(known, {"；", "; "})));
}

Text effect_text(const SectionSource& source) {
  std::vector<Text> parts;
  for (const EffectHead& head : effect_heads()) {
    std::vector<Text> known = known_facts(source, head.id);
    const bool asked = asked_in_vain(source, head.id);
    if (known.empty() && !asked && !head.demanded) continue;
    if (known.empty()) known.push_back(not_known_yet());
    parts.push_back(ended(line(head.title, join(known, {"；", "; "}))));
  }
  for (Text part : {headcount_text(source), acceptance_text(source)}) {
    if (!part.empty()) parts.push_back(std::move(part));
  }
  return lines(parts);
}

Text measures_text(const SectionSource& source) {
  std::vector<Text> parts{steps_done(source)};
  for (Text part : {declined_text(source), remaining(source), escalated(source)}) {
    if (!part.empty()) parts.push_back(std::move(part));
  }
  parts.push_back(degree_of_control(source));
  return lines(parts);
}

Text outlook_text(const SectionSource& source) {
  std::vector<Text> parts;
  std::vector<Text> unknown;
  for (std::size_t i = 0; i < source.plan.facts.size(); ++i) {
    const Fact& fact = source.plan.facts[i];
    if (fact.ask && !source.state.facts[i].known) unknown.push_back(fact.title);
  }
  if (source.document.closed) {
    parts.push_back({"事件已结案，结案条件均已满足。", "The incident is closed; everything demanded for that is met."});
  } else if (!unknown.empty()) {
    parts.push_back(ended(line({"尚待查明或确认", "Still to be found out or confirmed"}, join(unknown, {"；", "; "}))));
  }
  std::vector<Text> unmet;
  for (const ReportGate& gate : source.document.gates) {
    if (!gate.met) unmet.push_back(gate.text);
  }
  if (!unmet.empty() && !source.document.closed) {
    parts.push_back(ended(line({"结案尚差", "Lacking for the close"}, join(unmet, {"；", "; "}))));
  }
  for (const ReportEscalation& one : source.document.escalations) {
    if (one.fired || source.document.closed) continue;
    const Text at = say_clock(one.due, source.state.declared_at, source.input.organisation.zone);
    parts.push_back({fmt::format("若届时仍未解决，{}上报{}。", at.zh, one.to.zh),
                     fmt::format("If not solved by then, it goes to {} at {}.", one.to.en, at.en)});
  }
  parts.push_back(ended(line({"可能造成的后果", "What it may still cause"}, not_known_yet())));
  return lines(parts);
}

}  // namespace tingan::report
