// Orders as tables: lists of them out, masked, and the template to be filled in from paper.
#include <array>

#include "api/acceptance_support.h"
#include "api/service.h"
#include "codec/business_yaml.h"
#include "codec/csv_writer.h"
#include "codec/xlsx_writer.h"
#include "core/acceptance/order_life.h"
#include "core/acceptance/order_table.h"
#include "report/words.h"

namespace tingan::api {
namespace {

constexpr std::size_t kBlankRows = 500;  // of a template, formatted as text

const std::array<Text, 17>& heads() {
  static const std::array<Text, 17> all = {{{"号码", "Number"},
                                            {"种类", "Kind"},
                                            {"业务", "Business"},
                                            {"状态", "State"},
                                            {"原因代码", "Code"},
                                            {"客户", "Customer"},
                                            {"电话", "Mobile"},
                                            {"金额（元）", "Amount (yuan)"},
                                            {"受理时间", "Taken"},
                                            {"承诺", "Promise"},
                                            {"承诺时间", "Promised by"},
                                            {"承诺情况", "Promise's state"},
                                            {"片区", "District"},
                                            {"上门人", "Visitor"},
                                            {"系统单号", "Reference"},
                                            {"空白单叠号", "Paper pack"},
                                            {"设备", "Device"}}};
  return all;
}

Text promise_title(PromiseKind promise) {
  switch (promise) {
    case PromiseKind::done:
      return {"办好", "done"};
    case PromiseKind::come_again:
      return {"再来", "come again"};
    case PromiseKind::home_visit:
      return {"上门", "home visit"};
    case PromiseKind::call_back:
      return {"回电", "call back"};
  }
  return {};
}

Text promise_state(const OrderState& order) {
  switch (order.promise_status) {
    case PromiseStatus::open:
      return {"未到期", "open"};
    case PromiseStatus::kept:
      return {"已兑现", "kept"};
    case PromiseStatus::broken:
      return {"未兑现", "broken"};
    case PromiseStatus::released:
      return {"已解除", "released"};
  }
  return {};
}

std::vector<std::string> row_of(const Service& service, const Call& call, const OrderState& order) {
  const auto say_it = [&](const Text& text) { return call.lang == Lang::en ? text.en : text.zh; };
  const BusinessTypePtr type = business_of(service, order.business);
  const auto filled = open_personal(service, order);
  return {
      order_number(order.unit, order.number),
      say_it(order.kind == OrderKind::callback ? Text{"回访登记", "callback"} : Text{"预受理单", "order"}),
      type == nullptr ? order.business.str() : say_it(type->title),
      say_it(say(order.status)),
      order.code,
      filled ? mask_name(filled->name) : std::string(),
      filled ? mask(FieldKind::mobile, filled->mobile) : std::string(),
      order.amount_fen == 0 ? std::string() : fmt::format("{}.{:02}", order.amount_fen / 100, order.amount_fen % 100),
      report::table_minute(order.taken_at, call.zone()),
      say_it(promise_title(order.promise)),
      report::table_minute(order.promise_due, call.zone()),
      say_it(promise_state(order)),
      words_in(service, order.district),
      order.visitor.str(),
      order.typed.empty() ? order.reference : words_in(service, order.typed),
      order.pack == 0 ? std::string() : std::to_string(order.pack),
      order.device};
}

Expected<net::Response> file_of(XlsxSheet sheet, ReadForm form, const std::string& file) {
  net::Response response;
  const bool csv = form == ReadForm::csv;
  if (csv) {
    response.body = write_csv(sheet.table);
  } else {
    auto written = write_xlsx(sheet);
    if (!written) return tl::unexpected(written.error());
    response.body = std::move(*written);
  }
  response.content_type =
      csv ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  response.headers.emplace_back("Content-Disposition",
                                fmt::format("attachment; filename=\"{}.{}\"", file, csv ? "csv" : "xlsx"));
  return response;
}

}  // namespace

Expected<net::Response> order_table(const Service& service, const Call& call, const std::vector<OrderPtr>& orders,
                                    ReadForm form, const std::string& file) {
  XlsxSheet sheet{.title = file, .made = service.now()};
  auto& head = sheet.table.rows.emplace_back();
  for (const Text& title : heads()) head.push_back(call.lang == Lang::en ? title.en : title.zh);
  for (const OrderPtr& order : orders) sheet.table.rows.push_back(row_of(service, call, *order));
  return file_of(std::move(sheet), form, file);
}

Expected<net::Response> get_order_template(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"format", "lang"}); !known) return tl::unexpected(known.error());
  const auto id = BusinessId::find(call.param(0));
  const BusinessTypePtr type = id ? business_of(service, *id) : nullptr;
  if (type == nullptr) {
    return fail("business.not-found", {"没有这种业务", "Expected a known business type, but there is none of this id"},
                "id");
  }
  const auto form = read_form_of(call, {ReadForm::csv, ReadForm::xlsx});
  if (!form) return tl::unexpected(form.error());
  XlsxSheet sheet{.title = type->title.zh, .blank_rows = kBlankRows, .made = service.now()};
  auto& head = sheet.table.rows.emplace_back();
  for (const OrderColumn& column : order_columns(*type)) {
    for (const Text& choice : column.choices) sheet.choices[head.size()].push_back(choice.zh);
    head.push_back(column_head(column));
  }
  return file_of(std::move(sheet), *form, "template-" + type->id.str());
}

}  // namespace tingan::api
