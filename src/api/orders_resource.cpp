// Orders and callbacks: taking, looking, and what a clerk does by hand (S4.1-S4.4, S5C.2).
#include <charconv>

#include "api/acceptance_bodies.h"
#include "api/acceptance_support.h"
#include "api/bodies.h"
#include "api/incident_log.h"
#include "api/object_reader.h"
#include "api/resources.h"
#include "api/service.h"
#include "core/acceptance/order_life.h"

namespace tingan::api {
namespace {

tl::unexpected<Error> bad_value(const char* where) {
  return fail("query.unknown-value", {"参数值不对", "Expected a known value, but it is another"}, where);
}

Expected<TakeOrder> taking_of(const Service& service, const Call& call, const TakeOrderBody& body, UnitId unit,
                              OrderKind kind) {
  auto type = known_business(service, body.business);
  if (!type) return tl::unexpected(type.error());
  auto incident = acceptance_incident(service, unit, body.incident);
  if (!incident) return tl::unexpected(incident.error());
  if (body.number > kNumberMax || body.pack > kNumberMax)
    return fail("number.not-granted", {"号码太大", "Expected a smaller number"}, "number");
  TakeOrder command{.business = *type, .kind = kind};
  command.number = static_cast<std::uint32_t>(body.number);
  command.device = body.device;
  command.pack = static_cast<std::uint32_t>(body.pack);
  if (*incident != nullptr) {
    command.incident = (*incident)->id;
    command.drill = (*incident)->drill;
  }
  command.handed_over = body.handed_over;
  command.taken_at = body.taken_at;
  command.amount_fen = kind == OrderKind::order ? amount_of(**type, body.filled) : 0;
  command.promise_due = body.promise_due;
  if (body.promise) {
    command.promise = promise_of(*body.promise);
    if (!command.promise)
      return fail("promise.unknown", {"不认识这种承诺", "Expected a known kind of promise"}, "promise");
  }
  command.photos = body.photos;
  // A callback needs to know whom to call and about what; the form's own fields may stay open.
  for (const Error& error : check_filled(**type, body.filled, call.zone(), service.now())) {
    const bool matters = kind == OrderKind::order || error.where == "name" || error.where == "mobile";
    if (!matters) continue;
    if (!body.handed_over) return tl::unexpected(error);
    command.doubts.push_back(error.code + ":" + error.where);
  }
  return command;
}

// An order names its own pictures and each once. One that was taken before, while the node was out of reach, is not
// lost for a picture that did not come along: it waits for repair.
Expected<void> keep_known_photos(const Service& service, OrderId id, TakeOrder& taking) {
  std::vector<std::string> known;
  for (const std::string& name : taking.photos) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (is_photo_of(service, id, name)) {
      known.push_back(name);
      continue;
    }
    if (!taking.handed_over) {
      return fail("order.unknown-photo",
                  {"有照片不是为这张单上传的，请重新拍摄",
                   "Expected only pictures that were handed in for this order, but one was not: take it again"},
                  "photos");
    }
    const std::string doubt = "order.unknown-photo:photos";
    if (std::find(taking.doubts.begin(), taking.doubts.end(), doubt) == taking.doubts.end()) {
      taking.doubts.push_back(doubt);
    }
  }
  taking.photos = std::move(known);
  return {};
}

Expected<Work> take(Service& service, Call& call, OrderKind kind) {
  auto body = read_body_of(call, parse_take_order);
  if (!body) return tl::unexpected(body.error());
  const auto unit = hall_for(call, body->unit);
  if (!unit) return tl::unexpected(unit.error());
  OrderId id;
  if (body->id.empty()) {
    id.bytes = new_incident_id(service.now(), service.ports.random).bytes;
  } else if (const auto own = parse_order_id(body->id); own && !own->none()) {
    id = *own;
  } else {
    return fail("order.malformed-id", {"编号应为 UUID", "Expected a UUID as the order's id"}, "id");
  }
  auto command = taking_of(service, call, *body, *unit, kind);
  if (!command) return tl::unexpected(command.error());
  const BusinessId business = command->business->id;
  OrderState target;
  target.id = id;
  target.unit = *unit;
  Work work = work_on_order(service, call, target, std::move(*command));
  work.status = 201;
  work.location = "/api/v1/orders/" + to_string(id);
  work.seal = [&service, id, business, district = std::move(body->district),
               filled = std::move(body->filled)](Work& sealing) -> Expected<void> {
    auto& taking = std::get<TakeOrder>(std::get<OrderCommand>(std::get<AcceptanceCommand>(sealing.command)));
    if (auto known = keep_known_photos(service, id, taking); !known) return known;
    auto sealed = service.ports.sealer.seal(order_key(id), district);
    if (!sealed) return tl::unexpected(sealed.error());
    taking.district = std::move(*sealed);
    return seal_filled(service, id, business, filled, taking.personal, taking.fingerprint);
  };
  return work;
}

struct Filter {
  UnitId unit;
  std::optional<OrderStatus> state;
  std::optional<OrderKind> kind;
  std::optional<std::string> business;
  std::optional<IncidentId> incident;
  std::optional<std::uint32_t> number;
  OrderId after;

  bool passes(const OrderState& order) const {
    return (!state || order.status == *state) && (!kind || order.kind == *kind) &&
           (!business || order.business.str() == *business) && (!incident || order.incident == *incident) &&
           (!number || order.number == *number);
  }
};

Expected<Filter> filter_of(const Call& call) {
  Filter filter;
  const auto unit = hall_for(call, call.request.query_value("unit"));
  if (!unit) return tl::unexpected(unit.error());
  filter.unit = *unit;
  if (const auto state = call.request.query_value("state")) {
    for (unsigned i = 0; i <= static_cast<unsigned>(OrderStatus::handed_back); ++i) {
      if (*state == name_of(static_cast<OrderStatus>(i))) filter.state = static_cast<OrderStatus>(i);
    }
    if (!filter.state) return bad_value("state");
  }
  if (const auto kind = call.request.query_value("kind")) {
    if (*kind != "order" && *kind != "callback") return bad_value("kind");
    filter.kind = *kind == "order" ? OrderKind::order : OrderKind::callback;
  }
  if (const auto business = call.request.query_value("business")) filter.business = std::string(*business);
  if (const auto incident = call.request.query_value("incident")) {
    filter.incident = parse_incident_id(*incident);
    if (!filter.incident) return bad_value("incident");
  }
  if (const auto number = call.request.query_value("number")) {
    std::uint32_t n = 0;
    const auto [end, error] = std::from_chars(number->data(), number->data() + number->size(), n);
    if (error != std::errc{} || end != number->data() + number->size()) return bad_value("number");
    filter.number = n;
  }
  if (const auto cursor = call.request.query_value("cursor")) {
    const auto id = parse_order_id(*cursor);
    if (!id) return fail("query.malformed-cursor", {"cursor 不对", "Expected a cursor that a list gave"}, "cursor");
    filter.after = *id;
  }
  return filter;
}

// One row with masked personal data, spliced in before the closing brace.
void write_masked(JsonOut& out, const Service& service, const OrderState& order, const Directory& directory,
                  bool mask_it) {
  JsonOut row;
  write_order(row, order, directory, service.now(), opener(service));
  std::string text = row.take();
  text.pop_back();
  if (auto filled = open_personal(service, order)) {
    const BusinessTypePtr type = business_of(service, order.business);
    JsonOut personal;
    write_personal(personal, {std::move(*filled), mask_it, type.get()});
    // What the back office or a person said about it may name the customer: with the rest, or not at all.
    if (!mask_it) personal.string_or_null("reason", open_words(service, order.reason).value_or(""));
    text += "," + personal.take();
  } else {
    text += ",\"personal\":null";
  }
  out.raw_item(text + "}");
}

template <class Command>
Expected<Work> plain_work(Service& service, Call& call, Command command) {
  const auto order = order_for(service, call, call.param(0));
  if (!order) return tl::unexpected(order.error());
  return work_on_order(service, call, **order, OrderCommand(std::move(command)));
}

template <class Command>
Expected<Work> worded_work(Service& service, Call& call, Command command, std::string words, Sealed Command::*slot) {
  auto work = plain_work(service, call, std::move(command));
  if (work) {
    work->seal = seal_words(service, work->order, std::move(words),
                            [slot](OrderCommand& any) -> Sealed& { return std::get<Command>(any).*slot; });
  }
  return work;
}

}  // namespace

Expected<Work> take_order(Service& service, Call& call) { return take(service, call, OrderKind::order); }
Expected<Work> take_callback(Service& service, Call& call) { return take(service, call, OrderKind::callback); }

Expected<net::Response> list_orders(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"unit", "state", "kind", "business", "incident", "number", "limit",
                                              "cursor", "format", "lang"});
      !known) {
    return tl::unexpected(known.error());
  }
  const auto filter = filter_of(call);
  if (!filter) return tl::unexpected(filter.error());
  const auto form = read_form_of(call, {ReadForm::json, ReadForm::csv, ReadForm::xlsx});
  if (!form) return tl::unexpected(form.error());
  if (*form != ReadForm::json) {
    // A table is one file: no pages.
    std::vector<OrderPtr> wanted = service.ports.view.acceptance().of_unit(filter->unit);
    std::erase_if(wanted, [&](const OrderPtr& order) { return !filter->passes(*order); });
    return order_table(service, call, wanted, *form, "orders-" + filter->unit.str());
  }
  const auto limit = limit_of(call.request);
  if (!limit) return tl::unexpected(limit.error());
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  bool started = filter->after.none();
  std::size_t shown = 0;
  OrderId last;
  bool more = false;
  for (const OrderPtr& order : service.ports.view.acceptance().of_unit(filter->unit)) {
    if (!started) {
      started = order->id == filter->after;
      continue;
    }
    if (!filter->passes(*order)) continue;
    more = shown == *limit;
    if (more) break;
    write_masked(out, service, *order, call.directory(), true);
    last = order->id;
    ++shown;
  }
  out.end_array();
  out.string_or_null("next", more ? to_string(last) : "");
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> get_order(Service& service, Call& call) {
  const auto order = order_for(service, call, call.param(0));
  if (!order) return tl::unexpected(order.error());
  JsonOut row;
  write_masked(row, service, **order, call.directory(), true);
  std::string text = row.take();
  text.pop_back();
  JsonOut more;
  more.begin_array("history");
  for (const OrderMoment& moment : (*order)->history) {
    more.begin_object();
    more.time("at", moment.at, call.zone());
    more.field("person", moment.person.str());
    more.field("what", moment.what);
    more.end_object();
  }
  more.end_array();
  more.begin_array("looks");
  for (const OrderLook& look : (*order)->looks) {
    more.begin_object();
    more.time("at", look.at, call.zone());
    more.field("person", look.person.str());
    more.string_or_null("purpose", open_words(service, look.purpose).value_or(""));
    more.end_object();
  }
  more.end_array();
  return json_response(200, text + "," + more.take() + "}");
}

// The look is durable before anything is shown. No idempotency key here: what is shown must not be kept as an answer.
void reveal_order(Service& service, const CallPtr& call) {
  auto body = read_body_of(*call, parse_reason);
  if (!body) return service.refuse(*call, body.error());
  const auto order = order_for(service, *call, call->param(0));
  if (!order) return service.refuse(*call, order.error());
  if (body->reason.empty() || body->reason.size() > kNameBytesMax) {
    return service.refuse(*call, {"order.purpose-needed",
                                  {"请写明查看用途", "Expected a short reason for looking, but there is none"},
                                  "reason"});
  }
  auto look = look_at(service, (*order)->id, body->reason);
  if (!look) return service.refuse(*call, look.error());
  Submission submission{.person = call->who.person,
                        .preferred = call->who.preferred,
                        .unit = (*order)->unit,
                        .order = (*order)->id,
                        .command = std::move(*look)};
  submission.done = [&service, call](const Outcome& outcome) {
    if (outcome.refused) return service.refuse(*call, *outcome.refused);
    service.on_pool(call, [&service, call, shown = outcome.order] {
      JsonOut out;
      write_masked(out, service, *shown, call->directory(), false);
      service.finish(*call, json_response(200, out.take()));
    });
  };
  service.metrics.command();
  service.ports.submit(std::move(submission));
}

Expected<Work> repair_order(Service& service, Call& call) {
  auto body = read_body_of(call, parse_repair);
  if (!body) return tl::unexpected(body.error());
  const auto order = order_for(service, call, call.param(0));
  if (!order) return tl::unexpected(order.error());
  const BusinessTypePtr type = business_of(service, (*order)->business);
  if (type == nullptr)
    return fail("business.unknown", {"业务类型已不存在", "Expected a known business type"}, "business");
  const auto errors = check_filled(*type, body->filled, call.zone(), service.now());
  if (!errors.empty()) return tl::unexpected(errors.front());
  RepairOrder command{.amount_fen = amount_of(*type, body->filled)};
  Work work = work_on_order(service, call, **order, command);
  work.seal = [&service, id = (*order)->id, business = type->id,
               body = std::move(*body)](Work& sealing) -> Expected<void> {
    auto& repair = std::get<RepairOrder>(std::get<OrderCommand>(std::get<AcceptanceCommand>(sealing.command)));
    auto reason = service.ports.sealer.seal(order_key(id), body.reason);
    if (!reason) return tl::unexpected(reason.error());
    repair.reason = std::move(*reason);
    return seal_filled(service, id, business, body.filled, repair.personal, repair.fingerprint);
  };
  return work;
}

Expected<Work> enter_order(Service& service, Call& call) {
  auto body = read_body_of(call, parse_enter);
  if (!body) return tl::unexpected(body.error());
  auto work = plain_work(service, call, EnterOrder{EnteredVia::hand, {}});
  if (!work) return work;
  work->seal = [&service, typed = std::move(body->reference)](Work& sealing) -> Expected<void> {
    auto& enter = std::get<EnterOrder>(std::get<OrderCommand>(std::get<AcceptanceCommand>(sealing.command)));
    auto sealed = service.ports.sealer.seal_alike(order_key(sealing.order), typed);
    if (!sealed) return tl::unexpected(sealed.error());
    enter.typed = std::move(*sealed);
    return {};
  };
  return work;
}

Expected<Work> reject_order(Service& service, Call& call) {
  auto body = read_body_of(call, parse_coded);
  if (!body) return tl::unexpected(body.error());
  return worded_work(service, call, RejectOrder{body->code, {}}, body->reason, &RejectOrder::reason);
}

Expected<Work> hand_order_back(Service& service, Call& call) {
  auto body = read_body_of(call, parse_reason);
  if (!body) return tl::unexpected(body.error());
  return worded_work(service, call, HandOrderBack{}, body->reason, &HandOrderBack::reason);
}

Expected<Work> promise_order(Service& service, Call& call) {
  auto body = read_body_of(call, parse_promise);
  if (!body) return tl::unexpected(body.error());
  const auto order = order_for(service, call, call.param(0));
  if (!order) return tl::unexpected(order.error());
  const auto kind = body->promise.empty() ? (*order)->promise : promise_of(body->promise);
  if (!kind) return fail("promise.unknown", {"不认识这种承诺", "Expected a known kind of promise"}, "promise");
  return work_on_order(service, call, **order, MakePromise{*kind, body->due});
}

Expected<Work> assign_visit(Service& service, Call& call) {
  auto body = read_body_of(call, parse_visit);
  if (!body) return tl::unexpected(body.error());
  const auto person = PersonId::find(body->person);
  if (!person) return fail("visit.unknown-person", {"没有这个人员", "Expected a known person"}, "person");
  return plain_work(service, call, AssignVisit{*person, body->due});
}

Expected<Work> note_visit(Service& service, Call& call) {
  auto body = read_body_of(call, parse_reason);
  if (!body) return tl::unexpected(body.error());
  return worded_work(service, call, NoteVisit{}, body->reason, &NoteVisit::note);
}

Expected<Work> note_call(Service& service, Call& call) {
  auto body = read_body_of(call, parse_call_note);
  if (!body) return tl::unexpected(body.error());
  return worded_work(service, call, NoteCall{body->reached, {}}, body->note, &NoteCall::note);
}

}  // namespace tingan::api
