// What changed between two texts of one plan, by part and kind.
#include "core/plancheck/plan_diff.h"

#include <gtest/gtest.h>

#include "codec/plan_yaml.h"
#include "core/plancheck/plancheck_testing.h"

namespace tingan {
namespace {

using namespace plancheck_testing;

TEST(PlanDiff, NamesPartsAndFields) {
  std::string text = shipped().at("outage");
  apply(text, {"id: half-hour", "at: 30m", "at: 20m"});
  apply(text, {"id: find-scope", "id: find-scope", "id: find-extent"});
  apply(text, {"id: call-support-centre", "within: 5m", "within: 3m"});
  const auto before = parse_plan(shipped().at("outage"), "a.yaml");
  const auto after = parse_plan(text, "b.yaml");
  ASSERT_TRUE(before && after);
  EXPECT_TRUE(diff_plans(**before, **before).empty());
  std::map<std::string, PartChange::Kind> changes;
  for (const PartChange& change : diff_plans(**before, **after)) changes[change.part + " " + change.id] = change.kind;
  EXPECT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes.at("step find-extent"), PartChange::Kind::added);
  EXPECT_EQ(changes.at("step find-scope"), PartChange::Kind::removed);
  EXPECT_EQ(changes.at("step call-support-centre"), PartChange::Kind::changed);
  EXPECT_EQ(changes.at("escalation half-hour"), PartChange::Kind::changed);
}

}  // namespace
}  // namespace tingan
