#include <algorithm>
#include <set>

#include "codec/business_yaml.h"
#include "core/acceptance/order_life.h"
#include "core/acceptance/reconcile.h"
#include "sim/scenario/judge.h"

namespace tingan::scenario {
namespace {

std::string show(bool value) { return value ? "true" : "false"; }
std::string show(int value) { return fmt::format("{}", value); }
std::string show(std::uint32_t value) { return fmt::format("{}", value); }
std::string show(const std::string& value) { return value.empty() ? "-" : value; }
std::string show(Duration value) { return format_duration(std::max(value, Duration{0})); }
std::string show(OrderStatus value) { return name_of(value); }
std::string show(PromiseStatus value) { return word_of(value); }
std::string show(PromiseKind value) { return name_of(value); }
std::string show(ReplayStatus value) { return word_of(value); }
std::string show(const std::vector<std::uint32_t>& numbers) { return fmt::format("[{}]", fmt::join(numbers, ", ")); }

class AcceptanceJudge {
 public:
  AcceptanceJudge(const Stage& stage, const std::vector<Entry>& entries, Instant start)
      : stage_(stage), entries_(entries), start_(start) {}

  void order(const OrderDemand& demand) {
    about_ = demand.order;
    const OrderId id = stage_.order(demand.order);
    const OrderPtr found = stage_.node().order(id);
    if (found == nullptr) {
      unmet_.push_back({fmt::format("单“{}”没有受理", demand.order),
                        fmt::format("Expected an order '{}', but it was never taken", demand.order)});
      return;
    }
    compare("state", demand.state, found->status);
    compare("promise", demand.promise, found->promise_status);
    compare("promised", demand.promised, found->promise);
    compare("due", demand.due, found->promise_due - start_);
    compare("code", demand.code, found->code);
    compare("warned", demand.warned, found->promise_level);
    compare("number", demand.number, found->number);
    compare("in_office", demand.in_office, stage_.node().office().times(id));
    compare("erased", demand.erased, found->erased);
    if (demand.twin && found->twin != stage_.order(*demand.twin)) {
      unmet_.push_back(
          {fmt::format("{} 疑似重复的应是“{}”，实际不是", about_, show(*demand.twin)),
           fmt::format("Expected the suspected twin of {} to be '{}', but it is another", about_, show(*demand.twin))});
    }
    check_told(id, demand.told);
  }

  void hall(const HallDemand& demand) {
    about_ = demand.unit.str();
    IncidentId only;
    if (!demand.incident.empty()) {
      const IncidentPtr incident = stage_.find(demand.incident).incident;
      if (incident == nullptr) {
        unmet_.push_back({fmt::format("事件“{}”没有启动", demand.incident),
                          fmt::format("Expected an incident '{}', but it was never declared", demand.incident)});
        return;
      }
      only = incident->id;
    }
    const HallPtr hall = stage_.node().hall(demand.unit);
    const std::vector<OrderPtr> all = stage_.node().orders(demand.unit);
    const Reconciliation found = reconcile(*hall, all, only);
    compare("taken", demand.taken, found.all.taken);
    compare("entered", demand.entered, found.all.entered);
    compare("rejected", demand.rejected, found.all.rejected);
    compare("handed_back", demand.handed_back, found.all.handed_back);
    compare("waiting", demand.waiting, found.all.waiting);
    compare("set_aside", demand.set_aside, found.all.set_aside);
    compare("by_hand", demand.by_hand, found.all.by_hand);
    compare("callbacks", demand.callbacks, found.callbacks.taken);
    compare("kept", demand.kept, found.promises_kept);
    compare("broken", demand.broken, found.promises_broken);
    compare("balances", demand.balances, found.all.balances());
    compare("reconciled", demand.reconciled, found.reconciled());
    compare("replay", demand.replay, hall->replay.status);
    std::vector<std::uint32_t> missing;
    for (const BlockTally& block : found.blocks) {
      for (const NumberSpan& span : block.missing) {
        for (std::uint32_t n = span.first; n <= span.last; ++n) missing.push_back(n);
      }
    }
    compare("missing", demand.missing, missing);
    const auto rehearsed = rehearse_replay(all, 0, stage_.node().now());
    compare("would_go", demand.would_go, rehearsed.orders);
    compare("duplicates", demand.duplicates, rehearsed.duplicates);
  }

  std::vector<Text> take() { return std::move(unmet_); }

 private:
  template <class Value>
  void compare(const char* what, const std::optional<Value>& wanted, const Value& got) {
    if (!wanted || *wanted == got) return;
    unmet_.push_back({fmt::format("{} 的 {} 应为 {}，实际是 {}", about_, what, show(*wanted), show(got)),
                      fmt::format("Expected {} of {} to be {}, but it is {}", what, about_, show(*wanted), show(got))});
  }

  void check_told(OrderId id, const std::vector<RoleId>& wanted) {
    std::set<std::string> told;
    for (const Entry& entry : entries_) {
      if (entry.order != id) continue;
      for (const RoleId role : entry.to) told.insert(role.str());
    }
    for (const RoleId role : wanted) {
      if (told.contains(role.str())) continue;
      unmet_.push_back({fmt::format("{} 应提醒 {}，实际没有", about_, role.str()),
                        fmt::format("Expected the promise of {} to tell {}, but it did not", about_, role.str())});
    }
  }

  const Stage& stage_;
  const std::vector<Entry>& entries_;
  Instant start_;
  std::string about_;
  std::vector<Text> unmet_;
};

}  // namespace

std::vector<Text> judge_acceptance(const Expect& expect, const Stage& stage, const std::vector<Entry>& entries,
                                   Instant start) {
  AcceptanceJudge judge(stage, entries, start);
  if (expect.order) judge.order(*expect.order);
  if (expect.reconciliation) judge.hall(*expect.reconciliation);
  return judge.take();
}

}  // namespace tingan::scenario
