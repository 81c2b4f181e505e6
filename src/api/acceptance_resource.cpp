// What a hall's acceptance is as a whole: business types, numbers, replays, promises, home visits, the reconciliation
// and the notice board.
#include <charconv>

#include "api/acceptance_bodies.h"
#include "api/acceptance_support.h"
#include "api/bodies.h"
#include "api/resources.h"
#include "api/service.h"
#include "codec/business_yaml.h"

namespace tingan::api {
namespace {

Work numbers_work(UnitId unit, HallCommand command) {
  Work work = work_on_hall(unit, std::move(command));
  work.status = 201;
  work.body = [unit](const Outcome& outcome, const Registry& registry) {
    const NumberBlock& block = outcome.hall->blocks.back();
    JsonOut out;
    out.begin_object();
    out.field("unit", unit.str());
    out.string_or_null("device", block.device);
    out.field("pack", block.pack);
    out.string_or_null("business", block.business.str());
    out.field("first", block.first);
    out.field("last", block.last);
    out.field("first_number", order_number(unit, block.first));
    out.field("last_number", order_number(unit, block.last));
    out.time("at", block.at, registry.directory().zone());
    out.end_object();
    return out.take();
  };
  return work;
}

std::uint32_t small(std::int64_t number) {
  return static_cast<std::uint32_t>(std::min<std::int64_t>(number, kNumberMax));
}

// The type of the path. Error `business.not-found`.
Expected<BusinessTypePtr> listed_business(const Service& service, const Call& call) {
  const auto id = BusinessId::find(call.param(0));
  BusinessTypePtr type = id ? business_of(service, *id) : nullptr;
  if (type != nullptr) return type;
  return fail("business.not-found", {"没有这种业务", "Expected a known business type, but there is none of this id"},
              "id");
}

template <class Command>
Expected<Work> replay_work(Service&, Call& call, Command command) {
  if (auto body = read_body_of(call, parse_nothing); !body) return tl::unexpected(body.error());
  const auto unit = hall_for(call, call.param(0));
  if (!unit) return tl::unexpected(unit.error());
  return work_on_hall(*unit, HallCommand(std::move(command)));
}

}  // namespace

Expected<net::Response> list_business_types(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (const auto& [id, type] : service.options.business) write_business_type(out, *type);
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> get_business_type(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto type = listed_business(service, call);
  if (!type) return tl::unexpected(type.error());
  JsonOut out;
  write_business_type(out, **type);
  return json_response(200, out.take());
}

Expected<net::Response> get_business_schema(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  const auto type = listed_business(service, call);
  if (!type) return tl::unexpected(type.error());
  net::Response response = json_response(200, business_schema(**type));
  response.content_type = "application/schema+json";
  return response;
}

Expected<Work> grant_block(Service&, Call& call) {
  auto body = read_body_of(call, parse_block);
  if (!body) return tl::unexpected(body.error());
  const auto unit = hall_for(call, body->unit);
  if (!unit) return tl::unexpected(unit.error());
  return numbers_work(*unit, GrantBlock{body->device, small(body->size)});
}

Expected<Work> print_pack(Service& service, Call& call) {
  auto body = read_body_of(call, parse_block);
  if (!body) return tl::unexpected(body.error());
  const auto unit = hall_for(call, body->unit);
  if (!unit) return tl::unexpected(unit.error());
  PrintPack command{.size = small(body->size)};
  if (!body->business.empty()) {
    const auto type = known_business(service, body->business);
    if (!type) return tl::unexpected(type.error());
    command.business = (*type)->id;
  }
  return numbers_work(*unit, std::move(command));
}

Expected<Work> void_numbers(Service& service, Call& call) {
  auto body = read_body_of(call, parse_void);
  if (!body) return tl::unexpected(body.error());
  const auto unit = hall_for(call, body->unit);
  if (!unit) return tl::unexpected(unit.error());
  Work work = work_on_hall(*unit, VoidNumbers{small(body->first), small(body->last), {}});
  work.seal = [&service, unit = *unit, reason = std::move(body->reason)](Work& sealing) -> Expected<void> {
    auto sealed = service.ports.sealer.seal("acceptance:" + unit.str(), reason);
    if (!sealed) return tl::unexpected(sealed.error());
    std::get<VoidNumbers>(std::get<HallCommand>(std::get<AcceptanceCommand>(sealing.command))).reason = *sealed;
    return {};
  };
  return work;
}

// The rehearsal of what would go out, and how far the present replay is.
Expected<net::Response> get_replay(Service& service, Call& call) {
  const auto unit = hall_of_query(call, {"unit", "rate_per_minute"});
  if (!unit) return tl::unexpected(unit.error());
  int rate = 0;
  if (const auto text = call.request.query_value("rate_per_minute")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), rate);
    if (error != std::errc{} || end != text->data() + text->size() || rate < 0 || rate > 60000) {
      return fail("query.unknown-value", {"速度应为 0 到 60000", "Expected a rate from 0 to 60000"}, "rate_per_minute");
    }
  }
  const AcceptanceView& view = service.ports.view.acceptance();
  const std::vector<OrderPtr> all = view.of_unit(*unit);
  const ReplayState replay = view.hall(*unit)->replay;
  std::uint32_t entered = 0;
  std::uint32_t under_way = 0;
  for (const OrderPtr& order : all) {
    if (order->replay != replay.id || replay.id == 0) continue;
    entered += order->status == OrderStatus::entered ? 1 : 0;
    under_way += order->status == OrderStatus::sent || order->status == OrderStatus::unknown ? 1 : 0;
  }
  if (rate == 0) rate = usual_rate(replay, entered, service.now());
  const tingan::Rehearsal rehearsal = rehearse_replay(all, rate, service.now());
  JsonOut out;
  out.begin_object();
  out.field("unit", unit->str());
  out.begin_object("rehearsal");
  out.field("orders", rehearsal.orders);
  out.field("duplicates", rehearsal.duplicates);
  out.field("invalid", rehearsal.invalid);
  out.field("by_hand", rehearsal.by_hand);
  out.field("unknown", rehearsal.unknown);
  out.field("late", rehearsal.late);
  out.time("finishing", rehearsal.finishing, call.zone());
  out.end_object();
  write_replay(out, replay, call.zone());
  out.field("entered", entered);
  out.field("under_way", under_way);
  out.end_object();
  return json_response(200, out.take());
}

Expected<Work> start_replay(Service&, Call& call) {
  auto body = read_body_of(call, parse_replay);
  if (!body) return tl::unexpected(body.error());
  const auto unit = hall_for(call, body->unit);
  if (!unit) return tl::unexpected(unit.error());
  Work work =
      work_on_hall(*unit, StartReplay{static_cast<int>(std::min<std::int64_t>(body->rate_per_minute, 1000000))});
  work.status = 201;
  return work;
}

Expected<Work> pause_replay(Service& service, Call& call) { return replay_work(service, call, PauseReplay{"person"}); }
Expected<Work> resume_replay(Service& service, Call& call) { return replay_work(service, call, ResumeReplay{}); }

Expected<Work> pace_replay(Service&, Call& call) {
  auto body = read_body_of(call, parse_replay);
  if (!body) return tl::unexpected(body.error());
  const auto unit = hall_for(call, call.param(0));
  if (!unit) return tl::unexpected(unit.error());
  return work_on_hall(*unit, PaceReplay{static_cast<int>(std::min<std::int64_t>(body->rate_per_minute, 1000000))});
}

// What waits for a clerk: to be entered by hand, or to be repaired.
Expected<net::Response> get_work_list(Service& service, Call& call) {
  const auto unit = hall_of_query(call, {"unit", "format", "lang"});
  if (!unit) return tl::unexpected(unit.error());
  const auto form = read_form_of(call, {ReadForm::json, ReadForm::csv, ReadForm::xlsx});
  if (!form) return tl::unexpected(form.error());
  const OrderWish wanted = [](const OrderState& order) {
    return order.status == OrderStatus::by_hand || order.status == OrderStatus::set_aside;
  };
  if (*form == ReadForm::json) return order_list(service, call, *unit, wanted);
  return order_table(service, call, orders_by_promise(service, *unit, wanted), *form, "work-list-" + unit->str());
}

Expected<net::Response> get_promises(Service& service, Call& call) {
  const auto unit = hall_of_query(call, {"unit"});
  if (!unit) return tl::unexpected(unit.error());
  return order_list(service, call, *unit, [](const OrderState& order) {
    return order.promise_status == PromiseStatus::open || order.promise_status == PromiseStatus::broken;
  });
}

}  // namespace tingan::api
