#include "sim/scenario/flatten.h"

#include <algorithm>

#include "core/incident/placeholders.h"
#include "model/vocabulary.h"

namespace tingan::scenario {
namespace {

template <class List, class Id>
void add_once(List& list, const Id& id) {
  if (std::find(list.begin(), list.end(), id) == list.end()) list.push_back(id);
}

Text say_role(RoleId id) {
  if (id == staff_role()) return {"在岗人员", "whoever is there"};
  const RoleInfo* role = find_role(id);
  return role == nullptr ? Text{id.str(), id.str()} : role->name;
}

Text say_fact(const Fact& fact, ValueId value) {
  const auto at = std::find(fact.values.begin(), fact.values.end(), value) - fact.values.begin();
  const auto index = static_cast<std::size_t>(at);
  const Text label = index < fact.labels.size() ? fact.labels[index] : Text{};
  if (!label.empty()) return {fact.title.zh + "：" + label.zh, fact.title.en + ": " + label.en};
  return {fact.title.zh + "：" + value.str(), fact.title.en + ": " + value.str()};
}

Text say_report(const std::string& kind) {
  if (kind == "initial") return {"初报", "initial report"};
  if (kind == "follow-up") return {"续报", "follow-up report"};
  return {"终报", "final report"};
}

struct Flattener {
  const Record& record;
  const IncidentState& incident;
  const Plan& plan;
  const Directory& directory;
  const std::string& name;
  std::vector<Entry>& out;
  std::map<PartId, Instant> clocks;  // when the clocks that fired in this record were due

  Entry make(const char* event, Text text) const {
    return {.at = record.time.at,
            .unit = record.unit,
            .incident = incident.id,
            .type = incident.plan_id,
            .name = name,
            .event = event,
            .planned = record.time.at,
            .by = record.by,
            .text = std::move(text)};
  }
  Text filled(const Text& text) const { return fill_placeholders(text, incident, directory); }
  const Step* step(PartId id) const {
    const int index = find_step(plan, id);
    return index < 0 ? nullptr : &plan.steps[static_cast<std::size_t>(index)];
  }
  const Escalation* escalation(PartId id) const {
    const int index = find_escalation(plan, id);
    return index < 0 ? nullptr : &plan.escalations[static_cast<std::size_t>(index)];
  }

  // `staff` is whoever is there: the hall roles that these people hold.
  void add_role(Entry& entry, RoleId role) const {
    add_once(entry.to, role);
    if (role != staff_role()) return;
    for (const PersonId id : entry.people) {
      const Person* person = directory.person(id);
      if (person == nullptr) continue;
      for (const RoleId held : person->roles) {
        if (is_hall_role(held)) add_once(entry.to, held);
      }
    }
  }

  Entry of_step(const char* event, PartId id, const Text& before) const {
    Entry entry = make(event, before);
    entry.part = id;
    entry.is_step = true;
    if (const Step* known = step(id)) {
      entry.clauses = known->clauses;
      const Text text = filled(known->text);
      entry.text = {before.zh + text.zh, before.en + text.en};
    }
    return entry;
  }

  void operator()(const IncidentDeclared& e) {
    const Unit* unit = directory.unit(e.unit);
    const Text where = unit == nullptr ? Text{e.unit.str(), e.unit.str()} : unit->name;
    const Text drill = e.drill ? Text{"【演练】", "[drill] "} : Text{};
    Entry entry = make("incident-declared", {fmt::format("{}启动预案“{}”：{}", drill.zh, plan.title.zh, where.zh),
                                             fmt::format("{}plan started: {}, {}", drill.en, plan.title.en, where.en)});
    entry.clauses = plan.clauses;
    entry.facts = e.facts;
    out.push_back(std::move(entry));
  }

  void operator()(const FactsStated& e) {
    Entry entry = make("facts-stated", {});
    entry.facts = e.set;
    for (const FactSetting& setting : e.set) {
      const int index = find_fact(plan, setting.fact);
      if (index < 0) continue;
      const Text said = say_fact(plan.facts[static_cast<std::size_t>(index)], setting.value);
      entry.text.zh += (entry.text.zh.empty() ? "认定 " : "；") + said.zh;
      entry.text.en += (entry.text.en.empty() ? "known: " : "; ") + said.en;
    }
    out.push_back(std::move(entry));
  }

  void operator()(const PlanAdvanced& e) {
    if (e.silent) {
      out.push_back(make(
          *e.silent ? "silence-began" : "silence-ended",
          *e.silent ? Text{"静默处置开始：厅内不显示、不出声", "silence begins: nothing shows or sounds in the hall"}
                    : Text{"静默处置结束", "silence ends"}));
    }
    if (e.contained) {
      out.push_back(make(*e.contained ? "incident-contained" : "incident-open-again",
                         *e.contained ? Text{"事态得到控制", "the incident is contained"}
                                      : Text{"事态又未受控", "the incident is open again"}));
    }
    for (const StepOpening& opening : e.opened) open_step(opening);
    for (const PartId id : e.answered) out.push_back(of_step("step-answered", id, {"已有答案：", "answered: "}));
    for (const PartId id : e.withdrawn) out.push_back(of_step("step-withdrawn", id, {"不再需要：", "withdrawn: "}));
    for (const PartId id : e.scripts_on) script(id, true);
    for (const PartId id : e.scripts_off) script(id, false);
    for (const PartId id : e.prohibitions_on) prohibition(id, true);
    for (const PartId id : e.prohibitions_off) prohibition(id, false);
  }

  void open_step(const StepOpening& opening) {
    const Step* known = step(opening.step);
    const Text role = known == nullptr ? Text{} : say_role(known->role);
    Entry entry = of_step("step-opened", opening.step, {role.zh + "：", role.en + ": "});
    entry.people = opening.people;
    entry.due = opening.due;
    entry.fires = true;
    if (known != nullptr) add_role(entry, known->role);
    out.push_back(std::move(entry));
  }

  void script(PartId id, bool on) {
    Entry entry = make(on ? "script-shown" : "script-hidden", {});
    entry.part = id;
    entry.fires = on;
    if (const int index = find_script(plan, id); index >= 0) {
      const Script& known = plan.scripts[static_cast<std::size_t>(index)];
      entry.clauses = known.clauses;
      entry.to = known.who;
      const Text text = filled(known.text);
      entry.text = on ? Text{"统一口径：" + text.zh, "words to say: " + text.en}
                      : Text{"口径不再使用：" + text.zh, "words no longer said: " + text.en};
    }
    out.push_back(std::move(entry));
  }

  void prohibition(PartId id, bool on) {
    Entry entry = make(on ? "prohibition-on" : "prohibition-off", {});
    entry.part = id;
    if (const int index = find_prohibition(plan, id); index >= 0) {
      const Prohibition& known = plan.prohibitions[static_cast<std::size_t>(index)];
      entry.clauses = known.clauses;
      entry.to = known.roles;
      entry.text = on ? Text{"严禁：" + known.text.zh, "do not: " + known.text.en}
                      : Text{"解除：" + known.text.zh, "no longer forbidden: " + known.text.en};
    }
    out.push_back(std::move(entry));
  }

  void operator()(const StepMarked& e) {
    const Text status = e.status == StepStatus::started   ? Text{"进行中：", "started: "}
                        : e.status == StepStatus::skipped ? Text{"跳过：", "skipped: "}
                                                          : Text{"完成：", "done: "};
    const char* event = e.status == StepStatus::started   ? "step-started"
                        : e.status == StepStatus::skipped ? "step-skipped"
                                                          : "step-done";
    out.push_back(of_step(event, e.step, status));
  }

  void operator()(const StepsReassigned& e) {
    for (const StepPassed& passed : e.steps) {
      Entry entry = of_step("step-reassigned", passed.step, {"改由他人办理：", "passed on: "});
      entry.people = passed.people;
      out.push_back(std::move(entry));
    }
  }

  void operator()(const StepsLate& e) {
    for (const LateStep& late : e.steps) {
      clocks[late.step] = late.due;
      Entry entry = of_step("step-late", late.step, {"逾期未完成：", "late: "});
      entry.due = late.due;
      out.push_back(std::move(entry));
    }
  }

  void operator()(const EscalationFired& e) {
    clocks[e.escalation] = e.due;
    Entry entry = make("escalation-fired", {});
    entry.part = e.escalation;
    entry.due = e.due;
    entry.planned = e.due;
    entry.fires = true;
    if (const Escalation* known = escalation(e.escalation)) {
      entry.clauses = known->clauses;
      const Text text = filled(known->text);
      entry.text = {"升级上报：" + text.zh, "escalation: " + text.en};
    }
    out.push_back(std::move(entry));
  }

  void operator()(const EscalationAcknowledged& e) {
    Entry entry = make("escalation-acknowledged", {"升级上报已有人签收", "somebody has the escalation"});
    entry.part = e.escalation;
    if (const Escalation* known = escalation(e.escalation)) entry.clauses = known->clauses;
    out.push_back(std::move(entry));
  }

  void add_reason(Entry& entry, const Reason& reason) const {
    std::vector<ClauseId> clauses;
    switch (reason.kind) {
      case ReasonKind::step:
      case ReasonKind::informs:
      case ReasonKind::late:
      case ReasonKind::passed_on:
      case ReasonKind::nobody_left:
        if (const Step* known = step(reason.part)) clauses = known->clauses;
        break;
      case ReasonKind::escalation:
        if (const Escalation* known = escalation(reason.part)) clauses = known->clauses;
        break;
      case ReasonKind::report:
      case ReasonKind::report_filed:
      case ReasonKind::report_late:
        if (const ReportNeed* need = report_need(plan, reason.part.str())) clauses = need->clauses;
        break;
      default:
        break;
    }
    for (const ClauseId clause : clauses) add_once(entry.clauses, clause);
    const auto clock = clocks.find(reason.part);
    const bool of_clock = reason.kind == ReasonKind::late || reason.kind == ReasonKind::escalation ||
                          reason.kind == ReasonKind::report_late;
    if (!of_clock || clock == clocks.end()) return;
    entry.planned = clock->second;
    entry.due = clock->second;
  }

  // Whom an escalation reached stands in its own entry, too.
  void complete_escalation(const Reason& reason, const Entry& told, RoleId role) const {
    if (reason.kind != ReasonKind::escalation || told.people.empty()) return;
    for (auto entry = out.rbegin(); entry != out.rend() && entry->at == record.time.at; ++entry) {
      if (entry->event != "escalation-fired" || entry->part != reason.part || entry->incident != incident.id) continue;
      for (const PersonId person : told.people) add_once(entry->people, person);
      add_role(*entry, role);
      return;
    }
  }

  void operator()(const Told& e) {
    Entry entry = make("told", {});
    for (const NewNotice& notice : e.notices) add_once(entry.people, notice.person);
    for (const std::uint32_t n : e.shared) add_once(entry.people, incident.notices[n - 1].person);
    if (!e.reasons.empty()) entry.part = e.reasons.front().part;
    for (const Reason& reason : e.reasons) add_reason(entry, reason);
    const Text role = say_role(e.role);
    entry.fires = true;
    for (const Reason& reason : e.reasons) complete_escalation(reason, entry, e.role);
    if (entry.people.empty()) {
      entry.event = "nobody-found";
      entry.text = {"找不到人：" + role.zh, "nobody found for: " + role.en};
    } else {
      add_role(entry, e.role);
      add_role(entry, e.acting);
      entry.text = {"通知 " + role.zh, "told: " + role.en};
      if (e.acting != e.role && !e.acting.empty()) {
        const Text acting = say_role(e.acting);
        entry.text.zh += "（由" + acting.zh + "代）";
        entry.text.en += " (in their place: " + acting.en + ")";
      }
      if (e.passes > 0) entry.text = {entry.text.zh + "，无人签收后转达", entry.text.en + ", passed on unanswered"};
    }
    out.push_back(std::move(entry));
  }

  void operator()(const ToldAgain& e) {
    Entry entry =
        make("told-again", {fmt::format("第 {} 次再通知", e.round), fmt::format("told again, round {}", e.round)});
    for (const std::uint32_t n : e.notices) add_once(entry.people, incident.notices[n - 1].person);
    const TellingState& telling = incident.tellings[e.telling - 1];
    if (!telling.reasons.empty()) entry.part = telling.reasons.front().part;
    for (const Reason& reason : telling.reasons) add_reason(entry, reason);
    add_role(entry, telling.role);
    out.push_back(std::move(entry));
  }

  void operator()(const TellingEnded&) {}

  void operator()(const NoticeProgressed& e) {
    if (e.rung != Rung::acknowledged) return;  // the rehearsal's delivery always succeeds: no news
    Entry entry = make("notice-acknowledged", {"签收", "acknowledged"});
    for (const std::uint32_t n : e.notices) add_once(entry.people, incident.notices[n - 1].person);
    out.push_back(std::move(entry));
  }

  void operator()(const ChainFired& e) {
    Entry entry = make("chain-fired", {"事态升级，另行启动预案", "it has grown: another plan starts"});
    entry.part = e.chain;
    if (const int index = find_chain(plan, e.chain); index >= 0) {
      entry.clauses = plan.chains[static_cast<std::size_t>(index)].clauses;
    }
    out.push_back(std::move(entry));
  }

  void operator()(const ParentJoined&) {
    out.push_back(make("parent-joined", {"并入多厅事件", "joins the event of several halls"}));
  }
  void operator()(const ChildJoined& e) {
    const Unit* unit = directory.unit(e.unit);
    const Text where = unit == nullptr ? Text{e.unit.str(), e.unit.str()} : unit->name;
    out.push_back(make("child-joined", {"纳入 " + where.zh, "a hall joins: " + where.en}));
  }
  void operator()(const ProgressNoted&) { out.push_back(make("progress-noted", {"通报进展", "progress noted"})); }

  void report(const char* event, const std::string& kind, const Text& before, std::optional<Instant> due) {
    const Text said = say_report(kind);
    Entry entry = make(event, {before.zh + said.zh, before.en + said.en});
    entry.part = PartId(kind);
    entry.due = due;
    if (const ReportNeed* need = report_need(plan, kind)) entry.clauses = need->clauses;
    out.push_back(std::move(entry));
  }
  void operator()(const ReportDrafted& e) { report("report-drafted", e.kind, {"草拟", "drafted: "}, {}); }
  void operator()(const ReportFiled& e) {
    report("report-filed", e.kind, e.late ? Text{"逾期上报", "filed late: "} : Text{"上报", "filed: "}, e.due);
  }
  void operator()(const ReportMissed& e) {
    clocks[PartId(e.kind)] = e.due;
    report("report-missed", e.kind, {"逾期未报：", "not filed in time: "}, e.due);
  }

  void operator()(const StepDeclined& e) {
    Entry entry = make("step-declined", {});
    entry.part = e.step;
    entry.people = e.people;
    if (const Step* known = step(e.step)) {
      entry.clauses = known->clauses;
      const Text text = filled(known->text);
      entry.text = {"做不了，转给他人：" + text.zh, "cannot do it, passed on: " + text.en};
    }
    out.push_back(std::move(entry));
  }
  void operator()(const EvidenceAdded&) { out.push_back(make("evidence-added", {"添加证据", "evidence is added"})); }
  void operator()(const EvidenceSeen&) {}
  void operator()(const HeadcountTaken&) { out.push_back(make("headcount-taken", {"清点人数", "people are counted"})); }
  void operator()(const StoodDownUnderDuress&) {
    out.push_back(make("stood-down-under-duress", {"受胁迫解除，事件继续", "stood down under duress: it runs on"}));
  }
  void operator()(const CoverMoved&) {}
  void operator()(const CoverLifted&) { out.push_back(make("cover-lifted", {"掩护解除", "the cover is lifted"})); }
  void operator()(const FormFiled&) { out.push_back(make("form-filed", {"填写表单", "a form is filed"})); }
  void operator()(const IncidentClosed&) { out.push_back(make("incident-closed", {"结案", "closed"})); }
  void operator()(const IncidentReopened&) { out.push_back(make("incident-reopened", {"重新打开", "reopened"})); }
  void operator()(const IncidentRetracted&) {
    out.push_back(make("incident-retracted", {"撤销：误报，已告知所有人", "retracted: it was nothing"}));
  }
};

}  // namespace

Text say_roles(const std::vector<RoleId>& roles) {
  Text said;
  for (const RoleId id : roles) {
    if (id == staff_role() && roles.size() > 1) continue;
    const Text role = say_role(id);
    said.zh += (said.zh.empty() ? "" : "、") + role.zh;
    said.en += (said.en.empty() ? "" : ", ") + role.en;
  }
  return said;
}

void flatten(const Record& record, const IncidentState& incident, const Directory& directory, const std::string& name,
             std::vector<Entry>& out) {
  Flattener flattener{record, incident, *incident.plan, directory, name, out, {}};
  for (const AnyEvent& event : record.events) {
    if (const auto* of_incident = std::get_if<IncidentEvent>(&event)) std::visit(flattener, *of_incident);
  }
}

}  // namespace tingan::scenario
