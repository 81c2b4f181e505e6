// The sentences of the timeline.
#include "api/event_json.h"
#include "api/labels.h"
#include "core/incident/placeholders.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

const Text& or_id(const Text* text, const Text& id) { return text == nullptr ? id : *text; }

struct Teller {
  const IncidentState& incident;
  const Directory& directory;

  const Plan& plan() const { return *incident.plan; }
  Text step(PartId id) const {
    const int index = find_step(plan(), id);
    return or_id(index < 0 ? nullptr : &plan().steps[static_cast<std::size_t>(index)].text, {id.str(), id.str()});
  }
  Text steps(const std::vector<PartId>& ids) const {
    Text out;
    for (const PartId id : ids) {
      const Text one = step(id);
      out.zh += (out.zh.empty() ? "" : "；") + one.zh;
      out.en += (out.en.empty() ? "" : "; ") + one.en;
    }
    return out;
  }
  Text escalation(PartId id) const {
    const int index = find_escalation(plan(), id);
    return or_id(index < 0 ? nullptr : &plan().escalations[static_cast<std::size_t>(index)].text, {id.str(), id.str()});
  }
  Text settings(const std::vector<FactSetting>& set) const {
    Text out;
    for (const FactSetting& setting : set) {
      const int index = find_fact(plan(), setting.fact);
      if (index < 0) continue;
      const Fact& fact = plan().facts[static_cast<std::size_t>(index)];
      const Text value = value_label(fact, setting.value);
      out.zh += (out.zh.empty() ? "" : "；") + fact.title.zh + "：" + value.zh;
      out.en += (out.en.empty() ? "" : "; ") + fact.title.en + ": " + value.en;
    }
    return out;
  }
  static Text kind(const std::string& kind) {
    if (kind == "initial") return {"初报", "initial report"};
    if (kind == "follow-up") return {"续报", "follow-up report"};
    return {"终报", "final report"};
  }
  static Text both(const char* zh, const char* en, const Text& what) {
    return {fmt::format(fmt::runtime(zh), what.zh), fmt::format(fmt::runtime(en), what.en)};
  }

  Text operator()(const IncidentDeclared& e) const {
    Text out = both(e.drill ? "演练：启动“{}”预案" : "启动“{}”预案",
                    e.drill ? "Drill: plan '{}' started" : "Plan '{}' started", plan().title);
    if (const Text facts = settings(e.facts); !facts.empty()) {
      out.zh += "（" + facts.zh + "）";
      out.en += " (" + facts.en + ")";
    }
    return out;
  }
  Text operator()(const FactsStated& e) const { return settings(e.set); }
  Text operator()(const PlanAdvanced& e) const {
    Text out;
    const auto add = [&](const char* zh, const char* en, const Text& what) {
      if (what.empty()) return;
      out.zh += (out.zh.empty() ? "" : "。") + std::string(zh) + what.zh;
      out.en += (out.en.empty() ? "" : ". ") + std::string(en) + what.en;
    };
    std::vector<PartId> opened;
    for (const StepOpening& opening : e.opened) opened.push_back(opening.step);
    add("待办：", "To do: ", steps(opened));
    add("已有答案：", "Answered: ", steps(e.answered));
    add("不再需要：", "No longer needed: ", steps(e.withdrawn));
    if (e.contained)
      add("", "", *e.contained ? Text{"已得到控制", "Contained"} : Text{"又失去控制", "No longer contained"});
    if (e.silent)
      add("", "", *e.silent ? Text{"转为静默处置", "Silent from here on"} : Text{"静默结束", "No longer silent"});
    return out.empty() ? Text{"口径和禁令更新", "Scripts and prohibitions changed"} : out;
  }
  Text operator()(const StepMarked& e) const {
    const Text what = step(e.step);
    if (e.status == StepStatus::skipped) return both("跳过：{}", "Skipped: {}", what);
    if (e.finished_by && e.status == StepStatus::started)
      return both("本人已完成：{}", "Done for the own part: {}", what);
    if (e.status == StepStatus::started) return both("开始：{}", "Started: {}", what);
    return both("完成：{}", "Done: {}", what);
  }
  Text operator()(const StepsReassigned& e) const { return both("移交接班人：{}", "Handed over: {}", steps(e.steps)); }
  Text operator()(const StepsLate& e) const {
    std::vector<PartId> late;
    for (const LateStep& one : e.steps) late.push_back(one.step);
    return both("超时：{}", "Late: {}", steps(late));
  }
  Text operator()(const EscalationFired& e) const {
    return both("升级上报：{}", "Escalated: {}", fill_placeholders(escalation(e.escalation), incident, directory));
  }
  Text operator()(const EscalationAcknowledged& e) const {
    return both("上报已签收：{}", "Escalation acknowledged: {}",
                fill_placeholders(escalation(e.escalation), incident, directory));
  }
  Text operator()(const Told& e) const {
    if (e.via == FoundBy::nobody) return both("没有找到人：{}", "Nobody found for: {}", role_name(e.role));
    const std::size_t people = e.notices.size() + e.shared.size();
    const Text role = role_name(e.role);
    return {fmt::format("通知{} {} 人", role.zh, people), fmt::format("Told: {}, {} people", role.en, people)};
  }
  Text operator()(const ToldAgain& e) const {
    return {fmt::format("第 {} 次再通知 {} 人", e.round, e.notices.size()),
            fmt::format("Told again (round {}), {} people", e.round, e.notices.size())};
  }
  Text operator()(const TellingEnded& e) const {
    if (e.why == "passed-on") return {"无人签收，转下一人", "Nobody acknowledged: passed on"};
    if (e.why == "nobody-left") return {"无人签收，也没有下一人", "Nobody acknowledged, and nobody is left to tell"};
    return {"不用再通知", "No more telling needed"};
  }
  Text operator()(const NoticeProgressed& e) const {
    static const Text rungs[] = {{"已发出", "sent"},
                                 {"已送达", "delivered"},
                                 {"已看到", "seen"},
                                 {"已签收", "acknowledged"},
                                 {"发送失败", "failed"}};
    const Text& rung = rungs[static_cast<std::size_t>(e.rung)];
    return {fmt::format("通知{}（{} 条）", rung.zh, e.notices.size()),
            fmt::format("Notices {} ({})", rung.en, e.notices.size())};
  }
  Text operator()(const ChainFired&) const { return {"引发另一预案", "Another plan was started"}; }
  Text operator()(const ParentJoined&) const { return {"并入跨厅事件", "Joined the event of several halls"}; }
  Text operator()(const ChildJoined& e) const {
    const Unit* unit = directory.unit(e.unit);
    return both("{}并入本事件", "{} joined this event",
                unit == nullptr ? Text{e.unit.str(), e.unit.str()} : unit->name);
  }
  Text operator()(const ProgressNoted&) const { return {"进展", "Progress"}; }
  Text operator()(const ReportDrafted& e) const { return both("{}草稿", "Draft of the {}", kind(e.kind)); }
  Text operator()(const ReportFiled& e) const {
    return both(e.late ? "上报{}（迟报）" : "上报{}", e.late ? "Filed the {}, late" : "Filed the {}", kind(e.kind));
  }
  Text operator()(const ReportMissed& e) const { return both("{}逾期未报", "The {} is overdue", kind(e.kind)); }
  Text operator()(const FormFiled& e) const {
    return {fmt::format("填写表单 {}（第 {} 份）", e.form.str(), e.number),
            fmt::format("Filled in form {} (no. {})", e.form.str(), e.number)};
  }
  Text operator()(const StepDeclined& e) const {
    const char* zh = e.via == FoundBy::nobody ? "做不了，已无人可接：{}" : "做不了，转给他人：{}";
    const char* en = e.via == FoundBy::nobody ? "Cannot do it, and nobody is left: {}" : "Cannot do it, passed on: {}";
    return both(zh, en, step(e.step));
  }
  Text operator()(const EvidenceAdded& e) const {
    const bool voice = e.media.starts_with("audio/");
    return {fmt::format("{}第 {} 份", voice ? "录音证据" : "照片证据", e.n),
            fmt::format("{} as evidence, no. {}", voice ? "Voice note" : "Photo", e.n)};
  }
  Text operator()(const EvidenceSeen& e) const {
    return {fmt::format("查看了第 {} 份证据", e.n), fmt::format("Looked at evidence no. {}", e.n)};
  }
  Text operator()(const HeadcountTaken& e) const {
    int count[3] = {0, 0, 0};
    for (const PersonCounted& one : e.staff) ++count[static_cast<std::size_t>(one.state)];
    Text out{fmt::format("清点员工：到 {} 人，未到 {} 人，未知 {} 人", count[1], count[2], count[0]),
             fmt::format("Staff counted: {} here, {} missing, {} unknown", count[1], count[2], count[0])};
    if (e.customers_here) {
      out.zh += fmt::format("；客户到 {} 人", *e.customers_here);
      out.en += fmt::format("; {} customers here", *e.customers_here);
    }
    if (e.customers_missing) {
      out.zh += fmt::format("；客户缺 {} 人", *e.customers_missing);
      out.en += fmt::format("; {} customers missing", *e.customers_missing);
    }
    return out;
  }
  Text operator()(const IncidentClosed&) const { return {"结案", "Closed"}; }
  Text operator()(const IncidentReopened&) const { return {"重新打开", "Reopened"}; }
  Text operator()(const IncidentRetracted&) const { return {"撤销：没有事", "Retracted: it is nothing"}; }
};

struct UnitTeller {
  static Text with(const char* zh, const char* en, const std::string& what) {
    return {fmt::format(fmt::runtime(zh), what), fmt::format(fmt::runtime(en), what)};
  }
  Text operator()(const PlanPublished& e) const {
    return {fmt::format("发布预案 {} 第 {} 版", e.plan.str(), e.version),
            fmt::format("Plan {} version {} published", e.plan.str(), e.version)};
  }
  Text operator()(const OrganisationPublished& e) const {
    return {fmt::format("组织机构第 {} 版", e.version), fmt::format("Organisation version {}", e.version)};
  }
  Text operator()(const SubstitutionSet& e) const {
    return {fmt::format("{} 替 {} 的班", e.stand_in.str(), e.person.str()),
            fmt::format("{} stands in for {}", e.stand_in.str(), e.person.str())};
  }
  Text operator()(const RoleHandedOver& e) const {
    const Text role = role_name(e.role);
    return {fmt::format("{}交接给 {}", role.zh, e.to.str()), fmt::format("{} handed over to {}", role.en, e.to.str())};
  }
  Text operator()(const PresenceStated& e) const {
    return e.present ? with("{} 在岗", "{} is here", e.person.str())
                     : with("{} 不在岗", "{} is not here", e.person.str());
  }
  Text operator()(const PasswordSet&) const { return {"设置密码", "Password set"}; }
  Text operator()(const SuspicionRaised& e) const {
    return with("疑似警情待核实：{}", "To be confirmed: {}", e.source);
  }
  Text operator()(const SuspicionToldAgain&) const { return {"再次催办核实", "Asked again to confirm"}; }
  Text operator()(const SuspicionSettled& e) const {
    return e.confirmed ? Text{"核实为真", "Confirmed"} : Text{"核实为误报", "Dismissed"};
  }
};

}  // namespace

Text role_name(RoleId role) {
  if (const RoleInfo* info = find_role(role)) return info->name;
  if (role == staff_role()) return {"当班人员", "Staff"};
  if (role == admin_role()) return {"管理员", "Administrator"};
  if (role.str() == "program") return {"系统", "The program"};
  return {role.str(), role.str()};
}

Text describe(const IncidentEvent& event, const IncidentState& incident, const Directory& directory) {
  return std::visit(Teller{incident, directory}, event);
}

Text describe(const UnitEvent& event, const Directory&) { return std::visit(UnitTeller{}, event); }

}  // namespace tingan::api
