#include "core/incident/placeholders.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "codec/organisation_yaml.h"
#include "codec/plan_yaml.h"
#include "core/incident/evolve.h"

namespace tingan {
namespace {

class Placeholders : public testing::Test {
 protected:
  Placeholders() {
    const auto yaml = read_whole_file("plans/fire.yaml");
    state_ = blank_incident(IncidentId{}, *parse_plan(*yaml, "plans/fire.yaml"));
    state_.unit = UnitId("hall-a");
    state_.declared_at = *parse_rfc3339("2026-11-23T02:05:00Z");
    const auto organisation = read_whole_file("org/demo.yaml");
    organisation_ = std::make_shared<Organisation>(**parse_organisation(*organisation, "org/demo.yaml"));
    for (Unit& unit : organisation_->units) {
      if (unit.id == state_.unit) hall_ = &unit;
    }
  }

  Text fill(const std::string& zh, const std::string& en = {}) {
    return fill_placeholders({zh, en}, state_, Directory(organisation_, {}));
  }

  IncidentState state_;
  std::shared_ptr<Organisation> organisation_;
  Unit* hall_ = nullptr;
};

TEST_F(Placeholders, AreFilledInBothLanguages) {
  hall_->name = {"东门营业厅", "East Gate hall"};
  hall_->address = {"东门路1号", "1 Dongmen Road"};
  hall_->landmarks = {"邮局", "the post office"};
  hall_->phone = "021-5555";
  const Text text = fill("{hall}，{address}，近{landmarks}，{time}起，电话{phone}",
                         "{hall}, {address}, by {landmarks}, since {time}, {phone}");
  EXPECT_EQ(text.zh, "东门营业厅，东门路1号，近邮局，10:05起，电话021-5555");
  EXPECT_EQ(text.en, "East Gate hall, 1 Dongmen Road, by the post office, since 10:05, 021-5555");
}

TEST_F(Placeholders, AFactReadsAsTheLabelOfItsValue) {
  const auto state_fact = [&](const char* value) {
    evolve(state_, FactsStated{{{FactId("casualties"), ValueId(value)}}, {}}, state_.declared_at, Actor{});
  };
  state_fact("false");
  EXPECT_EQ(fill("{fact:casualties}", "{fact:casualties}"),
            (Text{"目前没有人受伤或被困", "Nobody hurt or trapped so far"}));
  state_fact("true");
  EXPECT_EQ(fill("{fact:casualties}。").zh, "有人受伤或被困。");
}

// Nobody tells the fire brigade that nobody is hurt because a plan begins with "no".
TEST_F(Placeholders, WhatNobodyStatedIsNotClearYet) {
  for (const Fact& fact : state_.plan->facts) {
    const std::string placeholder = "{fact:" + fact.id.str() + "}";
    EXPECT_EQ(fill(placeholder, placeholder), (Text{"还不清楚", "not clear yet"})) << fact.id.str();
  }
}

TEST_F(Placeholders, WhatIsNotKnownIsSaidSo) {
  hall_->phone.clear();
  hall_->landmarks = {};
  hall_->address = {"东门路1号", ""};
  EXPECT_EQ(fill("{phone}，{landmarks}", "{phone}, {landmarks}, {address}"),
            (Text{"未登记，未登记", "not on file, not on file, 东门路1号"}));
  state_.unit = UnitId("nowhere");
  EXPECT_EQ(fill("{hall} {address}").zh, "nowhere 未登记");
}

TEST_F(Placeholders, WhatIsNoPlaceholderStays) {
  EXPECT_EQ(fill("{nobody} {fact:nothing} {").zh, "{nobody} {fact:nothing} {");
  EXPECT_EQ(fill("a}b{{hall}").zh.substr(0, 4), "a}b{");
  hall_->name = {"{phone}", "{phone}"};
  EXPECT_EQ(fill("{hall}").zh, "{phone}") << "what is filled in is not filled again";
}

}  // namespace
}  // namespace tingan
