#include "sim/scenario/judge.h"

#include <algorithm>
#include <set>

#include "sim/scenario/flatten.h"

namespace tingan::scenario {
namespace {

const char* word(IncidentStatus status) {
  switch (status) {
    case IncidentStatus::open:
      return "open";
    case IncidentStatus::contained:
      return "contained";
    case IncidentStatus::closed:
      return "closed";
    case IncidentStatus::retracted:
      return "retracted";
  }
  return "";
}

const char* yes_no(bool value) { return value ? "true" : "false"; }

std::string join(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& one : words) out += (out.empty() ? "" : ", ") + one;
  return out.empty() ? "-" : out;
}

class Judge {
 public:
  Judge(const Expect& expect, const Stage& stage, const std::vector<Entry>& entries, Instant start)
      : expect_(expect), entries_(entries), start_(start), incident_(stage.find(expect.incident).incident) {
    if (incident_ != nullptr) incidents_ = stage.with_parent(incident_);
    about_ = expect.clause.empty() ? expect.step.str() : expect.clause.str();
  }

  std::vector<Text> run(const Stage& stage) {
    if (incident_ == nullptr) {
      unmet({fmt::format("事件“{}”没有启动", expect_.incident),
             fmt::format("Expected an incident '{}', but it was never declared", expect_.incident)});
      return std::move(unmet_);
    }
    check_state(stage);
    check_parts();
    check_firing();
    return std::move(unmet_);
  }

 private:
  void unmet(Text text) { unmet_.push_back(std::move(text)); }

  void compare(const char* what, const std::optional<bool>& wanted, bool got) {
    if (!wanted || *wanted == got) return;
    unmet({fmt::format("{} 应为 {}，实际是 {}", what, yes_no(*wanted), yes_no(got)),
           fmt::format("Expected {} to be {}, but it is {}", what, yes_no(*wanted), yes_no(got))});
  }

  void check_state(const Stage& stage) {
    // A contained incident is still an open one; the other states are exact.
    const bool still_open = expect_.state == IncidentStatus::open && incident_->status == IncidentStatus::contained;
    if (expect_.state && *expect_.state != incident_->status && !still_open) {
      unmet({fmt::format("状态应为 {}，实际是 {}", word(*expect_.state), word(incident_->status)),
             fmt::format("Expected the state {}, but it is {}", word(*expect_.state), word(incident_->status))});
    }
    compare("silent", expect_.silent, incident_->silent);
    compare("drill", expect_.drill, incident_->drill);
    if (expect_.chained.empty()) return;
    std::set<std::string> started;
    for (const ChainLink& link : incident_->chains) {
      if (const IncidentPtr other = stage.node().find(link.started)) started.insert(other->plan_id.str());
    }
    if (started.contains(expect_.chained.str())) return;
    unmet({fmt::format("应已启动预案“{}”，实际启动的：{}", expect_.chained.str(), join(started)),
           fmt::format("Expected it to have started plan '{}', but it started: {}", expect_.chained.str(),
                       join(started))});
  }

  bool wanted_step(const IncidentState& one, const Step& step) const {
    if (step.of_parent != one.parent_role) return false;
    return expect_.clause.empty() ? step.id == expect_.step : carries(*one.plan, step.clauses, expect_.clause);
  }

  void check_parts() {
    bool open = false;
    bool prohibited = false;
    for (const IncidentPtr& one : incidents_) {
      for (std::size_t i = 0; i < one->steps.size(); ++i) {
        const StepStatus status = one->steps[i].status;
        const bool active = status == StepStatus::open || status == StepStatus::started;
        open = open || (active && is_running(*one) && wanted_step(*one, one->plan->steps[i]));
      }
      for (std::size_t i = 0; i < one->prohibitions_on.size(); ++i) {
        const bool on = one->prohibitions_on[i] && is_running(*one);
        prohibited = prohibited || (on && carries(*one->plan, one->plan->prohibitions[i].clauses, expect_.clause));
      }
    }
    if (expect_.open && *expect_.open != open) {
      unmet({fmt::format("{} {}", about_, open ? "还有待办的步骤，应当没有" : "应有待办的步骤，实际没有"),
             fmt::format("Expected {} of {}, but there is {}", *expect_.open ? "an open step" : "no open step", about_,
                         open ? "one" : "none")});
    }
    if (expect_.prohibited && *expect_.prohibited != prohibited) {
      unmet({fmt::format("{} {}", about_, prohibited ? "有严禁事项，应当没有" : "应有严禁事项，实际没有"),
             fmt::format("Expected {} of {}, but there is {}", *expect_.prohibited ? "a prohibition" : "no prohibition",
                         about_, prohibited ? "one" : "none")});
    }
  }

  static bool is_running(const IncidentState& one) {
    return one.status == IncidentStatus::open || one.status == IncidentStatus::contained;
  }

  std::vector<const Entry*> firings() const {
    std::vector<const Entry*> out;
    for (const Entry& entry : entries_) {
      if (!entry.fires) continue;
      const auto one = std::find_if(incidents_.begin(), incidents_.end(),
                                    [&](const IncidentPtr& incident) { return incident->id == entry.incident; });
      if (one == incidents_.end()) continue;
      const bool wanted =
          expect_.clause.empty() ? entry.part == expect_.step : carries(*(*one)->plan, entry.clauses, expect_.clause);
      if (wanted) out.push_back(&entry);
    }
    return out;
  }

  void check_firing() {
    const bool asked = expect_.fired || expect_.at || !expect_.to.empty() || expect_.some_people;
    if (!asked) return;
    const std::vector<const Entry*> fired = firings();
    std::set<std::string> times;
    std::set<std::string> told;
    bool in_time = !expect_.at;
    for (const Entry* entry : fired) {
      const Duration planned = entry->planned - start_;
      in_time = in_time || planned == *expect_.at;
      times.insert(format_duration(std::max(planned, Duration{0})));
      for (const RoleId role : entry->to) told.insert(role.str());
    }
    std::set<std::string> missing;
    for (const RoleId role : expect_.to) {
      if (!told.contains(role.str())) missing.insert(role.str());
    }
    if (expect_.fired == false) {
      if (fired.empty() || !in_time || !missing.empty()) return;
      unmet({fmt::format("{} 不应触发，却已触发（{}，通知 {}）", about_, join(times), join(told)),
             fmt::format("Expected {} not to have fired, but it has (at {}, to {})", about_, join(times), join(told))});
      return;
    }
    if (fired.empty()) {
      unmet({fmt::format("{} 应已触发，实际没有", about_),
             fmt::format("Expected {} to have fired, but it has not", about_)});
      return;
    }
    if (!in_time) {
      unmet({fmt::format("{} 应在 {} 触发，实际在 {}", about_, format_duration(*expect_.at), join(times)),
             fmt::format("Expected {} to have fired at {}, but it did at {}", about_, format_duration(*expect_.at),
                         join(times))});
    }
    if (!missing.empty()) {
      unmet({fmt::format("{} 应通知 {}，实际只有 {}", about_, join(missing), join(told)),
             fmt::format("Expected {} to tell {}, but it told {}", about_, join(missing), join(told))});
    }
    check_people(fired);
  }

  // Everybody asked for is a person, not only a role.
  void check_people(const std::vector<const Entry*>& fired) {
    if (!expect_.some_people) return;
    const auto somebody = [&](const auto& wanted) {
      return std::any_of(fired.begin(), fired.end(),
                         [&](const Entry* entry) { return !entry->people.empty() && wanted(*entry); });
    };
    std::set<std::string> without;
    for (const RoleId role : expect_.to) {
      const bool found = somebody(
          [&](const Entry& entry) { return std::find(entry.to.begin(), entry.to.end(), role) != entry.to.end(); });
      if (!found) without.insert(role.str());
    }
    const bool any = somebody([](const Entry&) { return true; });
    if (*expect_.some_people && (!any || !without.empty())) {
      unmet({fmt::format("{} 应有人收到，但找不到人：{}", about_, join(without)),
             fmt::format("Expected {} to reach people, but there is nobody for: {}", about_, join(without))});
    }
    if (!*expect_.some_people && any) {
      unmet({fmt::format("{} 不应有人收到，却有", about_),
             fmt::format("Expected {} to reach nobody, but it did", about_)});
    }
  }

  const Expect& expect_;
  const std::vector<Entry>& entries_;
  Instant start_;
  IncidentPtr incident_;
  std::vector<IncidentPtr> incidents_;  // and its parent
  std::string about_;
  std::vector<Text> unmet_;
};

}  // namespace

std::vector<Text> judge(const Expect& expect, const Stage& stage, const std::vector<Entry>& entries, Instant start) {
  return Judge(expect, stage, entries, start).run(stage);
}

}  // namespace tingan::scenario
