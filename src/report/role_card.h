// A plan for reading and for the wall: the whole of it, or what one role has to do. Text for the terminal, HTML for
// print on A4 with plan, version and hash on the foot of every page (S7).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/plan.h"

namespace tingan {

enum class Language { zh, en, both };

struct RoleCardOptions {
  std::optional<RoleId> role;  // absent: the whole plan
  Language language = Language::both;
};

// What stands on the card, before it is drawn.
struct CardRow {
  Text mark;  // the deadline, or empty
  Text text;
  std::vector<Text> details;  // whom to call, what to say, when it holds
  std::string clauses;        // "S4.1 S4.2"
  bool forbidden = false;
};
struct CardSection {
  Text title;
  std::vector<CardRow> rows;
};
struct Card {
  Text title;
  Text subtitle;
  std::string foot;  // "outage · v3 · 9f86d081"
  std::vector<CardSection> sections;
};

Card role_card(const Plan& plan, const RoleCardOptions& options);
std::string role_card_text(const Plan& plan, const RoleCardOptions& options);
std::string role_card_html(const Plan& plan, const RoleCardOptions& options);

// A condition as people say it: 影响范围：只有本厅，且 是否恢复：否.
Text say_condition(const Plan& plan, const Condition& condition);

}  // namespace tingan
