// What happens to orders, numbers and the entering afterwards, as timeline entries with a sentence each.
#include <algorithm>

#include "codec/record_json.h"
#include "core/acceptance/decide.h"
#include "core/acceptance/evolve.h"
#include "sim/scenario/flatten.h"

namespace tingan::scenario {
namespace {

Text say_promise(PromiseKind kind) {
  static const Text kTexts[] = {
      {"办好", "to have it done"}, {"再来办理", "to come again"}, {"上门", "a home visit"}, {"回电", "a call back"}};
  return kTexts[static_cast<std::size_t>(kind)];
}

// The roles in which these people were told, among those whom a promise's clocks call.
std::vector<RoleId> roles_of(const Directory& directory, const std::vector<PersonId>& people) {
  std::vector<RoleId> out;
  for (const char* name : {"shift-leader", "duty-manager", "hall-director"}) {
    const RoleId role(name);
    const bool held = std::any_of(people.begin(), people.end(), [&](PersonId id) {
      const Person* person = directory.person(id);
      return person != nullptr && std::find(person->roles.begin(), person->roles.end(), role) != person->roles.end();
    });
    if (held) out.push_back(role);
  }
  return out;
}

struct Teller {
  const Directory& directory;
  UnitId unit;
  Entry& entry;

  Text operator()(const OrderTaken& e) const {
    const std::string number = order_number(unit, e.number);
    const bool callback = e.kind == OrderKind::callback;
    entry.due = e.promise_due;
    return {fmt::format("{} {}（{}）", callback ? "登记回访" : "预受理", number, e.business.str()),
            fmt::format("{} {} ({})", callback ? "callback noted:" : "order taken by hand:", number, e.business.str())};
  }
  Text operator()(const OrderRepaired&) const { return {"已修正，重新待补录", "repaired, waits to be entered again"}; }
  Text operator()(const OrderSent&) const { return {"发往业务系统", "sent to the back office"}; }
  Text operator()(const OutcomeUnknown& e) const {
    entry.code = e.why;
    return {"结果不明，先查询", "outcome unknown: it is asked about first"};
  }
  Text operator()(const OutcomeAbsent&) const { return {"查无此单，可以再发", "not there: it may go out again"}; }
  Text operator()(const OrderEntered& e) const {
    if (e.via == EnteredVia::call) return {"已回电办理", "called back and done"};
    if (e.reference.empty()) return {"已人工录入", "entered by hand"};
    return {"已录入，单号 " + e.reference, "entered as " + e.reference};
  }
  Text operator()(const OrderRejected& e) const {
    entry.code = e.code;
    return {"不予办理：" + e.code, "rejected: " + e.code};
  }
  Text operator()(const OrderSetAside& e) const {
    entry.code = e.code;
    return {"已搁置，待修正：" + e.code, "set aside for repair: " + e.code};
  }
  Text operator()(const OrderLeftToPerson& e) const {
    entry.code = e.code;
    return {"转人工：" + e.code, "left to a person: " + e.code};
  }
  Text operator()(const OrderHandedBack&) const { return {"已退还客户", "handed back to the customer"}; }
  Text operator()(const PromiseMade& e) const {
    entry.due = e.due;
    const Text what = say_promise(e.promise);
    return {"答应客户：" + what.zh, "promised: " + what.en};
  }
  Text operator()(const PromiseAtRisk& e) const {
    told(e.told, e.due);
    return {"答应客户的时间快到了", "a promise is about to break"};
  }
  Text operator()(const PromiseBroken& e) const {
    told(e.told, e.due);
    return {"没有兑现对客户的承诺", "a promise is broken"};
  }
  Text operator()(const PromiseSettled& e) const {
    return e.kept ? Text{"承诺已兑现", "the promise is kept"} : Text{"承诺不再有效", "the promise is released"};
  }
  Text operator()(const VisitAssigned& e) const {
    entry.people = {e.person};
    entry.due = e.due;
    return {"安排上门", "a home visit is assigned"};
  }
  Text operator()(const VisitMade&) const { return {"已上门", "the visit is made"}; }
  Text operator()(const CallTried& e) const {
    return e.reached ? Text{"已打通", "the customer was reached"} : Text{"没打通", "the customer was not reached"};
  }
  Text operator()(const PersonShown&) const { return {"查看了客户资料", "personal data was looked at"}; }
  Text operator()(const OrderErased&) const { return {"客户资料已删除", "personal data is erased"}; }
  Text operator()(const BlockGranted& e) const {
    return {fmt::format("设备 {} 领号 {}–{}", e.device, e.first, e.last),
            fmt::format("device {} holds the numbers {}-{}", e.device, e.first, e.last)};
  }
  Text operator()(const PackPrinted& e) const {
    return {fmt::format("印出第 {} 叠单据，号码 {}–{}", e.pack, e.first, e.last),
            fmt::format("pack {} printed, numbers {}-{}", e.pack, e.first, e.last)};
  }
  Text operator()(const NumbersVoided& e) const {
    return {fmt::format("作废号码 {}–{}", e.first, e.last), fmt::format("numbers {}-{} are void", e.first, e.last)};
  }
  Text operator()(const ReplayStarted& e) const {
    return {fmt::format("开始补录，共 {} 张", e.planned), fmt::format("entering begins: {} orders", e.planned)};
  }
  Text operator()(const ReplayPaced& e) const {
    return {fmt::format("补录速度每分钟 {} 张", e.rate_per_minute),
            fmt::format("entering goes at {} a minute", e.rate_per_minute)};
  }
  Text operator()(const ReplayPaused& e) const {
    entry.code = e.why;
    return {"补录暂停", "entering pauses"};
  }
  Text operator()(const ReplayResumed&) const { return {"补录继续", "entering goes on"}; }
  Text operator()(const ReplayFinished& e) const {
    return {fmt::format("补录结束：录入 {} 张，余 {} 张", e.entered, e.left),
            fmt::format("entering ends: {} entered, {} left", e.entered, e.left)};
  }

  void told(const std::vector<PersonId>& people, Instant due) const {
    entry.people = people;
    entry.to = roles_of(directory, people);
    entry.due = due;
  }
};

}  // namespace

void flatten_acceptance(const Record& record, const Directory& directory,
                        const std::function<std::string(OrderId)>& name, std::vector<Entry>& out) {
  for (const AnyEvent& any : record.events) {
    const auto* event = std::get_if<AcceptanceEvent>(&any);
    if (event == nullptr) continue;
    Entry entry{.at = record.time.at, .unit = record.unit, .planned = record.time.at, .by = record.by};
    entry.order = order_of(*event);
    entry.name = name(entry.order);
    entry.event = event_name(any);
    entry.text = std::visit(Teller{directory, record.unit, entry}, *event);
    out.push_back(std::move(entry));
  }
}

}  // namespace tingan::scenario
