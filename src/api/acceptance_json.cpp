#include "api/acceptance_json.h"

#include "codec/business_yaml.h"
#include "core/acceptance/decide.h"
#include "core/acceptance/order_life.h"

namespace tingan::api {
namespace {

template <std::size_t kCount, class Enum>
const char* name_in(const char* const (&names)[kCount], Enum value) {
  return names[static_cast<std::size_t>(value)];
}

constexpr const char* kPromiseStates[] = {"open", "kept", "broken", "released"};
constexpr const char* kVia[] = {"connector", "asked", "hand", "call"};
constexpr const char* kReplays[] = {"none", "running", "paused", "finished"};

void write_span(JsonOut& out, const NumberSpan& span) {
  out.begin_object();
  out.field("first", span.first);
  out.field("last", span.last);
  out.end_object();
}

void write_field(JsonOut& out, const BusinessField& field) {
  out.begin_object();
  out.field("id", field.id);
  out.field("title", field.title);
  out.field("kind", name_of(field.kind));
  out.field("required", field.required);
  out.field("masked", field.masked);
  if (field.pattern) out.field("pattern", *field.pattern);
  if (field.min) out.field("min", *field.min);
  if (field.max) out.field("max", *field.max);
  out.begin_array("choices");
  for (const FieldChoice& choice : field.choices) {
    out.begin_object();
    out.field("id", choice.id);
    out.field("title", choice.title);
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

// What an event says beside its order, for screens that follow the stream; sealed parts stay out.
struct EventFields {
  JsonOut& out;
  Zone zone;

  void say(const Text& text) { out.field("text", text); }
  void operator()(const OrderTaken& e) {
    out.field("number", e.number);
    out.field("kind", e.kind == OrderKind::callback ? "callback" : "order");
    out.field("business", e.business.str());
    out.time("promise_due", e.promise_due, zone);
    say(e.kind == OrderKind::callback ? Text{"登记回访", "A callback is noted"}
                                      : Text{"受理一张预受理单", "An order is taken"});
  }
  void operator()(const OrderRepaired&) { say({"修正了预受理单", "The order is repaired"}); }
  void operator()(const OrderSent& e) {
    out.field("attempt", e.attempt);
    say({"已发往业务系统", "Sent to the business system"});
  }
  void operator()(const OutcomeUnknown& e) {
    out.field("why", e.why);
    say({"结果不明，正在询问", "The outcome is unknown; it is being asked"});
  }
  void operator()(const OutcomeAbsent&) {
    say({"业务系统没有此单，重新排队", "The business system does not have it; it waits again"});
  }
  void operator()(const OrderEntered& e) {
    out.field("via", name_in(kVia, e.via));
    out.string_or_null("reference", e.reference);
    say({"已录入业务系统", "Entered into the business system"});
  }
  void operator()(const OrderRejected& e) { coded(e.code, {"已拒绝", "Rejected"}); }
  void operator()(const OrderSetAside& e) { coded(e.code, {"已搁置，待修正", "Set aside for repair"}); }
  void operator()(const OrderLeftToPerson& e) { coded(e.code, {"转人工录入", "Left to a person"}); }
  void operator()(const OrderHandedBack&) { say({"已退还客户", "Handed back to the customer"}); }
  void coded(const std::string& code, const Text& text) {
    out.field("code", code);
    say(text);
  }
  void operator()(const PromiseMade& e) { due(e.due, {"有了新的承诺时间", "A new promise is made"}); }
  void operator()(const PromiseAtRisk& e) {
    out.field("level", e.level);
    out.ids("told", e.told);
    due(e.due, {"承诺快到时间", "A promise is about to break"});
  }
  void operator()(const PromiseBroken& e) {
    out.ids("told", e.told);
    due(e.due, {"承诺未能兑现", "A promise is broken"});
  }
  void operator()(const PromiseSettled& e) {
    out.field("kept", e.kept);
    say(e.kept ? Text{"承诺已兑现", "The promise is kept"} : Text{"承诺已解除", "The promise no longer stands"});
  }
  void due(Instant at, const Text& text) {
    out.time("due", at, zone);
    say(text);
  }
  void operator()(const VisitAssigned& e) {
    out.field("person", e.person.str());
    due(e.due, {"安排上门", "A home visit is assigned"});
  }
  void operator()(const VisitMade&) { say({"已上门", "The visit was made"}); }
  void operator()(const CallTried& e) {
    out.field("reached", e.reached);
    say(e.reached ? Text{"已回访客户", "The customer was called back"}
                  : Text{"回访未接通", "The customer was not reached"});
  }
  void operator()(const PersonShown&) { say({"查看了客户资料", "The customer's data was looked at"}); }
  void operator()(const OrderErased&) { say({"客户资料已到期删除", "The customer's data is erased"}); }
  void operator()(const BlockGranted& e) {
    out.field("device", e.device);
    numbers(e.first, e.last, {"发放号段", "A block of numbers is granted"});
  }
  void operator()(const PackPrinted& e) {
    out.field("pack", e.pack);
    numbers(e.first, e.last, {"打印空白单", "A pack of blank forms is printed"});
  }
  void operator()(const NumbersVoided& e) { numbers(e.first, e.last, {"号码作废", "Numbers are void"}); }
  void numbers(std::uint32_t first, std::uint32_t last, const Text& text) {
    out.field("first", first);
    out.field("last", last);
    say(text);
  }
  void operator()(const ReplayStarted& e) {
    out.field("planned", e.planned);
    say({"开始补录", "Entering starts"});
  }
  void operator()(const ReplayPaced& e) {
    out.field("rate_per_minute", e.rate_per_minute);
    say({"调整补录速度", "The pace of entering is changed"});
  }
  void operator()(const ReplayPaused& e) {
    out.field("why", e.why);
    say({"补录暂停", "Entering is paused"});
  }
  void operator()(const ReplayResumed&) { say({"补录继续", "Entering goes on"}); }
  void operator()(const ReplayFinished& e) {
    out.field("entered", e.entered);
    out.field("left", e.left);
    say({"补录结束", "Entering is finished"});
  }
};

void write_order_rows(JsonOut& out, std::string_view key, const std::vector<OrderPtr>& orders,
                      const Directory& directory, Instant now, const OpenWords& open) {
  constexpr std::size_t kMost = 200;
  out.begin_array(key);
  for (std::size_t i = 0; i < std::min(orders.size(), kMost); ++i) write_order(out, *orders[i], directory, now, open);
  out.end_array();
}

}  // namespace

const char* name_of(PromiseStatus status) { return name_in(kPromiseStates, status); }

void write_business_type(JsonOut& out, const BusinessType& type) {
  out.begin_object();
  out.field("id", type.id.str());
  out.field("title", type.title);
  out.field("pre_acceptable", type.pre_acceptable);
  out.begin_array("fields");
  for (const BusinessField& field : type.fields) write_field(out, field);
  out.end_array();
  out.begin_array("documents");
  for (const NeededDocument& document : type.documents) {
    out.begin_object();
    out.field("id", document.id);
    out.field("title", document.title);
    out.field("required", document.required);
    out.end_object();
  }
  out.end_array();
  out.string_or_null("amount_field", type.amount_field.value_or(""));
  out.field("cap_item_fen", type.cap_item_fen);
  out.field("cap_total_fen", type.cap_total_fen);
  out.field("handling_s", type.handling.count() / 1000);
  out.begin_array("steps");
  for (const Text& step : type.steps) out.item(step);
  out.end_array();
  out.field("keep_days", type.keep_days);
  out.string_or_null("connector", type.connector);
  out.field("promise", name_of(type.promise));
  out.field("promise_within_s", type.promise_within.count() / 1000);
  out.end_object();
}

void write_order(JsonOut& out, const OrderState& order, const Directory& directory, Instant now,
                 const OpenWords& open) {
  const auto words = [&](const Sealed& sealed) { return open ? open(sealed) : std::string(); };
  const Zone zone = directory.zone();
  out.begin_object();
  out.field("id", to_string(order.id));
  out.field("unit", order.unit.str());
  out.field("number", order_number(order.unit, order.number));
  out.field("n", order.number);
  out.field("kind", order.kind == OrderKind::callback ? "callback" : "order");
  out.field("business", order.business.str());
  out.string_or_null("incident", order.incident.none() ? "" : to_string(order.incident));
  out.field("drill", order.drill);
  out.field("state", name_of(order.status));
  out.field("state_text", say(order.status));
  out.string_or_null("code", order.code);
  out.string_or_null("reference", order.typed.empty() ? order.reference : words(order.typed));
  out.field("attempts", order.attempts);
  out.field("amount_fen", order.amount_fen);
  out.string_or_null("device", order.device);
  out.field("pack", order.pack);
  out.time("taken", order.taken_at, zone);
  out.time("received", order.received_at, zone);
  out.field("taken_by", order.taken_by.person.str());
  out.time("moved", order.moved_at, zone);
  out.begin_object("promise");
  out.field("kind", name_of(order.promise));
  out.field("state", name_of(order.promise_status));
  out.time("due", order.promise_due, zone);
  out.field("warned", order.promise_level);
  out.field("late", order.promise_status == PromiseStatus::open && order.promise_due < now);
  out.end_object();
  out.string_or_null("district", words(order.district));
  out.string_or_null("visitor", order.visitor.str());
  out.time("visit_due", order.visit_due, zone);
  out.time("visited", order.visited_at, zone);
  out.field("calls", order.calls);
  out.string_or_null("twin", order.twin.none() ? "" : to_string(order.twin));
  out.begin_array("doubts");
  for (const std::string& doubt : order.doubts) out.item(doubt);
  out.end_array();
  out.begin_array("photos");
  for (const std::string& photo : order.photos) out.item(photo);
  out.end_array();
  out.field("erased", order.erased);
  out.time("erase_at", order.erase_at, zone);
  out.end_object();
}

void write_personal(JsonOut& out, const PersonalView& view) {
  const Filled& filled = view.filled;
  out.begin_object("personal");
  out.field("masked", view.masked);
  out.field("name", view.masked ? mask_name(filled.name) : filled.name);
  out.field("mobile", view.masked ? mask(FieldKind::mobile, filled.mobile) : filled.mobile);
  out.begin_object("fields");
  for (const auto& [id, value] : filled.fields) {
    const BusinessField* known = nullptr;
    if (view.type != nullptr) {
      for (const BusinessField& field : view.type->fields) known = field.id == id ? &field : known;
    }
    const bool hide = view.masked && (known == nullptr || known->masked);
    out.field(id, hide ? mask(known == nullptr ? FieldKind::text : known->kind, value) : value);
  }
  out.end_object();
  out.begin_array("documents");
  for (const std::string& document : filled.documents) out.item(document);
  out.end_array();
  out.field("signed", !filled.signature.empty());
  if (!view.masked) out.string_or_null("signature", filled.signature);
  out.end_object();
}

std::string personal_json(const Filled& filled) {
  JsonOut out;
  out.begin_object();
  out.field("name", filled.name);
  out.field("mobile", filled.mobile);
  out.begin_object("fields");
  for (const auto& [id, value] : filled.fields) out.field(id, value);
  out.end_object();
  out.begin_array("documents");
  for (const std::string& document : filled.documents) out.item(document);
  out.end_array();
  out.field("signature", filled.signature);
  out.end_object();
  return out.take();
}

std::optional<Filled> parse_personal(std::string_view text) {
  const auto json = parse_json(text);
  if (!json) return std::nullopt;
  Filled filled;
  const auto word = [&](const char* key) {
    const JsonValue* value = json->find(key);
    const auto* found = value == nullptr ? nullptr : value->as<std::string>();
    return found == nullptr ? std::string() : *found;
  };
  filled.name = word("name");
  filled.mobile = word("mobile");
  filled.signature = word("signature");
  if (const JsonValue* fields = json->find("fields"); fields != nullptr && fields->as<JsonValue::Object>() != nullptr) {
    for (const auto& [id, value] : *fields->as<JsonValue::Object>()) {
      if (const auto* said = value.as<std::string>()) filled.fields[id] = *said;
    }
  }
  if (const JsonValue* all = json->find("documents"); all != nullptr && all->as<JsonValue::Array>() != nullptr) {
    for (const JsonValue& one : *all->as<JsonValue::Array>()) {
      if (const auto* said = one.as<std::string>()) filled.documents.push_back(*said);
    }
  }
  return filled;
}

void write_acceptance_event(JsonOut& out, const AcceptanceEvent& event, Zone zone) {
  std::visit(
      [&](const auto& e) {
        if constexpr (requires { e.order; }) out.field("order", to_string(e.order));
      },
      event);
  std::visit(EventFields{out, zone}, event);
}

void write_tally(JsonOut& out, std::string_view key, const Tally& tally) {
  out.begin_object(key);
  out.field("taken", tally.taken);
  out.field("entered", tally.entered);
  out.field("rejected", tally.rejected);
  out.field("handed_back", tally.handed_back);
  out.field("waiting", tally.waiting);
  out.field("unknown", tally.unknown);
  out.field("set_aside", tally.set_aside);
  out.field("by_hand", tally.by_hand);
  out.field("balances", tally.balances());
  out.end_object();
}

void write_reconciliation(JsonOut& out, const Reconciliation& found, const AcceptanceHall& hall,
                          const Directory& directory, Instant now, const OpenWords& open) {
  out.field("unit", hall.unit.str());
  out.field("reconciled", found.reconciled());
  write_tally(out, "all", found.all);
  write_tally(out, "callbacks", found.callbacks);
  out.begin_object("reasons");
  for (const auto& [code, count] : found.reasons) out.field(code, count);
  out.end_object();
  out.begin_array("blocks");
  for (const BlockTally& block : found.blocks) {
    out.begin_object();
    out.string_or_null("device", block.block.device);
    out.field("pack", block.block.pack);
    out.field("first", block.block.first);
    out.field("last", block.block.last);
    write_tally(out, "tally", block.tally);
    out.field("voided", block.voided);
    out.field("unused", block.unused);
    out.begin_array("missing");
    for (const NumberSpan& span : block.missing) write_span(out, span);
    out.end_array();
    out.end_object();
  }
  out.end_array();
  out.begin_object("promises");
  out.field("open", found.promises_open);
  out.field("kept", found.promises_kept);
  out.field("broken", found.promises_broken);
  out.end_object();
  out.begin_array("named_twice");
  for (const auto& [named, numbers] : found.named_twice) {
    out.begin_object();
    out.field("connector", named.first);
    out.field("reference", named.second);
    out.begin_array("numbers");
    for (const std::uint32_t number : numbers) out.item(order_number(hall.unit, number));
    out.end_array();
    out.end_object();
  }
  out.end_array();
  write_order_rows(out, "broken", found.broken, directory, now, open);
  write_order_rows(out, "waiting", found.waiting, directory, now, open);
}

void write_replay(JsonOut& out, const ReplayState& replay, Zone zone) {
  out.field("replay", replay.id);
  out.field("state", name_in(kReplays, replay.status));
  out.string_or_null("why", replay.why);
  out.field("planned", replay.planned);
  out.field("rate_per_minute", replay.rate_per_minute);
  if (replay.status == ReplayStatus::none) return;
  out.time("started", replay.started_at, zone);
  out.time("finished", replay.finished_at, zone);
  out.field("by", replay.by.person.str());
}

}  // namespace tingan::api
