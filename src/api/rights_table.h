// Who may do what: one table of route x role x whose, read by the router before any handler runs, tested cell by cell
// (rights_table_test.cpp) and printed as docs/rights.md. What is finer than a role and a place (which step, which fact,
// a silent incident) is decided in core/ afterwards: the table says what is possible at all.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/router.h"
#include "base/text.h"
#include "model/ids.h"

namespace tingan::api {

// Where the thing is, seen from the person's own unit.
enum Whose : unsigned {
  kOwn = 1,     // in the person's unit
  kBelow = 2,   // in a unit under it
  kAbove = 4,   // in a unit over it
  kBeside = 8,  // anywhere else
  kAnyUnit = kOwn | kBelow | kAbove | kBeside,
};

struct Cell {
  unsigned sure = 0;   // may, wherever the thing is one of these
  unsigned maybe = 0;  // may where the rule's condition holds, too
  unsigned all() const { return sure | maybe; }
};

// `who`: a role, or "hall", "lead" (those who lead a hall), "centre" (all roles above the halls), "staff" (both),
// "everybody" (those and the technical roles).
struct Grant {
  std::string_view who;
  unsigned sure = 0;
  unsigned maybe = 0;
};

struct RightsRule {
  std::string_view name;
  Text title;
  std::vector<Grant> grants;
  Text condition;    // of the cells that are `maybe`
  std::string code;  // of the refusal
  Text refusal;
};

// What the unit of a request is taken from; `body` and `none` are left to the handler.
enum class Target { none, incident, order, notice, suspicion, unit_path, unit_query, body };

struct RightsRow {
  net::Method method;
  std::string_view pattern;
  std::string_view rule;  // "open": anybody; "machines", "operators": see Access
  Target target = Target::none;
  bool confirm = false;        // the password must have been given within kConfirmedFor
  std::string_view note = {};  // what the log of security calls it when it was done; empty: not noted
};

std::span<const RightsRule> rights_rules();
std::span<const RightsRow> rights_rows();
// nullptr: the route stands in no row, and is refused.
const RightsRow* rights_of(net::Method method, std::string_view pattern);
const RightsRule* find_rule(std::string_view name);

// The columns: every role that a person can hold.
std::vector<RoleId> rights_roles();
Cell cell_of(const RightsRule& rule, RoleId role);
// Over all roles of the person.
Cell cell_of(const RightsRule& rule, const Who& who);
Whose whose(const Directory& directory, UnitId mine, UnitId target);

// For handlers whose unit stands in the body: the call's rule, for this unit.
Expected<void> may_reach(const Call& call, UnitId unit);

// The table as a page in both languages.
std::string rights_page();

}  // namespace tingan::api
