// Papers of emergency acceptance (S4.3, S4.4): the customer's slip, packs of blank forms, the notice board, the list of
// home visits and the reconciliation, each also as PDF.
#include <charconv>

#include "api/acceptance_bodies.h"
#include "api/acceptance_support.h"
#include "api/resources.h"
#include "api/service.h"
#include "core/acceptance/order_life.h"
#include "core/acceptance/paper_number.h"

namespace tingan::api {
namespace {

constexpr std::size_t kOtherHallsMax = 4;
constexpr std::size_t kVisitsMax = 300;
constexpr std::size_t kLinesMax = 200;

report::PaperHead head_of(const Service& service, const Call& call, UnitId unit, bool drill) {
  const Unit& hall = *call.directory().unit(unit);
  return {hall.name, hall.address, hall.phone, drill, service.now(), call.zone()};
}

report::PaperNumber paper_number(UnitId unit, std::uint32_t n) {
  const std::string number = order_number(unit, n);
  return {number, number_check(number)};
}

Text business_title(const Service& service, BusinessId id) {
  const BusinessTypePtr type = business_of(service, id);
  return type == nullptr ? Text{id.str(), id.str()} : type->title;
}

Expected<net::Response> print(const Service& service, const report::Paper& paper, const std::string& file) {
  if (!service.options.render_paper) return tl::unexpected(not_acceptable("application/json"));
  auto made = service.options.render_paper(paper);
  if (!made) return tl::unexpected(made.error());
  net::Response response;
  response.content_type = "application/pdf";
  response.body = std::move(*made);
  response.headers.emplace_back("Content-Disposition", fmt::format("inline; filename=\"{}.pdf\"", file));
  return response;
}

std::string yuan(std::int64_t fen) { return fen == 0 ? std::string() : fmt::format("{}.{:02}", fen / 100, fen % 100); }

std::string person_name(const Call& call, PersonId id) {
  const Person* person = call.directory().person(id);
  return person == nullptr ? id.str() : person->name;
}

bool is_visit_to_make(const OrderState& order) {
  const bool visit = order.promise == PromiseKind::home_visit || !order.visitor.empty();
  return visit && order.visited_at == kNever && order.status != OrderStatus::rejected &&
         order.status != OrderStatus::handed_back;
}

// Where the customer lives, as far as the form asks.
std::string address_of(const BusinessType* type, const Filled& filled) {
  if (type == nullptr) return {};
  for (const BusinessField& field : type->fields) {
    const auto found = filled.fields.find(field.id);
    if (field.kind == FieldKind::address && found != filled.fields.end()) return found->second;
  }
  return {};
}

report::VisitRow visit_row(const Service& service, const Call& call, const OrderState& order, bool in_full) {
  report::VisitRow row{.number = order_number(order.unit, order.number),
                       .business = business_title(service, order.business),
                       .district = order.district,
                       .due = order.visit_due == kNever ? order.promise_due : order.visit_due};
  if (!order.visitor.empty()) row.visitor = person_name(call, order.visitor);
  const auto filled = open_personal(service, order);
  if (!filled) return row;
  const std::string address = address_of(business_of(service, order.business).get(), *filled);
  row.name = in_full ? filled->name : mask_name(filled->name);
  row.mobile = in_full ? filled->mobile : mask(FieldKind::mobile, filled->mobile);
  row.address = in_full ? address : mask(FieldKind::address, address);
  return row;
}

// By who goes, then by district, then by time.
void sort_rows(std::vector<report::VisitRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.visitor.empty(), std::tie(a.visitor, a.district, a.due)) <
           std::tuple(b.visitor.empty(), std::tie(b.visitor, b.district, b.due));
  });
}

report::CountRow count_row(const Text& title, const Tally& tally) {
  return {title, tally.taken, tally.entered, tally.rejected, tally.handed_back, tally.waiting};
}

report::ReconciliationSheet sheet_of(const Service& service, const Call& call, const Reconciliation& found) {
  report::ReconciliationSheet sheet;
  sheet.reconciled = found.reconciled();
  sheet.counts = {count_row({"合计", "All"}, found.all), count_row({"其中回访登记", "Callbacks"}, found.callbacks)};
  for (const BlockTally& block : found.blocks) {
    const Text holder = block.block.pack > 0 ? Text{fmt::format("第 {} 叠空白单", block.block.pack),
                                                    fmt::format("Pack {}", block.block.pack)}
                                             : Text{"设备 " + block.block.device, "Device " + block.block.device};
    report::BlockRow row{.holder = holder,
                         .first = fmt::format("{:06}", block.block.first),
                         .last = fmt::format("{:06}", block.block.last),
                         .taken = block.tally.taken,
                         .voided = block.voided,
                         .unused = block.unused,
                         .missing = missing_text(block.missing)};
    sheet.blocks.push_back(std::move(row));
  }
  const auto lines = [&](const std::vector<OrderPtr>& orders) {
    std::vector<report::OrderLine> out;
    for (std::size_t i = 0; i < std::min(orders.size(), kLinesMax); ++i) {
      const OrderState& order = *orders[i];
      out.push_back({order_number(order.unit, order.number), business_title(service, order.business), say(order.status),
                     order.promise_due});
    }
    return out;
  };
  sheet.waiting = lines(found.waiting);
  sheet.broken = lines(found.broken);
  sheet.head.zone = call.zone();
  return sheet;
}

bool takes_orders_by_hand(const Service& service, UnitId unit) {
  const auto incident = acceptance_incident(service, unit, std::nullopt);
  return incident && *incident != nullptr;
}

// What is written on the board, for the page and for paper.
report::NoticeBoard board_of(const Service& service, const Call& call, UnitId unit) {
  const auto incident = acceptance_incident(service, unit, std::nullopt);
  const IncidentPtr open = incident ? *incident : nullptr;
  const Unit& hall = *call.directory().unit(unit);
  report::NoticeBoard board{.head = head_of(service, call, unit, open != nullptr && open->drill),
                            .title = {"情况说明", "Notice to customers"}};
  board.opening = {
      fmt::format("尊敬的客户：{}的业务系统暂时不能使用，我们正在抢修，给您带来不便，敬请谅解。", hall.name.zh),
      fmt::format("Dear customers: the business system of {} is out of service for now. We are working on it and "
                  "apologise for the inconvenience.",
                  hall.name.en)};
  if (open != nullptr) {
    const Text& why = open->plan->title;
    board.opening = {
        fmt::format("尊敬的客户：{}因{}，部分业务暂时不能当场办理，我们正在处理，给您带来不便，敬请谅解。",
                    hall.name.zh, why.zh),
        fmt::format("Dear customers: some business at {} cannot be done on the spot for now ({}). We are working on it "
                    "and apologise for the inconvenience.",
                    hall.name.en, why.en)};
  }
  for (const auto& [id, type] : service.options.business) {
    if (type->pre_acceptable) board.acceptable.push_back(type->title);
  }
  for (const Unit& other : call.directory().organisation().units) {
    const bool beside = other.kind == UnitKind::hall && other.id != unit && other.parent == hall.parent;
    if (!beside || takes_orders_by_hand(service, other.id) || board.others.size() >= kOtherHallsMax) continue;
    board.others.push_back({other.name, other.address, other.phone});
  }
  return board;
}

std::string board_json(const report::NoticeBoard& board, UnitId unit) {
  JsonOut out;
  out.begin_object();
  out.field("unit", unit.str());
  out.field("title", board.title);
  out.begin_array("lines");
  out.item(board.opening);
  Text accepted;
  for (const Text& title : board.acceptable) {
    accepted.zh += (accepted.zh.empty() ? "" : "、") + title.zh;
    accepted.en += (accepted.en.empty() ? "" : ", ") + title.en;
  }
  if (!accepted.empty()) {
    out.item(Text{
        fmt::format("以下业务可以预受理，系统恢复后马上为您办理：{}。", accepted.zh),
        fmt::format("We can take these orders now and complete them as soon as the system is back: {}.", accepted.en)});
  }
  out.item(Text{"其他需求请留下联系方式，系统恢复后我们第一时间回访您。",
                "For anything else please leave your contact: we call back as soon as the system is back."});
  for (const report::OtherHall& other : board.others) {
    out.item(Text{fmt::format("也可以去{}：{}　{}", other.name.zh, other.address.zh, other.phone),
                  fmt::format("Or go to {}: {}  {}", other.name.en, other.address.en, other.phone)});
  }
  if (!board.head.phone.empty()) {
    out.item(Text{"咨询电话：" + board.head.phone, "Telephone: " + board.head.phone});
  }
  out.end_array();
  out.time("at", board.head.made, board.head.zone);
  out.end_object();
  return out.take();
}

// The looks of one print, and what came of them. Filled on the engine's thread, one after another.
struct VisitPrint {
  UnitId unit;
  std::size_t waiting = 0;
  std::optional<Error> refused;
  std::vector<OrderPtr> shown;
};

void print_shown(Service& service, const CallPtr& call, const VisitPrint& print_job) {
  report::VisitList list{.head = head_of(service, *call, print_job.unit, false), .in_full = true};
  for (const OrderPtr& order : print_job.shown) list.rows.push_back(visit_row(service, *call, *order, true));
  sort_rows(list.rows);
  auto response = print(service, list, "visits-" + print_job.unit.str());
  if (!response) return service.refuse(*call, response.error());
  service.finish(*call, std::move(*response));
}

}  // namespace

std::string missing_text(const std::vector<NumberSpan>& missing) {
  std::string out;
  for (const NumberSpan& span : missing) {
    if (!out.empty()) out += ", ";
    out +=
        span.first == span.last ? fmt::format("{:06}", span.first) : fmt::format("{:06}-{:06}", span.first, span.last);
  }
  return out;
}

Expected<net::Response> get_slip(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"paper", "format", "lang"}); !known) return tl::unexpected(known.error());
  const auto found = order_for(service, call, call.param(0));
  if (!found) return tl::unexpected(found.error());
  if (auto form = read_form_of(call, {ReadForm::pdf}); !form) return tl::unexpected(form.error());
  const OrderState& order = **found;
  const auto paper = call.request.query_value("paper").value_or("a5");
  if (paper != "a5" && paper != "receipt") {
    return fail("query.unknown-value", {"paper 应为 a5 或 receipt", "Expected paper to be a5 or receipt"}, "paper");
  }
  report::CustomerSlip slip{.head = head_of(service, call, order.unit, order.drill),
                            .paper = paper == "a5" ? report::SlipPaper::a5 : report::SlipPaper::receipt,
                            .number = paper_number(order.unit, order.number),
                            .callback = order.kind == OrderKind::callback,
                            .business = business_title(service, order.business),
                            .amount = yuan(order.amount_fen),
                            .taken_at = order.taken_at,
                            .promise = order.promise,
                            .due = order.promise_due};
  if (const auto filled = open_personal(service, order)) {
    slip.name = mask_name(filled->name);
    slip.mobile = mask(FieldKind::mobile, filled->mobile);
  }
  if (const BusinessTypePtr type = business_of(service, order.business)) {
    for (const NeededDocument& document : type->documents) slip.documents.push_back(document.title);
  }
  return print(service, slip, "slip-" + slip.number.number);
}

Expected<net::Response> get_pack(Service& service, Call& call) {
  const auto unit = hall_of_query(call, {"unit", "format", "lang"});
  if (!unit) return tl::unexpected(unit.error());
  if (auto form = read_form_of(call, {ReadForm::pdf}); !form) return tl::unexpected(form.error());
  const std::string& text = call.param(0);
  std::uint32_t pack = 0;
  std::from_chars(text.data(), text.data() + text.size(), pack);
  const HallPtr hall = service.ports.view.acceptance().hall(*unit);
  const auto block = std::find_if(hall->blocks.begin(), hall->blocks.end(),
                                  [&](const NumberBlock& one) { return one.pack == pack && pack != 0; });
  if (block == hall->blocks.end() || std::to_string(pack) != text) {
    return fail("number.unknown-pack",
                {"本厅没有这叠单", "Expected a pack of this hall, but there is none of this number"}, "pack");
  }
  report::PaperPack paper{.head = head_of(service, call, *unit, false), .pack = pack, .business = nullptr};
  if (!block->business.empty()) paper.business = business_of(service, block->business);
  for (const auto& [id, type] : service.options.business) paper.businesses.push_back(type->title);
  for (std::uint32_t n = block->first; n <= block->last; ++n) paper.numbers.push_back(paper_number(*unit, n));
  return print(service, paper, fmt::format("pack-{}-{}", unit->str(), pack));
}

Expected<net::Response> get_visits(Service& service, Call& call) {
  const auto unit = hall_of_query(call, {"unit", "district", "format", "lang"});
  if (!unit) return tl::unexpected(unit.error());
  const auto form = read_form_of(call, {ReadForm::json, ReadForm::pdf});
  if (!form) return tl::unexpected(form.error());
  const auto district = call.request.query_value("district");
  const OrderWish wanted = [&](const OrderState& order) {
    return is_visit_to_make(order) && (!district || order.district == *district);
  };
  if (*form == ReadForm::json) return order_list(service, call, *unit, wanted);
  report::VisitList list{.head = head_of(service, call, *unit, false)};
  for (const OrderPtr& order : orders_by_promise(service, *unit, wanted)) {
    list.rows.push_back(visit_row(service, call, *order, false));
  }
  sort_rows(list.rows);
  return print(service, list, "visits-" + unit->str());
}

// In full, for who goes: each look is durable before anything is shown. No idempotency key: what is shown must not be
// kept as an answer.
void print_visits(Service& service, const CallPtr& call) {
  const auto body = read_body_of(*call, parse_visit_print);
  if (!body) return service.refuse(*call, body.error());
  const auto unit = hall_for(*call, body->unit);
  if (!unit) return service.refuse(*call, unit.error());
  if (!may_take_orders(call->who, *unit)) {
    return service.refuse(*call, {"acceptance.not-allowed",
                                  {"完整地址只给本厅办理的人", "Expected a clerk of the hall or someone who leads it"},
                                  "unit"});
  }
  const std::vector<OrderPtr> wanted = orders_by_promise(service, *unit, [&](const OrderState& order) {
    return is_visit_to_make(order) && !order.erased &&
           (body->visitor.empty() || order.visitor.str() == body->visitor) &&
           (body->district.empty() || order.district == body->district);
  });
  const auto job = std::make_shared<VisitPrint>();
  job->unit = *unit;
  job->waiting = std::min(wanted.size(), kVisitsMax);
  if (wanted.empty()) return service.on_papers(call, [&service, call, job] { print_shown(service, call, *job); });
  for (std::size_t i = 0; i < std::min(wanted.size(), kVisitsMax); ++i) {
    Submission submission{.person = call->who.person,
                          .preferred = call->who.preferred,
                          .unit = *unit,
                          .order = wanted[i]->id,
                          .command = AcceptanceCommand(OrderCommand(ShowPerson{"上门清单"}))};
    submission.done = [&service, call, job](const Outcome& outcome) {
      if (outcome.refused) {
        job->refused = outcome.refused;
      } else {
        job->shown.push_back(outcome.order);
      }
      if (--job->waiting > 0) return;
      if (job->refused) return service.refuse(*call, *job->refused);
      service.on_papers(call, [&service, call, job] { print_shown(service, call, *job); });
    };
    service.metrics.command();
    service.ports.submit(std::move(submission));
  }
}

Expected<net::Response> get_reconciliation(Service& service, Call& call) {
  const auto unit = hall_of_query(call, {"unit", "incident", "format", "lang"});
  if (!unit) return tl::unexpected(unit.error());
  const auto form = read_form_of(call, {ReadForm::json, ReadForm::pdf});
  if (!form) return tl::unexpected(form.error());
  IncidentId only;
  if (const auto text = call.request.query_value("incident")) {
    // One that the person may not see is as unknown as one that there is not.
    const auto incident = acceptance_incident(service, *unit, *text);
    if (!incident) return tl::unexpected(incident.error());
    only = (*incident)->id;
  }
  const AcceptanceView& view = service.ports.view.acceptance();
  const HallPtr hall = view.hall(*unit);
  const Reconciliation found = reconcile(*hall, view.of_unit(*unit), only);
  if (*form == ReadForm::pdf) {
    report::ReconciliationSheet sheet = sheet_of(service, call, found);
    const IncidentPtr incident = only.none() ? nullptr : service.ports.view.find(only);
    sheet.head = head_of(service, call, *unit, incident != nullptr && incident->drill);
    sheet.of = Text{"本厅全部预受理单", "All orders of the hall"};
    if (incident != nullptr) {
      const Text when = report::say_when(incident->declared_at, call.zone());
      sheet.of = {fmt::format("{}，{}启动", incident->plan->title.zh, when.zh),
                  fmt::format("{}, declared {}", incident->plan->title.en, when.en)};
    }
    return print(service, sheet, "reconciliation-" + unit->str());
  }
  JsonOut out;
  out.begin_object();
  write_reconciliation(out, found, *hall, call.directory(), service.now());
  out.end_object();
  return json_response(200, out.take());
}

// S4.4: the text for the door and the screen.
Expected<net::Response> get_notice_board(Service& service, Call& call) {
  const auto unit = hall_of_query(call, {"unit", "format", "lang"});
  if (!unit) return tl::unexpected(unit.error());
  const auto form = read_form_of(call, {ReadForm::json, ReadForm::pdf});
  if (!form) return tl::unexpected(form.error());
  const report::NoticeBoard board = board_of(service, call, *unit);
  if (*form == ReadForm::pdf) return print(service, board, "notice-board-" + unit->str());
  return json_response(200, board_json(board, *unit));
}

}  // namespace tingan::api
