#include "codec/organisation_edit.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "codec/organisation_yaml.h"

namespace tingan {
namespace {

std::string demo() {
  std::ifstream in("org/demo.yaml");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

OrganisationPtr parsed(const std::string& yaml) {
  const auto organisation = parse_organisation(yaml, "test.yaml");
  EXPECT_TRUE(organisation) << to_string(organisation.error().front()) << '\n' << yaml;
  return organisation ? *organisation : nullptr;
}

void same_people(const Organisation& a, const Organisation& b) {
  ASSERT_EQ(a.people.size(), b.people.size());
  for (std::size_t i = 0; i < a.people.size(); ++i) {
    const Person& x = a.people[i];
    const Person& y = b.people[i];
    EXPECT_EQ(std::tie(x.id, x.name, x.unit, x.roles, x.phone, x.email),
              std::tie(y.id, y.name, y.unit, y.roles, y.phone, y.email));
  }
}

void same_roster(const Organisation& a, const Organisation& b) {
  ASSERT_EQ(a.roster.size(), b.roster.size());
  for (std::size_t i = 0; i < a.roster.size(); ++i) {
    const Shift& x = a.roster[i];
    const Shift& y = b.roster[i];
    EXPECT_EQ(std::tie(x.unit, x.days, x.span.from, x.span.to, x.on_call, x.people),
              std::tie(y.unit, y.days, y.span.from, y.span.to, y.on_call, y.people));
  }
}

TEST(OrganisationEdit, WhatWasTakenOutComesBackAndReadsTheSame) {
  const OrganisationPtr before = parsed(demo());
  const auto split = split_personal_data(demo(), "demo.yaml");
  ASSERT_TRUE(split);
  ASSERT_EQ(split->yaml.find("王静"), std::string::npos);
  const auto joined = join_personal_data(split->yaml, *before);
  ASSERT_TRUE(joined);
  const OrganisationPtr after = parsed(*joined);
  same_people(*before, *after);
  same_roster(*before, *after);
  EXPECT_EQ(after->units.size(), before->units.size());
  EXPECT_EQ(after->units[1].landmarks.en, before->units[1].landmarks.en);
  EXPECT_EQ(after->fallbacks, before->fallbacks);
  EXPECT_EQ(after->channels.size(), before->channels.size());
  EXPECT_EQ(after->alarms.size(), before->alarms.size());
  EXPECT_NE(joined->find("  - {id: hall-director@hall-a, unit: hall-a, roles: [hall-director], name: 王静"),
            std::string::npos)
      << *joined;
}

TEST(OrganisationEdit, ShiftsOfOneUnitAreReplacedAndThoseOfOthersStay) {
  const OrganisationPtr before = parsed(demo());
  Shift night{.days = 0b0011111, .span = {22 * 60, 6 * 60}, .on_call = true};
  night.people[RoleId("guard")] = {PersonId("guard@hall-a")};
  const auto text = replace_shifts(demo(), UnitId("hall-a"), {night});
  ASSERT_TRUE(text);
  const OrganisationPtr after = parsed(*text);
  std::vector<const Shift*> own;
  for (const Shift& shift : after->roster) {
    if (shift.unit == UnitId("hall-a")) own.push_back(&shift);
  }
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0]->days, night.days);
  EXPECT_EQ(own[0]->span.from, 22 * 60);
  EXPECT_EQ(own[0]->span.to, 6 * 60);
  EXPECT_TRUE(own[0]->on_call);
  EXPECT_EQ(own[0]->people, night.people);
  const auto others = [](const Organisation& organisation) {
    return std::count_if(organisation.roster.begin(), organisation.roster.end(),
                         [](const Shift& shift) { return shift.unit != UnitId("hall-a"); });
  };
  EXPECT_EQ(others(*before), others(*after));
}

TEST(OrganisationEdit, APersonIsAddedChangedAndTakenOutOfEveryShift) {
  Person person{.id = PersonId("new@hall-b"),
                .name = "欧阳: \"小\"",
                .unit = UnitId("hall-b"),
                .roles = {RoleId("clerk")},
                .phone = "139-0000-0000",
                .email = "new@example.test"};
  const auto added = put_person(demo(), person);
  ASSERT_TRUE(added);
  const OrganisationPtr with = parsed(*added);
  EXPECT_EQ(find_person(*with, person.id)->name, person.name);
  person.name = "欧阳";
  person.phone.clear();
  const auto changed = put_person(*added, person);
  ASSERT_TRUE(changed);
  const OrganisationPtr now = parsed(*changed);
  EXPECT_EQ(now->people.size(), with->people.size());
  EXPECT_EQ(find_person(*now, person.id)->phone, "");

  const auto removed = remove_person(demo(), PersonId("guard@hall-a"));
  ASSERT_TRUE(removed);
  const OrganisationPtr without = parsed(*removed);
  EXPECT_EQ(find_person(*without, PersonId("guard@hall-a")), nullptr);
  EXPECT_EQ(removed->find("guard@hall-a"), std::string::npos);
}

TEST(OrganisationEdit, AUnitSaysWhereItIsAndWhenItIsOpenAndTheOthersStay) {
  const OrganisationPtr before = parsed(demo());
  Unit unit = *find_unit(*before, UnitId("hall-b"));
  unit.name = {"文晖路: 旗舰厅", "Wenhui \"flagship\" hall"};
  unit.landmarks = {};
  unit.phone = "0571-5550-2222";
  unit.numbers = {{PartId("hospital"), "0571-5550-2129"}};
  unit.hours = {{0b0011111, {9 * 60, 12 * 60}}, {0b0011111, {13 * 60, 18 * 60}}, {0b1000001, {10 * 60, 24 * 60}}};
  const auto text = put_unit(demo(), unit);
  ASSERT_TRUE(text);
  const OrganisationPtr after = parsed(*text);
  const Unit* now = find_unit(*after, unit.id);
  EXPECT_EQ(now->name.zh, unit.name.zh);
  EXPECT_EQ(now->name.en, unit.name.en);
  EXPECT_TRUE(now->landmarks.empty());
  EXPECT_EQ(now->address.zh, unit.address.zh);
  EXPECT_EQ(now->phone, unit.phone);
  EXPECT_EQ(now->numbers, unit.numbers);
  EXPECT_EQ(now->parent, unit.parent);
  std::array<int, 7> open{};
  for (const OpeningHours& hours : now->hours) {
    for (std::size_t day = 0; day < open.size(); ++day) {
      if ((hours.days >> day & 1U) != 0) open[day] += hours.span.to - hours.span.from;
    }
  }
  EXPECT_EQ(open, (std::array<int, 7>{480 + 840, 480, 480, 480, 480, 0, 840}));
  EXPECT_EQ(find_unit(*after, UnitId("hall-a"))->hours.size(), find_unit(*before, UnitId("hall-a"))->hours.size());
  EXPECT_EQ(after->units.size(), before->units.size());
}

// A name is only a name: nothing in it becomes structure.
TEST(OrganisationEdit, OddNamesStayNames) {
  for (const char* name : {"true", "123",  "- x", "a: b",   "#no", "[x]", "{x}", "'", "*a", "&b", "@c",
                           "~",    "null", " x ", "行\n行", "\"",  "|",   ">",   "%", "!t", "?x"}) {
    const auto text = put_person(demo(), {.id = PersonId("odd@hall-a"),
                                          .name = name,
                                          .unit = UnitId("hall-a"),
                                          .roles = {RoleId("clerk")},
                                          .phone = {},
                                          .email = {}});
    ASSERT_TRUE(text);
    const OrganisationPtr organisation = parsed(*text);
    ASSERT_NE(organisation, nullptr);
    EXPECT_EQ(find_person(*organisation, PersonId("odd@hall-a"))->name, name);
  }
}

}  // namespace
}  // namespace tingan
