#include "codec/organisation_yaml.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace tingan {
namespace {

std::string demo() {
  std::ifstream in("org/demo.yaml", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// What is wrong with a small organisation whose person and channel are these, "code place;" each.
std::string troubles(const std::string& person_phone, const std::string& secret) {
  const auto read = parse_organisation(
      "organisation: o\nversion: 1\ntitle: {zh: 一, en: O}\nzone: \"+08:00\"\nunits:\n"
      "  - {id: top, kind: centre, name: {zh: 中心, en: Centre}}\n"
      "people:\n  - {id: p, name: N, unit: top, roles: [admin], phone: \"" +
          person_phone + "\"}\nchannels:\n  - {id: c, kind: webhook, url: \"https://a.example\", secret: " + secret +
          "}\n",
      "o.yaml", 1);
  std::string all;
  if (read) return all;
  for (const Error& error : read.error()) all += error.code + " " + error.where + ";";
  return all;
}

TEST(OrganisationYaml, PhonesThatAreNoneAreNamedByLine) {
  for (const char* phone : {"+86 138-0000-1001", "0571-5550 1000转801", "１３８００００１００１"}) {
    EXPECT_EQ(troubles(phone, "name").find("malformed-phone"), std::string::npos) << phone;
  }
  for (const char* phone : {"见通讯录", "138O0001001", "--"}) {
    EXPECT_NE(troubles(phone, "name").find("malformed-phone o.yaml:8"), std::string::npos)
        << phone << ": " << troubles(phone, "name");
  }
}

// A published text that could name a file would have its first line sent to an address of its author.
TEST(OrganisationYaml, ASecretIsANameAndNothingOfTheHost) {
  for (const char* secret : {"robot-a", "{name: robot-a}"}) {
    EXPECT_EQ(troubles("1", secret).find("secret"), std::string::npos) << troubles("1", secret);
  }
  for (const char* secret : {"{file: /etc/hostname}", "{env: HOME}", "{name: a, file: b}"}) {
    EXPECT_NE(troubles("1", secret).find("wrong-secret o.yaml:10"), std::string::npos)
        << secret << ": " << troubles("1", secret);
  }
  EXPECT_NE(troubles("1", "../master.key"), "");
  EXPECT_NE(troubles("1", "{name: \"../master.key\"}"), "");
}

TEST(OrganisationYaml, ReadsTheDemo) {
  const auto organisation = parse_organisation(demo(), "org/demo.yaml", 2);
  if (!organisation) {
    for (const Error& error : organisation.error()) ADD_FAILURE() << to_string(error);
    return;
  }
  const Organisation& o = **organisation;
  EXPECT_EQ(o.id, "demo");
  EXPECT_EQ(o.zone.minutes, 480);
  EXPECT_EQ(top_unit(o).id, UnitId("centre"));
  const Unit* hall = find_unit(o, UnitId("hall-a"));
  ASSERT_NE(hall, nullptr);
  ASSERT_EQ(hall->hours.size(), 1U);
  EXPECT_EQ(hall->hours[0].days, kEveryDay);
  EXPECT_EQ(hall->hours[0].span.from, 540);
  EXPECT_EQ(hall->hours[0].span.to, 1080);
  EXPECT_EQ(o.fallbacks.at(RoleId("guard")).size(), 2U);
  EXPECT_FALSE(o.roster.empty());
}

TEST(OrganisationYaml, ReadsALargeCompany) {
  std::string units = "  - {id: top, kind: centre, name: {zh: 中心, en: Centre}}\n";
  std::string people;
  for (int i = 0; i < 8000; ++i) {
    units +=
        fmt::format("  - {{id: h{0}, kind: hall, parent: top, name: {{zh: 厅{0}, en: Hall {0}}}, phone: \"1\"}}\n", i);
    people += fmt::format("  - {{id: d{0}, name: N, unit: h{0}, roles: [hall-director], phone: \"1\"}}\n", i);
  }
  const std::string yaml = "organisation: large\ntitle: {zh: 大, en: Large}\nzone: \"+08:00\"\nunits:\n" + units +
                           "people:\n" + people + "roster: []\nchannels: []\nalarms: []\n";
  ASSERT_GT(yaml.size(), std::size_t{1} << 20);
  const auto organisation = parse_organisation(yaml, "large.yaml", 1);
  ASSERT_TRUE(organisation) << to_string(organisation.error().front());
  EXPECT_EQ((*organisation)->units.size(), 8001U);
}

TEST(OrganisationYaml, NamesEveryMistakeWithItsLine) {
  struct Damage {
    const char* from;
    const char* to;
    const char* code;
    const char* english;
  };
  const Damage kDamages[] = {
      {"parent: centre", "parent: center", "organisation.unknown-unit", "did you mean 'centre'"},
      {"  - id: hall-b\n", "  - id: hall-a\n", "organisation.duplicate-id", "hall-a"},
      {"    parent: centre\n", "", "organisation.several-top-units", "hall-a"},
      {"    kind: centre\n", "    kind: centre\n    parent: hall-a\n", "organisation.unit-circle", "centre"},
      {"zone: \"+08:00\"", "zone: Shanghai", "organisation.malformed-zone", "Shanghai"},
      {"mon-sun: \"09:00-18:00\"", "mon-sun: \"9-18\"", "organisation.malformed-time", "9"},
      {"mon-sun: \"09:00-18:00\"", "mo-sun: \"09:00-18:00\"", "organisation.malformed-days", "mo-sun"},
      {"from: \"08:30\"", "from: \"25:30\"", "organisation.malformed-time", "25:30"},
      {"days: mon-sun", "days: weekends", "organisation.malformed-days", "weekends"},
      {"clerk: [clerk@hall-a,", "clerk: [clark@hall-a,", "organisation.unknown-person", "did you mean 'clerk@hall-a'"},
      {"roles: [guard]", "roles: [gaurd]", "organisation.unknown-role", "did you mean 'guard'"},
      {"roles: [guard]", "roles: [guard], age: 40", "organisation.unknown-key", "age"},
      {"date: 2027-01-01", "date: 2027-13-01", "organisation.malformed-date", "2027-13-01"},
      {"kind: hall", "kind: hal", "organisation.unknown-word", "did you mean 'hall'"},
      {"police-station:", "police-statoin:", "organisation.unknown-party", "did you mean 'police-station'"},
      {"confirm_by: [general-group]", "confirm_by: []", "organisation.nobody-confirms", "confirm"},
  };
  for (const Damage& damage : kDamages) {
    std::string text = demo();
    const auto at = text.find(damage.from);
    ASSERT_NE(at, std::string::npos) << damage.from;
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    text.replace(at, std::string_view(damage.from).size(), damage.to);
    const auto organisation = parse_organisation(text, "o.yaml");
    ASSERT_FALSE(organisation) << damage.to;
    const auto& errors = organisation.error();
    const auto hit = std::find_if(errors.begin(), errors.end(), [&](const Error& error) {
      return error.code == damage.code && error.message.en.find(damage.english) != std::string::npos;
    });
    ASSERT_NE(hit, errors.end()) << damage.to << ": " << to_string(errors.front());
    EXPECT_LE(std::abs(std::stol(hit->where.substr(7)) - line), 5) << damage.to << " " << hit->where;
  }
}

TEST(OrganisationYaml, SplitsPersonalDataAndGivesItBack) {
  const std::string text = demo();
  const auto split = split_personal_data(text, "o.yaml");
  ASSERT_TRUE(split);
  EXPECT_EQ(split->yaml.find("王静"), std::string::npos);
  EXPECT_EQ(split->yaml.find("138-0000"), std::string::npos);
  const auto original = parse_organisation(text, "o.yaml");
  const auto bare = parse_organisation(split->yaml, "o.yaml");
  ASSERT_TRUE(bare) << to_string(bare.error().front());
  Organisation restored = **bare;
  EXPECT_EQ(restored.people.front().name, restored.people.front().id.str());
  ASSERT_TRUE(restore_details(restored, split->details));
  ASSERT_EQ(restored.people.size(), (*original)->people.size());
  for (std::size_t i = 0; i < restored.people.size(); ++i) {
    EXPECT_EQ(restored.people[i].name, (*original)->people[i].name);
    EXPECT_EQ(restored.people[i].phone, (*original)->people[i].phone);
    EXPECT_EQ(restored.people[i].email, (*original)->people[i].email);
    EXPECT_EQ(restored.people[i].roles, (*original)->people[i].roles);
  }
  EXPECT_EQ(restored.roster.size(), (*original)->roster.size());
  EXPECT_EQ(restored.units.back().landmarks, (*original)->units.back().landmarks);
  const auto again = split_personal_data(split->yaml, "o.yaml");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->yaml, split->yaml);
}

TEST(OrganisationYaml, RefusesBrokenDetails) {
  Organisation organisation;
  EXPECT_FALSE(restore_details(organisation, {{PersonId("a"), "not json"}}));
  EXPECT_FALSE(restore_details(organisation, {{PersonId("a"), "[]"}}));
}

}  // namespace
}  // namespace tingan
