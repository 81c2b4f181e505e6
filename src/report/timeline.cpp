#include "report/timeline.h"

#include <fmt/format.h>

#include "report/words.h"

namespace tingan::report {
namespace {

Text quoted(const Text& lead, const Text& text) { return lead + Text{"：", ": "} + text; }

struct Teller {
  const TimelineContext& context;
  const TimelineEntry& entry;
  const Plan& plan = context.plan;

  Text step(PartId id) const {
    const int index = find_step(plan, id);
    return index < 0 ? Text{id.str(), id.str()} : context.filled(plan.steps[static_cast<std::size_t>(index)].text);
  }
  Text steps(const std::vector<PartId>& ids) const {
    std::vector<Text> texts;
    for (const PartId id : ids) texts.push_back(step(id));
    return join(texts, {"；", "; "});
  }
  Text escalation(PartId id) const {
    const int index = find_escalation(plan, id);
    if (index < 0) return {id.str(), id.str()};
    return context.filled(plan.escalations[static_cast<std::size_t>(index)].text);
  }
  Text facts(const std::vector<FactSetting>& set) const {
    std::vector<Text> texts;
    for (const FactSetting& one : set) {
      const int index = find_fact(plan, one.fact);
      if (index >= 0) texts.push_back(say_fact(plan.facts[static_cast<std::size_t>(index)], one.value));
    }
    return join(texts, {"；", "; "});
  }
  Text with_note(Text text, const Text& lead) const {
    if (entry.note.empty()) return text;
    return text + Text{"（" + lead.zh + entry.note + "）", " (" + lead.en + entry.note + ")"};
  }
  std::string names(const std::vector<NewNotice>& notices) const {
    std::string out;
    for (const NewNotice& notice : notices) {
      const std::string name = context.person(notice.person);
      if (!name.empty()) out += (out.empty() ? "" : "、") + name;
    }
    return out;
  }

  std::optional<Text> operator()(const IncidentDeclared& e) const {
    Text text = quoted({"启动预案", "Plan started"}, plan.title);
    if (e.drill) text = text + Text{"（演练）", " (drill)"};
    if (!e.facts.empty()) text = text + Text{"。", ". "} + facts(e.facts);
    return with_note(text, {"说明：", "note: "});
  }
  std::optional<Text> operator()(const FactsStated& e) const {
    return with_note(facts(e.set), {"更正理由：", "reason: "});
  }
  std::optional<Text> operator()(const PlanAdvanced& e) const {
    std::vector<Text> parts;
    std::vector<PartId> opened;
    for (const StepOpening& one : e.opened) opened.push_back(one.step);
    if (e.contained) {
      parts.push_back(*e.contained ? Text{"事态得到控制", "The incident is contained"}
                                   : Text{"事态又失去控制", "The incident is no longer contained"});
    }
    if (e.silent) {
      parts.push_back(
          *e.silent ? Text{"开始静默处置，厅内无声无显示", "Silent from here: nothing sounds or shows in the hall"}
                    : Text{"静默处置结束", "Silence ends"});
    }
    if (!opened.empty()) parts.push_back(quoted({"开始步骤", "Steps begin"}, steps(opened)));
    if (!e.withdrawn.empty()) parts.push_back(quoted({"不再需要", "No longer needed"}, steps(e.withdrawn)));
    if (parts.empty()) return std::nullopt;
    return join(parts, {"。", ". "});
  }
  std::optional<Text> operator()(const StepMarked& e) const {
    Text lead = step_status_name(e.status);
    if (e.status == StepStatus::started) lead = {"着手", "Started"};
    if (e.on_behalf_of) {
      const Text role = role_name(*e.on_behalf_of);
      lead = lead + Text{"（代" + role.zh + "）", " (for " + role.en + ")"};
    }
    const bool reason = e.status == StepStatus::skipped;
    return with_note(quoted(lead, step(e.step)), reason ? Text{"理由：", "reason: "} : Text{"说明：", "note: "});
  }
  std::optional<Text> operator()(const StepsReassigned& e) const {
    std::vector<Text> parts;
    for (const StepPassed& passed : e.steps) {
      std::vector<std::string> names;
      for (const PersonId person : passed.people) names.push_back(context.person(person));
      std::erase(names, std::string());
      const std::string to = fmt::format("{}", fmt::join(names, "、"));
      const std::string en = fmt::format("{}", fmt::join(names, ", "));
      parts.push_back(
          quoted({"步骤改由" + (to.empty() ? "他人" : to) + "办理", "Passed on to " + (en.empty() ? "another" : en)},
                 steps({passed.step})));
    }
    if (parts.empty()) return std::nullopt;
    return join(parts, {"。", ". "});
  }
  std::optional<Text> operator()(const StepsLate& e) const {
    std::vector<PartId> ids;
    for (const LateStep& one : e.steps) ids.push_back(one.step);
    return quoted({"逾期未完成", "Late"}, steps(ids));
  }
  std::optional<Text> operator()(const EscalationFired& e) const {
    Text text = quoted({"升级上报", "Escalated"}, escalation(e.escalation));
    if (e.round > 0) {
      text = text + Text{fmt::format("（第 {} 次）", e.round + 1), fmt::format(" (time {})", e.round + 1)};
    }
    const bool delayed = entry.at - e.due >= std::chrono::minutes{1};
    if (!delayed) return text;
    const Text due = say_clock(e.due, entry.at, context.zone);
    return text + Text{"（应于" + due.zh + "）", " (due " + due.en + ")"};
  }
  std::optional<Text> operator()(const EscalationAcknowledged& e) const {
    return quoted({"已签收上报", "Escalation acknowledged"}, escalation(e.escalation));
  }
  std::optional<Text> operator()(const Told& e) const {
    const Text role = role_name(e.role);
    const std::string people = names(e.notices);
    Text text{"通知" + role.zh, "Told: " + role.en};
    if (!people.empty()) text = text + Text{"（" + people + "）", " (" + people + ")"};
    if (e.via == FoundBy::nobody) return text + Text{"：找不到人", ": nobody could be found"};
    return text;
  }
  std::optional<Text> operator()(const ToldAgain& e) const {
    return Text{fmt::format("无人签收，再次通知（第 {} 次）", e.round + 1),
                fmt::format("Nobody acknowledged; told again (time {})", e.round + 1)};
  }
  std::optional<Text> operator()(const TellingEnded& e) const {
    if (e.why == "moot") return std::nullopt;
    if (e.why == "passed-on") return Text{"仍无人签收，转报下一人", "Still nobody acknowledged; passed on"};
    return Text{"无人签收，已无人可转报", "Nobody acknowledged and nobody is left to tell"};
  }
  std::optional<Text> operator()(const NoticeProgressed& e) const {
    if (e.rung == Rung::acknowledged) return Text{"签收通知", "Acknowledged"};
    if (e.rung == Rung::failed) return Text{"通知未能送达", "A notice could not be delivered"};
    return std::nullopt;
  }
  std::optional<Text> operator()(const ChainFired& e) const {
    for (const Chain& chain : plan.chains) {
      if (chain.id == e.chain) {
        return Text{"事态升级，另启动预案（" + chain.start.str() + "）",
                    "Another plan started (" + chain.start.str() + ")"};
      }
    }
    return Text{"另启动预案", "Another plan started"};
  }
  std::optional<Text> operator()(const ParentJoined&) const {
    return Text{"并入多厅事件，由中心牵头处置", "Joined to an incident of several halls, led by the centre"};
  }
  std::optional<Text> operator()(const ChildJoined& e) const {
    const Text name = context.unit_name ? context.unit_name(e.unit) : Text{e.unit.str(), e.unit.str()};
    return quoted({"并入营业厅", "Hall joined"}, name);
  }
  std::optional<Text> operator()(const ProgressNoted&) const {
    const Text lead{"进展", "Progress"};
    return entry.note.empty() ? lead : quoted(lead, {entry.note, entry.note});
  }
  std::optional<Text> operator()(const ReportDrafted&) const { return std::nullopt; }
  std::optional<Text> operator()(const ReportFiled& e) const {
    const Text text = quoted({"报出书面报告", "Report filed"}, kind_title(e.kind));
    return e.late ? text + Text{"（逾期）", " (late)"} : text;
  }
  std::optional<Text> operator()(const ReportMissed& e) const {
    return quoted({"书面报告逾期未报", "Report not filed in time"}, kind_title(e.kind));
  }
  std::optional<Text> operator()(const FormFiled& e) const {
    const Text title = context.form_title ? context.form_title(e.form) : Text{e.form.str(), e.form.str()};
    return Text{fmt::format("填写{}，第 {} 号", title.zh, e.number),
                fmt::format("Form filed: {}, no. {}", title.en, e.number)};
  }
  std::optional<Text> operator()(const StepDeclined& e) const {
    const Text lead = e.via == FoundBy::nobody ? Text{"做不了，已无人可接", "Cannot be done by anybody left"}
                                               : Text{"做不了，转给他人", "Cannot do it, passed on"};
    return with_note(quoted(lead, step(e.step)), {"理由：", "reason: "});
  }
  std::optional<Text> operator()(const EvidenceAdded& e) const {
    const bool voice = e.media.starts_with("audio/");
    return Text{fmt::format("{}第 {} 份（封存校验值 {}）", voice ? "录音证据" : "照片证据", e.n, e.blob.substr(0, 16)),
                fmt::format("{} as evidence, no. {} (sealed as {})", voice ? "Voice note" : "Photo", e.n,
                            e.blob.substr(0, 16))};
  }
  std::optional<Text> operator()(const StoodDownUnderDuress&) const {
    return Text{"受胁迫时用暗语解除，事件继续处置，厅内只见掩护画面",
                "Stood down with the duress word: it runs on, the hall sees a cover"};
  }
  std::optional<Text> operator()(const CoverMoved&) const { return std::nullopt; }
  std::optional<Text> operator()(const CoverLifted&) const {
    return Text{"掩护解除，厅内看到实情", "The cover is lifted: the hall sees what is so"};
  }
  std::optional<Text> operator()(const EvidenceSeen& e) const {
    return Text{fmt::format("查看第 {} 份证据", e.n), fmt::format("Looked at evidence no. {}", e.n)};
  }
  std::string names(const std::vector<PersonCounted>& staff, Whereabouts state) const {
    std::string out;
    for (const PersonCounted& one : staff) {
      if (one.state != state) continue;
      const std::string name = context.person(one.person);
      out += (out.empty() ? "" : "、") + (name.empty() ? one.person.str() : name);
    }
    return out;
  }
  std::optional<Text> operator()(const HeadcountTaken& e) const {
    const auto here = std::count_if(e.staff.begin(), e.staff.end(),
                                    [](const PersonCounted& one) { return one.state == Whereabouts::here; });
    Text text{fmt::format("清点人数：员工到 {} 人", here), fmt::format("Headcount: {} staff here", here)};
    const auto add = [&](const char* zh, const char* en, const std::string& who) {
      if (!who.empty()) text = text + Text{zh + who, en + who};
    };
    add("，未到：", ", missing: ", names(e.staff, Whereabouts::missing));
    add("，未清点：", ", not counted: ", names(e.staff, Whereabouts::unknown));
    if (e.customers_here) add("；客户到", "; customers here: ", std::to_string(*e.customers_here));
    if (e.customers_missing) add("；客户缺", "; customers missing: ", std::to_string(*e.customers_missing));
    return with_note(text, {"说明：", "note: "});
  }
  std::optional<Text> operator()(const IncidentClosed&) const { return Text{"结案", "Closed"}; }
  std::optional<Text> operator()(const IncidentReopened&) const {
    return with_note({"重新打开", "Reopened"}, {"理由：", "reason: "});
  }
  std::optional<Text> operator()(const IncidentRetracted&) const {
    return with_note({"撤回：系误报", "Retracted: a slip"}, {"理由：", "reason: "});
  }
};

}  // namespace

std::string TimelineContext::person(PersonId id) const { return name_of ? name_of(id) : std::string(); }

Text TimelineContext::filled(const Text& text) const { return fill ? fill(text) : text; }

Text TimelineContext::who(const Actor& actor) const {
  const Text role = role_name(actor.role);
  const std::string name = person(actor.person);
  return name.empty() ? role : role + Text{" " + name, " " + name};
}

std::optional<Text> say_event(const TimelineContext& context, const TimelineEntry& entry) {
  return std::visit(Teller{context, entry}, entry.event);
}

Text say_any_event(const TimelineContext& context, const TimelineEntry& entry) {
  if (auto text = say_event(context, entry)) return std::move(*text);
  if (const auto* e = std::get_if<NoticeProgressed>(&entry.event)) {
    static const Text rungs[] = {{"已发出", "sent"},
                                 {"已送达", "delivered"},
                                 {"已看到", "seen"},
                                 {"已签收", "acknowledged"},
                                 {"发送失败", "failed"}};
    const Text& rung = rungs[static_cast<std::size_t>(e->rung)];
    return {fmt::format("通知{}（{} 条）", rung.zh, e->notices.size()),
            fmt::format("Notices {} ({})", rung.en, e->notices.size())};
  }
  if (const auto* e = std::get_if<ReportDrafted>(&entry.event)) {
    return quoted({"保存书面报告草稿", "Report drafted"}, kind_title(e->kind));
  }
  if (std::holds_alternative<TellingEnded>(entry.event)) return {"不用再通知", "No more telling needed"};
  return {"口径和禁令更新", "Scripts and prohibitions changed"};
}

// What happened at one moment in the same words, however often, is one line: ten people told again are not ten rows.
std::vector<ReportLine> timeline_of(const TimelineContext& context, const std::vector<TimelineEntry>& entries,
                                    const std::string& language) {
  std::vector<ReportLine> lines;
  std::vector<int> counts;
  for (const TimelineEntry& entry : entries) {
    auto text = say_event(context, entry);
    if (!text) continue;
    ReportLine line{entry.at, in(context.who(entry.by), language), std::move(*text)};
    std::size_t same = lines.size();
    while (same > 0 && lines[same - 1].at == line.at) {
      --same;
      if (lines[same].who == line.who && lines[same].text == line.text) break;
    }
    const bool found = same < lines.size() && lines[same].at == line.at && lines[same].who == line.who &&
                       lines[same].text == line.text;
    if (found) {
      ++counts[same];
      continue;
    }
    lines.push_back(std::move(line));
    counts.push_back(1);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (counts[i] == 1) continue;
    lines[i].text = lines[i].text + Text{fmt::format("，共 {} 条", counts[i]), fmt::format(", {} of them", counts[i])};
  }
  return lines;
}

}  // namespace tingan::report
