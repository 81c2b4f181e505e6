#include "runtime/outbox/promises.h"

#include "core/acceptance/clocks.h"
#include "core/acceptance/decide.h"
#include "core/incident/placeholders.h"
#include "runtime/outbox/lines.h"

namespace tingan::outbox {
namespace {

const std::vector<RoleId>& leaders() {
  static const std::vector<RoleId> roles = {RoleId("shift-leader"), RoleId("duty-manager"), RoleId("hall-director")};
  return roles;
}

// The first warning goes to the shift leader alone (core/acceptance/promises.cpp).
std::vector<RoleId> roles_of(std::uint32_t stage, PersonId person, const Directory& directory) {
  if (stage == 1) return {leaders().front()};
  std::vector<RoleId> out;
  const Person* known = directory.person(person);
  for (const RoleId role : leaders()) {
    if (known != nullptr && std::find(known->roles.begin(), known->roles.end(), role) != known->roles.end()) {
      out.push_back(role);
    }
  }
  return out.empty() ? leaders() : out;
}

std::uint32_t stage_of(const OrderState& order) {
  return order.promise_status == PromiseStatus::broken ? kBrokenStage : static_cast<std::uint32_t>(order.promise_level);
}

const char* what_was_promised(PromiseKind promise, bool english) {
  switch (promise) {
    case PromiseKind::done:
      return english ? "to have it done" : "办好";
    case PromiseKind::come_again:
      return english ? "that the customer can come again" : "可以再来办";
    case PromiseKind::home_visit:
      return english ? "to visit the customer" : "上门";
    case PromiseKind::call_back:
      return english ? "to call the customer back" : "回电话";
  }
  return "";
}

Text line_of(const OrderState& order, Zone zone) {
  const std::string number = order_number(order.unit, order.number);
  const std::string time = clock_time(order.promise_due, zone);
  const std::string zh = what_was_promised(order.promise, false);
  const std::string en = what_was_promised(order.promise, true);
  if (order.promise_status == PromiseStatus::broken) {
    return {fmt::format("单号 {} 没有兑现：答应客户{}前{}。请马上联系客户说明，并另约时间", number, time, zh),
            fmt::format("{}: the promise {} by {} is broken. Call the customer at once and agree on another time",
                        number, en, time)};
  }
  return {fmt::format("单号 {} 快到时间：答应客户{}前{}。请抓紧办理，办不到就先告诉客户", number, time, zh),
          fmt::format("{}: we promised {} by {}. Please see to it, or tell the customer beforehand", number, en, time)};
}

}  // namespace

std::string promise_key(const OrderState& order, std::uint32_t stage, PersonId person, ChannelId channel) {
  return fmt::format("{} {} {} {} {}", to_string(order.id), to_millis(order.promise_due), stage, person.str(),
                     channel.str());
}

Moment promise_moment(const OrderState& order, std::uint32_t stage, const std::vector<PersonId>& told,
                      const Directory& directory) {
  Moment moment;
  moment.about.bytes = order.id.bytes;
  moment.promise = true;
  moment.unit = order.unit;
  moment.drill = order.drill;
  moment.severity = stage == 1 ? Severity::minor : Severity::major;
  for (const PersonId person : told) {
    const std::vector<RoleId> roles = roles_of(stage, person, directory);
    moment.people.push_back({{stage, 0, person, roles.front()}, roles, {}});
  }
  return moment;
}

Moment unfinished(const OrderState& order, const Directory& directory, Instant now) {
  const std::uint32_t stage = stage_of(order);
  const bool open = order.promise_status == PromiseStatus::open || order.promise_status == PromiseStatus::broken;
  if (!open || stage == 0) return {};
  const Instant due = promise_clock(order, static_cast<int>(stage));
  if (due + kPromiseWindow < now) return {};
  std::vector<PersonId> told;
  for (const RoleId role : leaders()) {
    if (stage == 1 && role != leaders().front()) continue;
    for (const PersonId person : directory.who(order.unit, role, due).people) {
      if (std::find(told.begin(), told.end(), person) == told.end()) told.push_back(person);
    }
  }
  return promise_moment(order, stage, told, directory);
}

bool is_worth_telling(const OrderState& order, const Piece& piece) {
  if (order.promise_status == PromiseStatus::broken) return piece.n <= kBrokenStage;
  return order.promise_status == PromiseStatus::open && piece.n <= static_cast<std::uint32_t>(order.promise_level);
}

std::optional<OutgoingNotice> compose(const Message& message, const OrderState& order, const Directory& directory,
                                      const Audience& audience, std::vector<Piece>& told) {
  told.clear();
  for (const Piece& piece : message.pieces) {
    if (is_worth_telling(order, piece)) told.push_back(piece);
  }
  if (told.empty()) return std::nullopt;
  const std::uint32_t stage =
      std::max_element(told.begin(), told.end(), [](const Piece& a, const Piece& b) { return a.n < b.n; })->n;
  OutgoingNotice out;
  out.id = fmt::format("{}.{}", to_string(order.id), stage);
  out.incident = order.incident;
  out.unit = order.unit;
  const Unit* unit = directory.unit(order.unit);
  out.unit_name = unit == nullptr || unit->name.empty() ? Text{order.unit.str(), order.unit.str()} : unit->name;
  out.incident_title = order.promise_status == PromiseStatus::broken
                           ? Text{"承诺没有兑现", "A promise is broken"}
                           : Text{"承诺快到时间", "A promise is about to break"};
  out.drill = order.drill;
  out.severity = stage == 1 ? "minor" : "major";
  out.link = "/orders/" + to_string(order.id);
  out.queued = promise_clock(order, static_cast<int>(std::min(stage, kBrokenStage)));
  out.due = order.promise_due;
  out.role = told.front().role;
  const Text line = line_of(order, directory.zone());
  out.lines = {line};
  out.headline = {out.unit_name.zh + " " + out.incident_title.zh + "：" + line.zh,
                  out.incident_title.en + " at " + out.unit_name.en + ": " + line.en};
  std::vector<PersonId> seen;
  for (const Piece& piece : told) {
    if (std::find(seen.begin(), seen.end(), piece.person) != seen.end()) continue;
    seen.push_back(piece.person);
    if (seen.size() == 1) {
      out.to = recipient_of(piece.person, directory);
    } else if (audience.group) {
      out.others.push_back(recipient_of(piece.person, directory));
    }
  }
  return out;
}

}  // namespace tingan::outbox
