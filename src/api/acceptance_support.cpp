#include "api/acceptance_support.h"

#include "api/service.h"
#include "api/visibility.h"
#include "codec/business_yaml.h"

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
  UnitId unit = call.who.unit;
  if (name) {
    const auto known = unit_of(call.directory(), *name, "unit.not-found", "unit");
    if (!known) return tl::unexpected(known.error());
    unit = *known;
  }
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
