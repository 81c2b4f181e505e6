#include "report/sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "report/words.h"

namespace tingan::report {
namespace {

constexpr std::size_t kHashShown = 12;

class Builder {
 public:
  explicit Builder(const ReportDocument& document) : document_(document) {}

  Sheet build() {
    Sheet sheet;
    sheet.language = document_.language == "en" ? "en" : "zh";
    if (document_.drill) sheet.mark = say("演练", "DRILL");
    sheet.title = english() ? fmt::format("{} - {}: {}", say(document_.kind_title), say(document_.unit_name),
                                          say(document_.incident_title))
                            : document_.unit_name.zh + document_.incident_title.zh + "情况" + document_.kind_title.zh;
    sheet.subtitle = fmt::format("{} · {}", number(), draft_state());
    fill_head(sheet);
    for (std::size_t i = 0; i < document_.sections.size(); ++i) sheet.contents.push_back(content(i));
    sheet.signatures = say("填报人（签字）：＿＿＿＿＿＿＿　审核人（签字）：＿＿＿＿＿＿＿　日期：＿＿＿＿＿＿＿",
                           "Filed by: ________________   Checked by: ________________   Date: ______________");
    sheet.annexes = {steps(), escalations(), notices(), gates(), reports(), forms(), timeline()};
    std::erase_if(sheet.annexes, [](const SheetPart& part) { return part.heading.empty(); });
    number_annexes(sheet.annexes);
    const std::string version =
        document_.plan_version > 0 ? fmt::format("v{}", document_.plan_version) : say("未发布", "unpublished");
    sheet.foot =
        fmt::format("{} · {} {} · SHA-256 {}", say("厅安", "Ting'an"), say("预案 ", "plan ") + document_.plan.str(),
                    version, document_.plan_hash.substr(0, kHashShown));
    // On paper, outside: whoever cuts or exchanges the log afterwards is found out by it.
    if (!document_.log_head.empty()) sheet.foot += say(" · 日志 ", " · log ") + document_.log_head;
    return sheet;
  }

 private:
  bool english() const { return document_.language == "en"; }
  std::string say(const char* zh, const char* en) const { return english() ? en : zh; }
  std::string say(const Text& text) const { return in(text, document_.language); }
  std::string minute(const std::optional<Instant>& at) const {
    return at ? table_minute(*at, document_.zone) : std::string("—");
  }

  std::string number() const {
    return english() ? fmt::format("No. {}", document_.number) : fmt::format("第 {} 号", document_.number);
  }

  std::string draft_state() const {
    if (document_.status == "filed") return say("已报出", "filed");
    if (document_.status == "drafted") return say("草稿，尚未报出", "draft, not filed yet");
    return say("系统根据记录预填，尚未报出", "taken from the record, not filed yet");
  }

  // X5: how late, in words; empty where nothing is late.
  std::string lateness() const {
    const Instant until = document_.filed.value_or(document_.made);
    if (!document_.late) return {};
    if (!document_.due || until <= *document_.due) return say("逾期", "late");
    return say(Text{"逾期 ", "late by "} + say_duration(until - *document_.due));
  }

  void fill_head(Sheet& sheet) const {
    const std::string late = lateness();
    const std::string filed = document_.filed ? minute(document_.filed) : say("尚未报出", "not filed yet");
    const std::string who = document_.author.empty() ? std::string("—") : document_.author;
    const auto label = [&](const char* zh, const char* en) { return SheetCell{say(zh, en)}; };
    sheet.head = {
        {label("单位", "Unit"), {say(document_.unit_name)}, label("事件类型", "Type"), {say(document_.incident_title)}},
        {label("启动时间", "Declared"), {minute(document_.declared)}, label("状态", "State"), {say(document_.state)}},
        {label("得到控制", "Contained"),
         {minute(document_.contained)},
         label("结案时间", "Closed"),
         {minute(document_.closed)}},
        {label("应报时间", "Due"),
         {minute(document_.due)},
         label("报出时间", "Filed"),
         {late.empty() ? filed : filed + say("，", ", ") + late, !late.empty()}},
        {label("填报人", "Filed by"), {who}, label("制表时间", "Made"), {minute(document_.made)}}};
    const std::string version = english()
                                    ? fmt::format("{}, version {}", say(document_.plan_title), document_.plan_version)
                                    : fmt::format("{}，第 {} 版", document_.plan_title.zh, document_.plan_version);
    sheet.proof = {{label("事件编号", "Incident"), {to_string(document_.incident)}},
                   {label("预案", "Plan"), {version}},
                   {label("预案校验值", "Plan's hash"), {"SHA-256 " + document_.plan_hash}}};
  }

  SheetPart content(std::size_t index) const {
    static constexpr std::array<const char*, 10> kNumerals = {"一", "二", "三", "四", "五",
                                                              "六", "七", "八", "九", "十"};
    const ReportSection& section = document_.sections[index];
    SheetPart part{.id = section.id};
    part.heading = english() || index >= kNumerals.size() ? fmt::format("{}. {}", index + 1, say(section.title))
                                                          : fmt::format("{}、{}", kNumerals[index], section.title.zh);
    std::istringstream lines(section.text);
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty()) part.paragraphs.push_back(line);
    }
    if (part.paragraphs.empty()) {
      part.paragraphs.push_back(say(not_known_yet()) + say("。", "."));
      part.faint = true;
    }
    return part;
  }

  SheetPart annex(const char* id, const char* zh, const char* en, bool empty) const {
    SheetPart part{.id = id, .heading = say(zh, en)};
    if (empty) {
      part.paragraphs.push_back(say("无。", "None."));
      part.faint = true;
    }
    return part;
  }

  SheetPart steps() const {
    std::vector<ReportStep> rows = document_.open_steps;
    for (const ReportStep& late : document_.late_steps) {
      const bool listed = std::any_of(document_.open_steps.begin(), document_.open_steps.end(), [&](const auto& open) {
        return open.text == late.text && open.role == late.role;
      });
      if (!listed) rows.push_back(late);
    }
    SheetPart part = annex("steps", "待完成和逾期的步骤", "Steps still to do, and late ones", rows.empty());
    part.table = {
        {5, 1.8, 1.3, 1.6}, {say("步骤", "Step"), say("责任人", "Role"), say("状态", "State"), say("期限", "Due")}, {}};
    for (const ReportStep& row : rows) {
      const std::string state = say(row.state) + (row.late ? say("，逾期", ", late") : "");
      const std::string due = row.due ? table_second(*row.due, document_.zone).substr(0, 11) : "—";
      part.table.rows.push_back({{say(row.text)}, {say(row.role)}, {state, row.late}, {due}});
    }
    return part;
  }

  SheetPart escalations() const {
    SheetPart part = annex("escalations", "升级上报", "Escalations", document_.escalations.empty());
    part.table = {{4.2, 2.4, 1.7, 1.7},
                  {say("内容", "What"), say("上报对象", "To"), say("应报", "Due"), say("实报", "Fired")},
                  {}};
    for (const ReportEscalation& row : document_.escalations) {
      const std::string fired = row.fired ? table_second(*row.fired, document_.zone) : say("未到时间", "not yet");
      part.table.rows.push_back({{say(row.text)}, {say(row.to)}, {table_second(row.due, document_.zone)}, {fired}});
    }
    return part;
  }

  SheetPart notices() const {
    const ReportNotices& notices = document_.notices;
    SheetPart part = annex("notices", "通知和签收", "Notices and acknowledgements", notices.total == 0);
    if (notices.total > 0) {
      part.paragraphs.push_back(
          english() ? fmt::format("{} notices: {} sent, {} delivered, {} seen, {} acknowledged, {} not acknowledged.",
                                  notices.total, notices.sent, notices.delivered, notices.seen, notices.acknowledged,
                                  notices.unanswered.size())
                    : fmt::format("共 {} 条通知：已发出 {}，已送达 {}，已看到 {}，已签收 {}，未签收 {}。",
                                  notices.total, notices.sent, notices.delivered, notices.seen, notices.acknowledged,
                                  notices.unanswered.size()));
    }
    part.table = {
        {2.4, 4.6, 1.7, 1.3},
        {say("未签收人", "Not acknowledged"), say("通知内容", "About"), say("通知时间", "Told"), say("情况", "State")},
        {}};
    for (const auto& row : notices.unanswered) {
      const std::string state = row.failed ? say("未送达", "not delivered") : say("未签收", "no answer");
      part.table.rows.push_back({{row.who}, {say(row.why)}, {table_second(row.at, document_.zone)}, {state, true}});
    }
    return part;
  }

  SheetPart gates() const {
    SheetPart part = annex("gates", "结案条件", "What the close demands", document_.gates.empty());
    part.table = {{8, 2}, {say("条件", "Condition"), say("是否满足", "Met")}, {}};
    for (const ReportGate& gate : document_.gates) {
      part.table.rows.push_back({{say(gate.text)}, {gate.met ? say("已满足", "yes") : say("未满足", "no"), !gate.met}});
    }
    return part;
  }

  SheetPart reports() const {
    SheetPart part = annex("reports", "书面报告", "Written reports", document_.reports.empty());
    part.table = {{2, 3, 3, 2},
                  {say("报告", "Report"), say("应报", "Due"), say("最近报出", "Last filed"), say("情况", "State")},
                  {}};
    for (const ReportClock& clock : document_.reports) {
      const std::string state = clock.late    ? say("逾期", "late")
                                : clock.filed ? say("已报", "filed")
                                              : say("未到期", "not due yet");
      part.table.rows.push_back({{say(clock.kind)}, {minute(clock.due)}, {minute(clock.filed)}, {state, clock.late}});
    }
    return part;
  }

  SheetPart forms() const {
    if (document_.forms.empty()) return {};
    SheetPart part = annex("forms", "已填表单（只列编号，内容另存）",
                           "Forms filed (by number only; their content is kept apart)", false);
    part.table = {{5, 2, 3}, {say("表单", "Form"), say("编号", "Number"), say("填写时间", "Filed")}, {}};
    for (const ReportForm& form : document_.forms) {
      part.table.rows.push_back({{say(form.title)}, {std::to_string(form.number)}, {minute(form.filed)}});
    }
    return part;
  }

  SheetPart timeline() const {
    SheetPart part = annex("timeline", "时间线", "Timeline", document_.timeline.empty());
    part.table = {{1.75, 2.25, 6}, {say("时间", "Time"), say("何人", "Who"), say("经过", "What happened")}, {}};
    for (const ReportLine& line : document_.timeline) {
      part.table.rows.push_back({{table_second(line.at, document_.zone)}, {line.who}, {say(line.text)}});
    }
    return part;
  }

  void number_annexes(std::vector<SheetPart>& annexes) const {
    for (std::size_t i = 0; i < annexes.size(); ++i) {
      annexes[i].heading = english() ? fmt::format("Annex {}: {}", i + 1, annexes[i].heading)
                                     : fmt::format("附 {}　{}", i + 1, annexes[i].heading);
    }
  }

  const ReportDocument& document_;
};

}  // namespace

Sheet sheet_of(const ReportDocument& document) { return Builder(document).build(); }

}  // namespace tingan::report
