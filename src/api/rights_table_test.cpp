// The table of rights, cell by cell: every route of the program, every role, and where the thing is. A route without a
// row fails here, and a row whose cell says yes where the program says no, or the other way round.
#include "api/rights_table.h"

#include <cstdlib>

#include "api/testing.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

using namespace testing;

struct Place {
  std::string unit;
  std::string incident;
  std::string order;
};

std::string person_of(RoleId role) { return role.str() + (is_hall_role(role) ? "@hall-a" : "@centre"); }

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

class Cells {
 public:
  Cells()
      : world([](Options& options) {
          BusinessType bill;
          bill.id = BusinessId("bill-payment");
          bill.title = {"缴费", "Bill payment"};
          options.business[bill.id] = std::make_shared<const BusinessType>(bill);
        }) {
    places = {{"hall-a", world.declare("clerk@hall-a", "hall-a", "fire"), take("hall-a")},
              {"hall-b", world.declare("clerk@hall-b", "hall-b", "fire"), take("hall-b")},
              {"centre", world.declare("general-group@centre", "centre", "fire"), ""}};
  }

  std::string take(const std::string& hall) {
    return world
        .post("clerk@" + hall, "/orders", R"({"business":"bill-payment","name":"张三丰","mobile":"13812345678"})")
        .text("/id");
  }

  Reply ask(const std::string& person, const RightsRow& row, const Place& place) {
    std::string path(row.pattern);
    std::string id = "x";
    if (row.target == Target::incident) id = place.incident;
    if (row.target == Target::order) id = place.order;
    if (row.target == Target::unit_path) id = place.unit;
    if (row.target == Target::notice) id = place.incident + ".1";
    if (row.target == Target::suspicion || row.pattern.find("/photos") != std::string_view::npos) {
      id = row.target == Target::order ? place.order : "0192f0c0-0000-7000-8000-000000000001";
    }
    replace_all(path, "{id}", id);
    replace_all(path, "{unit}", place.unit);
    for (const char* one : {"{n}", "{version}", "{pack}"}) replace_all(path, one, "1");
    for (const char* one : {"{step}", "{form}"}) replace_all(path, one, "nothing");
    if (row.target == Target::unit_query) path += "?unit=" + place.unit;
    std::string body = row.method == Method::kGet || row.method == Method::kDelete ? "" : "{}";
    if (row.target == Target::body) body = body_of(row.pattern, place.unit);
    return world.as(person, row.method, path, body);
  }

  World world;
  std::vector<Place> places;

 private:
  static std::string body_of(std::string_view pattern, const std::string& unit) {
    const std::string of_unit = "{\"unit\":\"" + unit + "\"";
    if (pattern.ends_with("/incidents")) return of_unit + R"(,"type":"nothing"})";
    if (pattern.ends_with("/orders") || pattern.ends_with("/callbacks")) {
      return of_unit + R"(,"business":"bill-payment","name":"张三丰","mobile":"13812345678"})";
    }
    if (pattern.ends_with("/number-blocks")) return of_unit + R"(,"device":"d","size":1})";
    if (pattern.ends_with("/packs")) return of_unit + R"(,"size":1})";
    if (pattern.ends_with("/numbers/void")) return of_unit + R"(,"first":1,"last":1,"reason":"r"})";
    return of_unit + "}";
  }
};

// What is refused for who asks, not for what was asked.
bool is_refused(const Reply& reply) {
  static const std::set<std::string> kHiding = {"incident.not-found", "order.not-found", "notice.unknown",
                                                "suspicion.unknown"};
  return reply.status == 401 || reply.status == 403 || kHiding.contains(reply.code());
}

bool has_target(const RightsRow& row) { return row.target != Target::none && row.target != Target::suspicion; }

void check_row(Cells& cells, const RightsRow& row, const RightsRule& rule, RoleId role) {
  const std::string person = person_of(role);
  const UnitId own(is_hall_role(role) ? "hall-a" : "centre");
  const RegistryPtr registry = cells.world.view().registry();
  const Cell cell = cell_of(rule, role);
  for (const Place& place : cells.places) {
    if (row.target == Target::order && place.order.empty()) continue;
    const unsigned here = has_target(row) ? whose(registry->directory(), own, UnitId(place.unit)) : kAnyUnit;
    const Reply reply = cells.ask(person, row, place);
    const std::string what = std::string(net::to_string(row.method)) + " " + std::string(row.pattern) + " by " +
                             person + " at " + place.unit + ": " + std::to_string(reply.status) + " " + reply.body;
    if (reply.code() == "acceptance.no-hall") continue;  // there are no orders at a unit that is none, for nobody
    if ((cell.all() & here) == 0) {
      EXPECT_TRUE(is_refused(reply)) << what;
    } else if ((cell.sure & here) != 0) {
      EXPECT_FALSE(is_refused(reply)) << what;
    }
    // This world has neither a log on a disk nor channels nor a place to rehearse.
    const bool absent = row.pattern.ends_with("/log/verify") || row.pattern.ends_with("/log/heads") ||
                        row.pattern.ends_with("/test") || row.pattern.ends_with("/rehearsals");
    EXPECT_LT(reply.status, absent ? 600 : 500) << what;
  }
}

// Ends the session that asks, or needs none.
bool is_about_signing_in(const RightsRow& row) { return row.pattern == "/api/v1/session"; }

}  // namespace

TEST(RightsTable, EveryRouteHasARowAndEveryRowIsARoute) {
  std::set<std::string> routed;
  for (const Route& route : routes()) {
    const std::string name = std::string(net::to_string(route.method)) + " " + std::string(route.pattern);
    routed.insert(name);
    const RightsRow* row = rights_of(route.method, route.pattern);
    ASSERT_NE(row, nullptr) << name << " stands in no row of rights_rows.cpp";
    const bool open = route.access == Access::open;
    EXPECT_EQ(row->rule == "open", open) << name;
    EXPECT_EQ(row->rule == "operators", route.access == Access::operators) << name;
    EXPECT_EQ(row->rule == "machines", route.access == Access::alarms) << name;
    if (route.access == Access::signed_in) {
      EXPECT_NE(find_rule(row->rule), nullptr) << name;
    }
  }
  for (const RightsRow& row : rights_rows()) {
    EXPECT_TRUE(routed.contains(std::string(net::to_string(row.method)) + " " + std::string(row.pattern)))
        << row.pattern;
  }
}

TEST(RightsTable, EveryCellIsAsTheProgramAnswers) {
  Cells cells;
  for (const RoleId role : rights_roles()) {
    for (const Route& route : routes()) {
      const RightsRow* row = rights_of(route.method, route.pattern);
      const RightsRule* rule = row == nullptr ? nullptr : find_rule(row->rule);
      if (rule == nullptr || is_about_signing_in(*row)) continue;
      check_row(cells, *row, *rule, role);
    }
  }
}

TEST(RightsTable, WithoutASessionNothingAnswersThatIsNotOpen) {
  World world;
  for (const Route& route : routes()) {
    if (route.access == Access::open) continue;
    if (route.access == Access::alarms) continue;  // machines have tokens of their own
    std::string path(route.pattern);
    for (auto at = path.find('{'); at != std::string::npos; at = path.find('{')) {
      path.replace(at, path.find('}', at) - at + 1, "x");
    }
    const Reply reply = world.send(route.method, path);
    EXPECT_EQ(reply.status, 401) << route.pattern << reply.body;
  }
}

TEST(RightsTable, ThePageIsWhatTheTableSays) {
  const char* const kPage = "docs/rights.md";
  if (std::getenv("TINGAN_WRITE_GOLDEN") != nullptr) std::ofstream(kPage) << rights_page();
  EXPECT_EQ(read_all(kPage), rights_page()) << "written by TINGAN_WRITE_GOLDEN=1 api_test --gtest_filter=RightsTable.*";
}

}  // namespace tingan::api
