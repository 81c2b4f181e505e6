#include "sim/scenario/runner.h"

#include <algorithm>

#include "core/incident/gates.h"
#include "sim/scenario/actions.h"
#include "sim/scenario/judge.h"

namespace tingan::scenario {
namespace {

class Runner {
 public:
  Runner(VirtualNode& node, const Scenario& scenario)
      : node_(node), scenario_(scenario), stage_(node), actions_(stage_, timeline_, scenario.start) {
    node_.on_commit([this](const Commit& commit) { timeline_.add(commit); });
  }

  Expected<Result> run() {
    Result result;
    result.start = scenario_.start;
    for (const Line& line : scenario_.script) {
      if (auto passed = pass_until(scenario_.start + line.at); !passed) return tl::unexpected(passed.error());
      LineResult outcome{.line = line.line, .at = node_.now()};
      if (auto done = run_line(line, outcome); !done) return tl::unexpected(done.error());
      outcome.after_entry = timeline_.entries().size();
      result.lines.push_back(std::move(outcome));
    }
    if (back_at_) {
      if (auto passed = pass_until(*back_at_); !passed) return tl::unexpected(passed.error());
    }
    result.entries = timeline_.entries();
    node_.on_commit({});
    return result;
  }

 private:
  Expected<void> pass_until(Instant upto) {
    if (back_at_ && *back_at_ <= upto) {
      if (auto passed = node_.pass_until(*back_at_); !passed) return passed;
      back_at_.reset();
      note("node-back", {"节点恢复运行", "the node is back"});
      if (auto back = node_.come_back(); !back) return back;
    }
    return node_.pass_until(upto);
  }

  Expected<void> run_line(const Line& line, LineResult& outcome) {
    if (line.action && line.action->kind == Action::Kind::restart) {
      outcome.acted = true;
      if (auto restarted = restart(line.action->down); !restarted) return restarted;
    } else if (line.action) {
      outcome.acted = true;
      auto refusal = actions_.perform(*line.action);
      if (!refusal) return tl::unexpected(refusal.error());
      outcome.refused = std::move(*refusal);
      if (outcome.refused) note_refusal(*line.action, *outcome.refused);
      // What an act makes due at once has happened before anybody looks.
      if (auto passed = node_.pass_until(node_.now()); !passed) return passed;
    }
    if (line.action) judge_action(line, outcome);
    if (!line.expect) return {};
    for (Text& text : judge_acceptance(*line.expect, stage_, timeline_.entries(), scenario_.start)) {
      outcome.unmet.push_back(std::move(text));
    }
    if (!line.expect->looks_at_incident()) return {};
    for (Text& text : judge(*line.expect, stage_, timeline_.entries(), scenario_.start)) {
      outcome.unmet.push_back(std::move(text));
    }
    return {};
  }

  Expected<void> restart(Duration down) {
    note("node-down", {"节点停机", "the node goes down"});
    if (node_.is_up()) node_.crash();
    back_at_ = std::max(back_at_.value_or(node_.now()), node_.now() + down);
    return pass_until(node_.now());
  }

  static void judge_action(const Line& line, LineResult& outcome) {
    const bool wants_refusal = line.expect && line.expect->wants_refusal();
    if (outcome.refused && !wants_refusal) {
      outcome.unmet.push_back({"这一步应被接受，却被拒绝：" + outcome.refused->message.zh,
                               "Expected it to be accepted, but it was refused: " + outcome.refused->message.en + " [" +
                                   outcome.refused->code + "]"});
    } else if (!outcome.refused && wants_refusal) {
      outcome.unmet.push_back({"这一步应被拒绝，却被接受", "Expected it to be refused, but it was accepted"});
    } else if (outcome.refused && !line.expect->gates.empty() && gates_of(*outcome.refused) != line.expect->gates) {
      const std::string wanted = "gates." + fmt::format("{}", fmt::join(words_of(line.expect->gates), ","));
      outcome.unmet.push_back(
          {fmt::format("未满足的结案条件应为 {}，实际是 {}", wanted, outcome.refused->where),
           fmt::format("Expected the unmet gates {}, but they are {}", wanted, outcome.refused->where)});
    } else if (outcome.refused && !line.expect->code.empty() && line.expect->code != outcome.refused->code) {
      outcome.unmet.push_back(
          {fmt::format("拒绝的代码应为 {}，实际是 {}", line.expect->code, outcome.refused->code),
           fmt::format("Expected to be refused with {}, but got {}", line.expect->code, outcome.refused->code)});
    }
  }

  // In the order of the plan.
  static std::vector<PartId> gates_of(const Error& refusal) { return missing_of(refusal.where).gates; }
  static std::vector<std::string> words_of(const std::vector<PartId>& ids) {
    std::vector<std::string> out;
    for (const PartId id : ids) out.push_back(id.str());
    return out;
  }

  void note(const char* event, Text text) {
    timeline_.add({.at = node_.now(), .event = event, .planned = node_.now(), .text = std::move(text)});
  }

  void note_refusal(const Action& action, const Error& refusal) {
    const Scene scene = stage_.find(action.incident);
    Entry entry{.at = node_.now(), .event = "refused", .planned = node_.now()};
    entry.name = action.kind == Action::Kind::acceptance ? action.acceptance.order : action.incident;
    entry.unit = action.kind == Action::Kind::acceptance ? action.acceptance.unit
                 : scene.unit.empty()                    ? action.unit
                                                         : scene.unit;
    if (scene.incident != nullptr) {
      entry.incident = scene.incident->id;
      entry.type = scene.incident->plan_id;
    }
    entry.code = refusal.code;
    entry.text = {"拒绝：" + refusal.message.zh, "refused: " + refusal.message.en};
    timeline_.add(std::move(entry));
  }

  VirtualNode& node_;
  const Scenario& scenario_;
  Timeline timeline_;
  Stage stage_;
  Actions actions_;
  std::optional<Instant> back_at_;  // the node is down until then
};

}  // namespace

bool Result::passed() const {
  return std::all_of(lines.begin(), lines.end(), [](const LineResult& line) { return line.unmet.empty(); });
}

Expected<Result> run_scenario(const Prepared& prepared, const Scenario& scenario, std::uint64_t seed) {
  auto node = VirtualNode::start(prepared, scenario.start, seed);
  if (!node) return tl::unexpected(node.error());
  return Runner(**node, scenario).run();
}

}  // namespace tingan::scenario
