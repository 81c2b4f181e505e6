#include "runtime/outbox/lines.h"

#include "core/incident/placeholders.h"
#include "model/vocabulary.h"

namespace tingan::outbox {
namespace {

Text report_name(PartId kind) {
  if (kind.str() == "initial") return {"初报", "initial report"};
  if (kind.str() == "follow-up") return {"续报", "follow-up report"};
  return {"终报", "final report"};
}

Text before(const Text& text, Instant due, Zone zone) {
  if (due == kNever) return text;
  const std::string time = clock_time(due, zone);
  return {text.zh + "（" + time + "前）", text.en + " (by " + time + ")"};
}

Text joined(const Text& a, const Text& b) { return {a.zh + b.zh, a.en + b.en}; }

struct Writer {
  const IncidentState& state;
  const Directory& directory;

  std::optional<Line> step(const Reason& reason) const {
    const int index = find_step(*state.plan, reason.part);
    if (index < 0) return std::nullopt;
    const Step& step = state.plan->steps[static_cast<std::size_t>(index)];
    const StepState& run = state.steps[static_cast<std::size_t>(index)];
    const bool open = run.status == StepStatus::open || run.status == StepStatus::started;
    const Text text = fill_placeholders(step.text, state, directory);
    switch (reason.kind) {
      case ReasonKind::step:
      case ReasonKind::passed_on:
        if (!open) return std::nullopt;
        return Line{before(text, run.due, directory.zone()), run.due, step.clauses, 0, {}};
      case ReasonKind::late: {
        if (!open) return std::nullopt;
        const Text who = role_name(step.role);
        return Line{{"超时未完成（" + who.zh + "）：" + text.zh, "Overdue (" + who.en + "): " + text.en},
                    run.due,
                    step.clauses,
                    1,
                    {}};
      }
      default: {
        const Text who = role_name(step.role);
        return Line{
            {"知会（由" + who.zh + "处置）：" + text.zh, "For your information (" + who.en + " does it): " + text.en},
            kNever,
            step.clauses,
            3,
            {}};
      }
    }
  }

  std::optional<Line> escalation(const Reason& reason) const {
    const int index = find_escalation(*state.plan, reason.part);
    if (index < 0) return std::nullopt;
    const Escalation& part = state.plan->escalations[static_cast<std::size_t>(index)];
    return Line{fill_placeholders(part.text, state, directory), kNever, part.clauses, 0, {}};
  }

  std::optional<Line> nobody_left(const Reason& reason) const {
    const int index = find_step(*state.plan, reason.part);
    if (index < 0) return std::nullopt;
    const Step& part = state.plan->steps[static_cast<std::size_t>(index)];
    const Text what = fill_placeholders(part.text, state, directory);
    return Line{joined({"没有人能做，请另作安排：", "Nobody is left who can do this, please arrange it: "}, what),
                state.steps[static_cast<std::size_t>(index)].due,
                part.clauses,
                0,
                {}};
  }

  std::optional<Line> report(const Reason& reason) const {
    const Text name = report_name(reason.part);
    const auto found = std::find_if(state.reports.begin(), state.reports.end(),
                                    [&](const ReportState& r) { return r.kind == reason.part.str(); });
    if (found == state.reports.end()) return std::nullopt;
    const ReportNeed* need = report_need(*state.plan, found->kind);
    const std::vector<ClauseId> clauses = need == nullptr ? std::vector<ClauseId>{} : need->clauses;
    if (reason.kind == ReasonKind::report) {
      if (found->filed_count > 0) return std::nullopt;
      return Line{
          before(joined({"请上报", "File the "}, name), found->due, directory.zone()), found->due, clauses, 2, {}};
    }
    if (reason.kind == ReasonKind::report_filed)
      return Line{joined(joined({"已上报", "Filed: "}, name), {"，请查看", ""}), kNever, clauses, 3, {}};
    if (!found->missed) return std::nullopt;
    return Line{joined(name, {"逾期未报", " is overdue"}), found->due, clauses, 1, {}};
  }

  std::optional<Line> operator()(const Reason& reason) const {
    switch (reason.kind) {
      case ReasonKind::step:
      case ReasonKind::late:
      case ReasonKind::informs:
      case ReasonKind::passed_on:
        return step(reason);
      case ReasonKind::nobody_left:
        return nobody_left(reason);
      case ReasonKind::duress:
        return Line{{"现场是被胁迫说没事的：不要打电话到厅里，照抢劫继续处置",
                     "They were forced to say that it is nothing: do not phone the hall, go on as in a robbery"},
                    kNever,
                    {},
                    -1,
                    {}};
      case ReasonKind::escalation:
        return escalation(reason);
      case ReasonKind::report:
      case ReasonKind::report_filed:
      case ReasonKind::report_late:
        return report(reason);
      case ReasonKind::progress:
        return Line{
            {"处置有新进展，请打开系统查看", "There is news of how it goes: open the program"}, kNever, {}, 3, {}};
      case ReasonKind::retracted:
        return Line{
            {"已撤销：没有事，不用处置", "Retracted: it is nothing, there is nothing to do"}, kNever, {}, 0, {}};
      case ReasonKind::reopened:
        return Line{{"重新打开，请继续处置", "Reopened: please go on with it"}, kNever, {}, 0, {}};
      case ReasonKind::joined:
        return Line{{"又有营业厅并入本事件", "Another hall has joined this event"}, kNever, {}, 1, {}};
      case ReasonKind::alarm:
        return Line{{"有警情，请打开系统核实", "There is an alarm: open the program and confirm"}, kNever, {}, 0, {}};
    }
    return std::nullopt;
  }
};

void add(std::vector<Line>& lines, Line line, PersonId person, RoleId role) {
  const auto known =
      std::find_if(lines.begin(), lines.end(), [&](const Line& other) { return other.text == line.text; });
  Line& into = known == lines.end() ? lines.emplace_back(std::move(line)) : *known;
  const auto same = [&](const auto& entry) { return entry.first == person; };
  if (std::none_of(into.people.begin(), into.people.end(), same)) into.people.emplace_back(person, role);
}

}  // namespace

Text role_name(RoleId role) {
  if (const RoleInfo* info = find_role(role)) return info->name;
  if (role == staff_role()) return {"当班人员", "staff on duty"};
  return {role.str(), role.str()};
}

std::vector<Line> lines_of(const IncidentState& state, const Directory& directory, const std::vector<Piece>& pieces) {
  const Writer writer{state, directory};
  std::vector<Line> lines;
  for (const Piece& piece : pieces) {
    for (const TellingState& telling : state.tellings) {
      if (std::find(telling.notices.begin(), telling.notices.end(), piece.n) == telling.notices.end()) continue;
      for (const Reason& reason : telling.reasons) {
        if (auto line = writer(reason)) add(lines, std::move(*line), piece.person, telling.role);
      }
    }
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return std::tie(a.rank, a.due) < std::tie(b.rank, b.due); });
  return lines;
}

}  // namespace tingan::outbox
