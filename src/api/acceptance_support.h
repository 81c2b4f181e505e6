// Shared by the handlers of emergency acceptance.
#pragma once
#include "api/acceptance_json.h"
#include "api/call.h"
#include "api/json_out.h"
#include "api/resources.h"
#include "core/acceptance/decide.h"
#include "runtime/replay/replay_worker.h"

namespace tingan::api {

// The order of the path, for whoever may see the hall's. Error `order.not-found` (also another hall's).
Expected<OrderPtr> order_for(const Service& service, const Call& call, std::string_view id);
// The hall that is meant: `name`, or the person's own unit. Errors `unit.not-found`, `acceptance.not-allowed`,
// `acceptance.no-hall`.
Expected<UnitId> hall_for(const Call& call, std::optional<std::string_view> name);
// The hall of the query's `unit`; refuses parameters beyond `known`.
Expected<UnitId> hall_of_query(const Call& call, std::initializer_list<std::string_view> known);
using OrderWish = std::function<bool(const OrderState&)>;
// The hall's orders that are wanted, earlier promise first.
std::vector<OrderPtr> orders_by_promise(const Service& service, UnitId unit, const OrderWish& wanted);
// The same as {items, count, next}.
net::Response order_list(const Service& service, const Call& call, UnitId unit, const OrderWish& wanted);
// The incident during which orders are taken: the one that is named, or the hall's newest open one whose plan opens
// acceptance; nullptr: none is open. Error `order.unknown-incident`.
Expected<IncidentPtr> acceptance_incident(const Service& service, UnitId unit, std::optional<std::string_view> named);
// nullptr: no such type here (any more).
BusinessTypePtr business_of(const Service& service, BusinessId id);
Expected<BusinessTypePtr> known_business(const Service& service, std::string_view name);
// Opens the envelope; nullopt: erased.
std::optional<Filled> open_personal(const Service& service, const OrderState& order);

// What an envelope says; "" where its key is gone.
std::string words_in(const Service& service, const Sealed& sealed);
OpenWords opener(const Service& service);
// The record of a look at personal data, its purpose sealed under the order's key. Errors `order.erased`, `store.*`.
Expected<AcceptanceCommand> look_at(const Service& service, OrderId order, std::string_view purpose);

// Work on one order, answered with the order as it then is (no personal data; what was typed only where the answer is
// not kept).
Work work_on_order(const Service& service, const Call& call, const OrderState& order, OrderCommand command);
Work work_on_hall(UnitId unit, HallCommand command);
// Seals `words` under the order's key into the field that `slot` gives.
std::function<Expected<void>(Work&)> seal_words(Service& service, OrderId order, std::string words,
                                                std::function<Sealed&(OrderCommand&)> slot);
// The picture lies in the store, whole, and was handed in for this order; order_photos_resource.cpp. Reads the file.
bool is_photo_of(const Service& service, OrderId order, const std::string& name);
// Seals what was filled in, and makes the fingerprint by which a twin is found.
Expected<void> seal_filled(Service& service, OrderId order, BusinessId business, const Filled& filled, Sealed& personal,
                           std::string& fingerprint);
// Orders as CSV or XLSX, personal data masked, heads in the call's language; orders_table.cpp.
Expected<net::Response> order_table(const Service& service, const Call& call, const std::vector<OrderPtr>& orders,
                                    ReadForm form, const std::string& file);
// "000012-000014, 000020"; papers_resource.cpp.
std::string missing_text(const std::vector<NumberSpan>& missing);
std::optional<PromiseKind> promise_of(std::string_view name);

}  // namespace tingan::api
