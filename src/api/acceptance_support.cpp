#include "api/acceptance_support.h"

#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "codec/business_yaml.h"
#include "core/acceptance/reconcile.h"

namespace tingan::api {

Expected<OrderPtr> order_for(const Service& service, const Call& call, std::string_view text) {
  const auto id = parse_order_id(text);
  OrderPtr order = id ? service.ports.view.acceptance().order(*id) : nullptr;
  if (order == nullptr || !may_see_orders(call.directory(), call.who, order->unit)) {
    return fail("order.not-found", {"没有这张单", "Expected a known order, but there is none of this id"}, "id");
  }
  return order;
}

Expected<UnitId> hall_for(const Call& call, std::optional<std::string_view> name) {
  const auto named = unit_or_own(call.directory(), call.who, name, "unit.not-found", "unit");
  if (!named) return tl::unexpected(named.error());
  const UnitId unit = *named;
  const Unit* at = call.directory().unit(unit);
  if (at == nullptr || at->kind != UnitKind::hall) {
    return fail("acceptance.no-hall", {"请说明是哪个营业厅", "Expected a hall, but this unit is none"}, "unit");
  }
  if (!may_see_orders(call.directory(), call.who, unit)) {
    return fail("acceptance.not-allowed", {"只能查看本厅的预受理单", "Expected your own hall, but it is another"},
                "unit");
  }
  return unit;
}

Expected<UnitId> hall_of_query(const Call& call, std::initializer_list<std::string_view> known) {
  if (auto good = check_query(call.request, known); !good) return tl::unexpected(good.error());
  return hall_for(call, call.request.query_value("unit"));
}

std::vector<OrderPtr> orders_by_promise(const Service& service, UnitId unit, const OrderWish& wanted) {
  std::vector<OrderPtr> found;
  for (const OrderPtr& order : service.ports.view.acceptance().of_unit(unit)) {
    if (wanted(*order)) found.push_back(order);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return goes_before(*a, *b); });
  return found;
}

net::Response order_list(const Service& service, const Call& call, UnitId unit, const OrderWish& wanted) {
  constexpr std::size_t kMost = 500;
  const std::vector<OrderPtr> found = orders_by_promise(service, unit, wanted);
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (std::size_t i = 0; i < std::min(found.size(), kMost); ++i) {
    write_order(out, *found[i], call.directory(), service.now());
  }
  out.end_array();
  out.field("count", found.size());
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

Expected<IncidentPtr> acceptance_incident(const Service& service, UnitId unit, std::optional<std::string_view> named) {
  if (named) {
    const auto id = parse_incident_id(*named);
    IncidentPtr incident = id ? service.ports.view.find(*id) : nullptr;
    // An order is read by people whom a silent incident does not concern.
    if (incident != nullptr && incident->unit == unit && !is_hidden(*incident)) return incident;
    return fail("order.unknown-incident", {"没有这个事件，或不是本厅的", "Expected an incident of the hall"},
                "incident");
  }
  for (const IncidentPtr& incident : service.ports.view.of_unit(unit)) {
    const bool open = incident->status == IncidentStatus::open || incident->status == IncidentStatus::contained;
    const auto& steps = incident->plan->steps;
    const bool accepts =
        std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.opens == "acceptance"; });
    if (open && accepts && !is_hidden(*incident)) return incident;
  }
  return IncidentPtr();
}

BusinessTypePtr business_of(const Service& service, BusinessId id) {
  const auto found = service.options.business.find(id);
  return found == service.options.business.end() ? nullptr : found->second;
}

Expected<BusinessTypePtr> known_business(const Service& service, std::string_view name) {
  const auto id = BusinessId::find(name);
  BusinessTypePtr type = id ? business_of(service, *id) : nullptr;
  if (type != nullptr) return type;
  return fail("business.unknown",
              {fmt::format("没有业务“{}”", name), fmt::format("Expected a known business type, but got '{}'", name)},
              "business");
}

std::optional<Filled> open_personal(const Service& service, const OrderState& order) {
  if (order.erased) return std::nullopt;
  const auto opened = service.ports.sealer.open(order.personal);
  if (!opened || !*opened) return std::nullopt;
  return parse_personal(**opened);
}

Work work_on_order(const OrderState& order, OrderCommand command, Instant now) {
  Work work;
  work.unit = order.unit;
  work.order = order.id;
  work.command = AcceptanceCommand(std::move(command));
  work.body = [now](const Outcome& outcome, const Registry& registry) {
    JsonOut out;
    write_order(out, *outcome.order, registry.directory(), now);
    return out.take();
  };
  return work;
}

Work work_on_hall(UnitId unit, HallCommand command) {
  Work work;
  work.unit = unit;
  work.command = AcceptanceCommand(std::move(command));
  work.body = [unit](const Outcome& outcome, const Registry& registry) {
    JsonOut out;
    out.begin_object();
    out.field("unit", unit.str());
    write_replay(out, outcome.hall->replay, registry.directory().zone());
    out.end_object();
    return out.take();
  };
  return work;
}

std::function<Expected<void>(Work&)> seal_words(Service& service, OrderId order, std::string words,
                                                std::function<Sealed&(OrderCommand&)> slot) {
  if (words.empty()) return {};
  return [&service, order, words = std::move(words), slot = std::move(slot)](Work& work) -> Expected<void> {
    auto sealed = service.ports.sealer.seal("order:" + to_string(order), words);
    if (!sealed) return tl::unexpected(sealed.error());
    slot(std::get<OrderCommand>(std::get<AcceptanceCommand>(work.command))) = std::move(*sealed);
    return {};
  };
}

Expected<void> seal_filled(Service& service, OrderId order, BusinessId business, const Filled& filled, Sealed& personal,
                           std::string& fingerprint) {
  auto sealed = service.ports.sealer.seal("order:" + to_string(order), personal_json(filled));
  if (!sealed) return tl::unexpected(sealed.error());
  personal = std::move(*sealed);
  // Who and what: the same customer asking for the same with the same details.
  Filled what = filled;
  what.signature.clear();
  what.documents.clear();
  auto mark = service.ports.sealer.fingerprint("acceptance:fingerprint", business.str() + "\n" + personal_json(what));
  if (!mark) return tl::unexpected(mark.error());
  fingerprint = std::move(*mark);
  return {};
}

std::optional<PromiseKind> promise_of(std::string_view name) {
  for (const PromiseKind kind :
       {PromiseKind::done, PromiseKind::come_again, PromiseKind::home_visit, PromiseKind::call_back}) {
    if (name == name_of(kind)) return kind;
  }
  return std::nullopt;
}

}  // namespace tingan::api
