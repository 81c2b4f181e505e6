// `tingan rehearse` as its users see it: exit codes, lines of JSON, words for people.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/blackbox/process.h"

namespace tingan::blackbox {
namespace {

using ::testing::HasSubstr;

struct Rehearsed {
  Ran ran;
  std::vector<boost::json::object> lines;
  const boost::json::object& result() const { return lines.back(); }
};

class Rehearse : public ::testing::Test {
 protected:
  std::string write(const std::string& script) {
    const auto path = folder_.path() / "scenario.yaml";
    std::ofstream(path) << "title: t\nstart: 2026-11-23T10:00:00+08:00\nscript:\n" << script;
    return path.string();
  }
  Rehearsed json(const std::string& script) {
    Rehearsed out{run({"rehearse", write(script), "--json"}), {}};
    std::istringstream in(out.ran.output);
    for (std::string line; std::getline(in, line);) {
      boost::json::error_code bad;
      const auto value = boost::json::parse(line, bad);
      if (!bad && value.is_object()) out.lines.push_back(value.get_object());
    }
    return out;
  }
  Folder folder_;
};

const std::string kStory =
    "  - {at: 0m, declare: {as: i1, unit: hall-a, type: outage, facts: {cause: system}, by: hall-director}}\n"
    "  - {at: 3m, fact: {incident: i1, set: {scope: single}, by: hall-director}}\n"
    "  - {at: 20m, restart: {down: 20m}}\n";

TEST_F(Rehearse, EveryEventIsALineAndTheLastIsTheResult) {
  const Rehearsed out = json(kStory + "  - {at: 61m, expect: {incident: i1, clause: S4.9, fired: true, at: 60m}}\n");
  EXPECT_EQ(out.ran.exit_code, 0) << out.ran.output;
  ASSERT_GT(out.lines.size(), 20U);
  EXPECT_EQ(out.result().at("result"), "pass");
  EXPECT_TRUE(out.result().at("unmet").as_array().empty());
  double before = 0;
  bool half_hour = false;
  for (std::size_t i = 0; i + 1 < out.lines.size(); ++i) {
    const auto& line = out.lines[i];
    for (const char* key : {"t", "unit", "incident", "event", "clauses"}) ASSERT_TRUE(line.contains(key)) << key;
    const double at = line.at("t").to_number<double>();
    EXPECT_GE(at, before);
    before = at;
    const auto& clauses = line.at("clauses").as_array();
    if (line.at("event") != "escalation-fired" || clauses.empty() || clauses.front() != "S4.8") continue;
    half_hour = true;
    EXPECT_EQ(line.at("incident"), "i1");
    EXPECT_EQ(line.at("unit"), "hall-a");
    EXPECT_EQ(at, 2400);  // the node was down until then
    EXPECT_EQ(line.at("due"), 1800);
    EXPECT_EQ(line.at("to").as_array().front(), "general-group");
    EXPECT_EQ(line.at("people").as_array().front(), "general-group@centre");
  }
  EXPECT_TRUE(half_hour);
}

TEST_F(Rehearse, AnUnmetDemandIsNamedAndEndsWithOne) {
  const Rehearsed out = json(kStory + "  - {at: 41m, expect: {incident: i1, clause: S4.9, fired: true}}\n");
  EXPECT_EQ(out.ran.exit_code, 1);
  EXPECT_EQ(out.result().at("result"), "fail");
  const auto& unmet = out.result().at("unmet").as_array();
  ASSERT_EQ(unmet.size(), 1U);
  EXPECT_EQ(unmet.front().at("line"), 7);
  EXPECT_THAT(std::string(unmet.front().at("text").at("en").as_string()), HasSubstr("S4.9"));
  const Ran said = run({"rehearse", (folder_.path() / "scenario.yaml").string(), "--lang", "en"});
  EXPECT_EQ(said.exit_code, 1);
  EXPECT_THAT(said.output, HasSubstr("scenario.yaml:7 Expected S4.9 to have fired"));
}

TEST_F(Rehearse, WhatCannotBeRunEndsWithTwo) {
  const Rehearsed broken = json("  - {at: 0m, declaer: {as: i1, unit: hall-a, type: outage}}\n");
  EXPECT_EQ(broken.ran.exit_code, 2);
  EXPECT_THAT(broken.ran.output, HasSubstr("scenario.yaml:4"));
  EXPECT_THAT(broken.ran.output, HasSubstr("did you mean 'declare'"));
  EXPECT_EQ(broken.result().at("result"), "fail");
  EXPECT_EQ(run({"rehearse", "/no/such/file.yaml"}).exit_code, 2);
  EXPECT_EQ(run({"rehearse"}).exit_code, 2);
  const std::string good = write(kStory);
  EXPECT_EQ(run({"rehearse", good, "--plans", "/no/such/folder"}).exit_code, 2);
  EXPECT_EQ(run({"rehearse", good, "--org", good}).exit_code, 2);
}

TEST_F(Rehearse, TakesOtherPlansAndAnotherOrganisation) {
  std::ofstream(folder_.path() / "org.yaml")
      << "organisation: o\ntitle: {zh: 小, en: small}\nzone: \"+08:00\"\n"
         "units:\n  - {id: top, kind: centre, name: {zh: 中心, en: centre}}\n"
         "  - {id: hall-q, kind: hall, parent: top, name: {zh: 厅, en: hall}}\n"
         "people:\n  - {id: d, name: D, unit: hall-q, roles: [hall-director]}\n"
         "roster:\n  - {unit: hall-q, days: mon-sun, from: \"00:00\", to: \"24:00\", people: {hall-director: [d]}}\n";
  const std::string scenario = write("  - {at: 0m, declare: {as: i1, unit: hall-q, type: fire, by: hall-director}}\n");
  EXPECT_EQ(run({"rehearse", scenario}).exit_code, 1);
  const Ran ran = run({"rehearse", scenario, "--plans", "plans", "--org", (folder_.path() / "org.yaml").string()});
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
}

}  // namespace
}  // namespace tingan::blackbox
