// Lists on A4: who goes to which customer, and the reconciliation.
#include <fmt/format.h>

#include "report/papers/paper_words.h"
#include "report/pdf/document.h"
#include "report/words.h"

namespace tingan::report {
namespace {

pdf::Document document_of(const PaperHead& head, const Text& title) {
  pdf::Document out;
  out.title = title.zh;
  out.author = head.hall.zh;
  out.made = head.made;
  out.zone = head.zone;
  out.running_head = head.hall.zh + "　" + title.zh;
  out.foot = fmt::format("{} · {}", head.hall.zh, made_line(head).zh);
  if (head.drill) out.watermark = "演练";
  out.blocks.push_back(pdf::Paragraph{.text = head.hall.zh + "　" + head.hall.en, .style = {.size = 10, .grey = 0.3}});
  out.blocks.push_back(pdf::Paragraph{.text = title.zh, .style = {.size = 20, .bold = true, .pitch = 1.4}});
  out.blocks.push_back(
      pdf::Paragraph{.text = title.en, .style = {.size = 10, .grey = 0.3}, .after = 8, .rule_below = true});
  return out;
}

pdf::Paragraph heading(const Text& text) {
  return {
      .text = text.zh + "　" + text.en, .style = {.size = 12, .bold = true}, .before = 10, .after = 3, .heading = true};
}

pdf::Cell number(std::uint32_t n) { return {std::to_string(n)}; }

std::string when(Instant at, Zone zone) { return at == kNever ? "—" : say_when(at, zone).zh; }

void add_visits(pdf::Document& out, const VisitList& list, const std::string& visitor) {
  const Text who =
      visitor.empty() ? Text{"还没有安排人", "Nobody is assigned yet"} : Text{"上门人：" + visitor, "Visitor"};
  out.blocks.push_back(heading(who));
  pdf::Table table{.columns = {{1.7}, {1.1}, {1.7}, {3.6}, {1.9}, {0.8}},
                   .header = {{"号码 / 业务"}, {"客户"}, {"电话"}, {"片区、地址"}, {"最迟"}, {"已上门"}},
                   .rows = {},
                   .size = 9,
                   .after = 4};
  for (const VisitRow& row : list.rows) {
    if (row.visitor != visitor) continue;
    const std::string place = row.district.empty() ? row.address : "【" + row.district + "】" + row.address;
    table.rows.push_back({{row.number + "\n" + row.business.zh, true},
                          {row.name},
                          {row.mobile},
                          {place},
                          {when(row.due, list.head.zone)},
                          {"□"}});
  }
  out.blocks.push_back(std::move(table));
}

void add_orders(pdf::Document& out, const Text& title, const std::vector<OrderLine>& lines, Zone zone) {
  out.blocks.push_back(heading(title));
  if (lines.empty()) {
    out.blocks.push_back(pdf::Paragraph{.text = "没有。 None.", .style = {.size = 9.5, .grey = 0.35}});
    return;
  }
  pdf::Table table{.columns = {{2}, {2.4}, {2.2}, {2.6}},
                   .header = {{"号码"}, {"业务"}, {"状态"}, {"承诺时间"}},
                   .rows = {},
                   .size = 9,
                   .after = 2};
  for (const OrderLine& line : lines) {
    table.rows.push_back({{line.number}, {line.business.zh}, {line.state.zh}, {when(line.due, zone)}});
  }
  out.blocks.push_back(std::move(table));
}

}  // namespace

Expected<std::string> visit_list_pdf(const VisitList& list) {
  pdf::Document out = document_of(list.head, {"上门清单", "Home visits"});
  if (list.in_full) {
    out.blocks.push_back(
        pdf::Paragraph{.text = "内有客户姓名、电话和地址：只给上门的人，用完交回销毁。打印已登记。 Personal data: only "
                               "for who goes; bring it back. This print is on record.",
                       .style = {.size = 9, .bold = true},
                       .after = 4});
  }
  std::vector<std::string> visitors;
  for (const VisitRow& row : list.rows) {
    if (std::find(visitors.begin(), visitors.end(), row.visitor) == visitors.end()) visitors.push_back(row.visitor);
  }
  if (visitors.empty()) out.blocks.push_back(pdf::Paragraph{.text = "没有要上门的客户。 No visits to make."});
  for (const std::string& visitor : visitors) add_visits(out, list, visitor);
  return pdf::render(out);
}

Expected<std::string> reconciliation_pdf(const ReconciliationSheet& sheet) {
  pdf::Document out = document_of(sheet.head, {"预受理对账单", "Reconciliation of orders taken by hand"});
  const Text verdict = sheet.reconciled ? Text{"已对平：没有待处理的单，号码一个不少。",
                                               "Reconciled: nothing waits, no number is missing."}
                                        : Text{"还没有对平：见下面待处理的单和缺少的号码。",
                                               "Not reconciled yet: see what waits and which numbers are missing."};
  out.blocks.push_back(pdf::Paragraph{.text = sheet.of.zh + "　" + sheet.of.en, .style = {.size = 10.5}, .after = 3});
  out.blocks.push_back(pdf::Paragraph{.text = verdict.zh, .style = {.size = 13, .bold = true}});
  out.blocks.push_back(pdf::Paragraph{.text = verdict.en, .style = {.size = 9.5, .grey = 0.3}, .after = 4});
  out.blocks.push_back(heading({"受理 = 已录入 + 已拒绝 + 已退还 + 待处理", "The count"}));
  using pdf::Align;
  pdf::Table counts{.columns = {{3},
                                {1.2, Align::right},
                                {1.2, Align::right},
                                {1.2, Align::right},
                                {1.2, Align::right},
                                {1.2, Align::right}},
                    .header = {{""}, {"受理"}, {"已录入"}, {"已拒绝"}, {"已退还"}, {"待处理"}},
                    .rows = {},
                    .size = 10,
                    .after = 2};
  for (const CountRow& row : sheet.counts) {
    counts.rows.push_back({{row.title.zh + " " + row.title.en},
                           number(row.taken),
                           number(row.entered),
                           number(row.rejected),
                           number(row.handed_back),
                           {std::to_string(row.waiting), row.waiting > 0}});
  }
  out.blocks.push_back(std::move(counts));
  out.blocks.push_back(heading({"号码去向", "Where the numbers went"}));
  if (sheet.blocks.empty())
    out.blocks.push_back(
        pdf::Paragraph{.text = "没有发过号段。 No numbers were given out.", .style = {.size = 9.5, .grey = 0.35}});
  pdf::Table blocks{.columns = {{2.2}, {2.2}, {0.9, Align::right}, {0.9, Align::right}, {0.9, Align::right}, {2.4}},
                    .header = {{"发给"}, {"从—到"}, {"有单"}, {"作废"}, {"未用"}, {"缺少的号码"}},
                    .rows = {},
                    .size = 9,
                    .after = 2};
  for (const BlockRow& row : sheet.blocks) {
    blocks.rows.push_back({{row.holder.zh},
                           {row.first + " — " + row.last},
                           number(row.taken),
                           number(row.voided),
                           number(row.unused),
                           {row.missing.empty() ? "没有" : row.missing, !row.missing.empty()}});
  }
  if (!sheet.blocks.empty()) out.blocks.push_back(std::move(blocks));
  add_orders(out, {"待处理的单", "Waiting"}, sheet.waiting, sheet.head.zone);
  add_orders(out, {"没有兑现的承诺", "Broken promises"}, sheet.broken, sheet.head.zone);
  out.blocks.push_back(pdf::Paragraph{
      .text = "核对人（签字）：＿＿＿＿＿＿＿　　营业厅主任（签字）：＿＿＿＿＿＿＿　　日期：＿＿＿＿＿＿＿",
      .style = {.size = 9.5},
      .before = 26});
  return pdf::render(out);
}

}  // namespace tingan::report
