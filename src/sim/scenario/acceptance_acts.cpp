#include "sim/scenario/acceptance_acts.h"

#include "codec/json_writer.h"
#include "core/acceptance/decide.h"
#include "runtime/replay/replay_worker.h"

namespace tingan::scenario {
namespace {

using Kind = AcceptanceAct::Kind;

Error unknown(const char* code, const char* zh, const char* en, const std::string& word, const char* where) {
  return {
      code, {fmt::format("没有{}“{}”", zh, word), fmt::format("Expected a known {}, but got '{}'", en, word)}, where};
}

std::string personal_json(const Filled& filled) {
  JsonWriter out;
  const auto word = [&](std::string_view key, std::string_view text) {
    out.key(key);
    out.string(text);
    out.comma();
  };
  out.open('{');
  word("name", filled.name);
  word("mobile", filled.mobile);
  out.key("fields");
  out.open('{');
  for (const auto& [id, value] : filled.fields) word(id, value);
  out.close('}');
  out.comma();
  out.key("documents");
  out.open('[');
  for (const std::string& document : filled.documents) {
    out.string(document);
    out.comma();
  }
  out.close(']');
  out.comma();
  word("signature", filled.signature);
  out.close('}');
  return std::string(out.view());
}

}  // namespace

Expected<Refusal> AcceptanceActs::perform(const Action& action) {
  switch (action.acceptance.kind) {
    case Kind::order:
    case Kind::callback:
      return take(action);
    case Kind::back_office:
      return change_office(action.acceptance);
    case Kind::block:
    case Kind::pack:
    case Kind::void_numbers:
    case Kind::replay:
    case Kind::pause:
    case Kind::resume:
    case Kind::pace:
      return run_hall(action);
    default:
      return handle(action);
  }
}

Expected<Cast> AcceptanceActs::cast(const Action& action, UnitId unit, const char* otherwise) const {
  const Directory& directory = stage_.node().directory();
  const UnitId where = action.by && !action.by->unit.empty() ? action.by->unit : unit;
  if (directory.unit(unit) == nullptr)
    return tl::unexpected(unknown("unit.unknown", "单位", "unit", unit.str(), "unit"));
  Cast found = cast_for(directory, where, action.by ? action.by->role : RoleId(otherwise), stage_.node().now());
  if (!found.people.empty()) return found;
  return fail("roster.nobody", {"这时没有人担任", "Expected somebody to hold the role at this time, but nobody does"},
              "by");
}

Expected<Refusal> AcceptanceActs::submit(const Cast& who, UnitId unit, OrderId order, AcceptanceCommand command) {
  auto outcome = stage_.node().act({.person = who.people.front(),
                                    .preferred = who.role,
                                    .unit = unit,
                                    .order = order,
                                    .command = std::move(command)});
  if (!outcome) return tl::unexpected(outcome.error());
  return outcome->refused;
}

Expected<void> AcceptanceActs::seal_filled(OrderId id, BusinessId business, const Filled& filled, Sealed& personal,
                                           std::string& fingerprint) const {
  Sealer& sealer = stage_.node().sealer();
  auto sealed = sealer.seal(order_key(id), personal_json(filled));
  if (!sealed) return tl::unexpected(sealed.error());
  personal = std::move(*sealed);
  Filled what = filled;
  what.documents.clear();
  auto mark = sealer.fingerprint("acceptance:fingerprint", business.str() + "\n" + personal_json(what));
  if (!mark) return tl::unexpected(mark.error());
  fingerprint = std::move(*mark);
  return {};
}

Expected<TakeOrder> AcceptanceActs::taking(const AcceptanceAct& act, BusinessTypePtr type, OrderId id) const {
  const bool is_order = act.kind == Kind::order;
  TakeOrder command{.business = type, .kind = is_order ? OrderKind::order : OrderKind::callback};
  command.number = act.number;
  command.device = act.device;
  command.pack = act.pack;
  if (!act.incident.empty()) {
    const IncidentPtr incident = stage_.find(act.incident).incident;
    if (incident == nullptr || incident->unit != act.unit) {
      return tl::unexpected(
          unknown("order.unknown-incident", "本厅的事件", "incident of the hall", act.incident, "incident"));
    }
    command.incident = incident->id;
    command.drill = incident->drill;
  }
  command.handed_over = act.taken.has_value();
  if (act.taken) command.taken_at = start_ + *act.taken;
  command.amount_fen = is_order ? amount_of(*type, act.filled) : 0;
  command.promise = act.promise;
  if (act.due) command.promise_due = start_ + *act.due;
  auto district = stage_.node().sealer().seal(order_key(id), act.district);
  if (!district) return tl::unexpected(district.error());
  command.district = std::move(*district);
  const Zone zone = stage_.node().directory().zone();
  for (const Error& error : check_filled(*type, act.filled, zone, stage_.node().now())) {
    // A callback needs to know whom to call.
    if (!is_order && error.where != "name" && error.where != "mobile") continue;
    if (!command.handed_over) return tl::unexpected(error);
    command.doubts.push_back(error.code + ":" + error.where);
  }
  if (auto sealed = seal_filled(id, type->id, act.filled, command.personal, command.fingerprint); !sealed) {
    return tl::unexpected(sealed.error());
  }
  return command;
}

// The same name again: the device hands the same order over once more.
Expected<Refusal> AcceptanceActs::take(const Action& action) {
  const AcceptanceAct& act = action.acceptance;
  const auto who = cast(action, act.unit, "clerk");
  if (!who) return Refusal(who.error());
  const BusinessTypePtr type = stage_.node().business(act.business);
  if (type == nullptr) {
    return Refusal(unknown("business.unknown", "业务", "business type", act.business.str(), "business"));
  }
  OrderId id = stage_.order(act.order);
  if (id.none()) {
    id.bytes = stage_.node().new_id().bytes;
    stage_.put(act.order, id);
    timeline_.name(id, act.order);
  }
  auto command = taking(act, type, id);
  if (!command) return Refusal(command.error());
  return submit(*who, act.unit, id, OrderCommand(std::move(*command)));
}

Expected<OrderCommand> AcceptanceActs::repairing(const AcceptanceAct& act, const OrderState& order,
                                                 Sealed words) const {
  const BusinessTypePtr type = stage_.node().business(order.business);
  if (type == nullptr) return fail("business.unknown", {"没有这种业务", "Expected a known business type"}, "business");
  const auto wrong = check_filled(*type, act.filled, stage_.node().directory().zone(), stage_.node().now());
  if (!wrong.empty()) return tl::unexpected(wrong.front());
  RepairOrder command{.amount_fen = amount_of(*type, act.filled), .reason = std::move(words)};
  auto sealed = seal_filled(order.id, order.business, act.filled, command.personal, command.fingerprint);
  if (!sealed) return tl::unexpected(sealed.error());
  return command;
}

Expected<OrderCommand> AcceptanceActs::handling(const AcceptanceAct& act, const OrderState& order, UnitId unit) const {
  Sealed words;
  if (!act.words.empty()) {
    auto sealed = stage_.node().sealer().seal(order_key(order.id), act.words);
    if (!sealed) return tl::unexpected(sealed.error());
    words = std::move(*sealed);
  }
  const Instant due = start_ + act.due.value_or(Duration{0});
  switch (act.kind) {
    case Kind::enter: {
      auto typed = stage_.node().sealer().seal_alike(order_key(order.id), act.reference);
      if (!typed) return tl::unexpected(typed.error());
      return EnterOrder{EnteredVia::hand, {}, std::move(*typed)};
    }
    case Kind::reject:
      return RejectOrder{act.code, words};
    case Kind::repair:
      return repairing(act, order, words);
    case Kind::hand_back:
      return HandOrderBack{words};
    case Kind::promise:
      return MakePromise{act.promise.value_or(PromiseKind::done), due};
    case Kind::visited:
      return NoteVisit{words};
    case Kind::call:
      return NoteCall{act.reached, words};
    default: {
      const Cast visitor = cast_for(stage_.node().directory(), unit, act.visitor, stage_.node().now());
      return AssignVisit{visitor.people.empty() ? PersonId("nobody") : visitor.people.front(), due};
    }
  }
}

Expected<Refusal> AcceptanceActs::handle(const Action& action) {
  const AcceptanceAct& act = action.acceptance;
  const OrderPtr order = stage_.node().order(stage_.order(act.order));
  if (order == nullptr) return Refusal(unknown("order.not-found", "单", "order", act.order, "order"));
  const auto who = cast(action, order->unit, "clerk");
  if (!who) return Refusal(who.error());
  auto command = handling(act, *order, order->unit);
  if (!command) return Refusal(command.error());
  return submit(*who, order->unit, order->id, std::move(*command));
}

Expected<HallCommand> AcceptanceActs::hall_command(const AcceptanceAct& act) const {
  switch (act.kind) {
    case Kind::block:
      return GrantBlock{act.device, act.size};
    case Kind::pack:
      return PrintPack{act.business, act.size};
    case Kind::void_numbers: {
      auto words = stage_.node().sealer().seal("unit:" + act.unit.str(), act.words);
      if (!words) return tl::unexpected(words.error());
      return VoidNumbers{act.first, act.last, std::move(*words)};
    }
    case Kind::replay:
      return StartReplay{act.rate_per_minute};
    case Kind::pace:
      return PaceReplay{act.rate_per_minute};
    case Kind::pause:
      return PauseReplay{act.words};
    default:
      return ResumeReplay{};
  }
}

Expected<Refusal> AcceptanceActs::run_hall(const Action& action) {
  const AcceptanceAct& act = action.acceptance;
  const bool clerk = act.kind == Kind::block || act.kind == Kind::pack;
  const auto who = cast(action, act.unit, clerk ? "clerk" : "hall-director");
  if (!who) return Refusal(who.error());
  auto command = hall_command(act);
  if (!command) return Refusal(command.error());
  return submit(*who, act.unit, {}, std::move(*command));
}

Refusal AcceptanceActs::change_office(const AcceptanceAct& act) {
  constexpr int kAlways = 1000;
  VirtualOffice& office = stage_.node().office();
  sim::OfficeTemper temper = office.temper();
  temper.down = act.down.value_or(temper.down);
  if (act.busy) temper.busy = *act.busy ? kAlways : 0;
  if (act.refuses) temper.refuse = *act.refuses ? kAlways : 0;
  temper.heeds_keys = act.heeds_keys.value_or(temper.heeds_keys);
  temper.refuses_twins = act.refuses_twins.value_or(temper.refuses_twins);
  if (!act.loses.empty()) {
    temper.lose_request = act.loses == "requests" ? kAlways : 0;
    temper.lose_answer = act.loses == "answers" ? kAlways : 0;
  }
  if (act.slow) temper.slow_least = temper.slow_most = *act.slow;
  office.become(temper, act.can_ask.value_or(office.can_be_asked()));
  return std::nullopt;
}

}  // namespace tingan::scenario
