// What people read: placeholders that nothing fills, texts that were never translated.
#include <set>

#include "base/suggest.h"
#include "core/plancheck/look.h"

namespace tingan {
namespace {

const std::vector<std::string>& known_placeholders() {
  static const std::vector<std::string> names = {"hall", "address", "landmarks", "phone", "time"};
  return names;
}

// The names between braces; an unclosed brace gives the rest of the text.
std::set<std::string> placeholders(const std::string& text) {
  std::set<std::string> out;
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    out.insert(text.substr(open + 1, close == std::string::npos ? std::string::npos : close - open - 1));
  }
  return out;
}

bool has_letters(const std::string& text) {
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  }
  return false;
}

// CJK unified ideographs, U+4E00 to U+9FFF: three bytes from E4 B8 80 to E9 BF BF.
bool has_chinese(const std::string& text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xe4 && byte <= 0xe9) return true;
  }
  return false;
}

std::string without_placeholders(const std::string& text) {
  std::string out;
  bool inside = false;
  for (const char c : text) {
    if (c == '{') inside = true;
    if (!inside) out += c;
    if (c == '}') inside = false;
  }
  return out;
}

struct Line {
  const Text* text;
  int line;
  bool filled;  // placeholders are filled here
  std::vector<ClauseId> clauses;
};

void check_placeholder(Look& look, const Line& where, const std::string& name) {
  std::vector<std::string> known = known_placeholders();
  for (const Fact& fact : look.plan().facts) known.push_back("fact:" + fact.id.str());
  if (where.filled && std::find(known.begin(), known.end(), name) != known.end()) return;
  Text message = where.filled ? Text{fmt::format("“{{{}}}”没有东西可填", name),
                                     fmt::format("Nothing fills the placeholder '{{{}}}'", name)}
                              : Text{fmt::format("“{{{}}}”写在不填内容的地方", name),
                                     fmt::format("The placeholder '{{{}}}' stands where none is filled", name)};
  if (const std::string near = where.filled ? closest_word(name, known) : ""; !near.empty()) {
    message.zh += fmt::format("；是不是“{{{}}}”？", near);
    message.en += fmt::format("; did you mean '{{{}}}'?", near);
  }
  look.error("plan.unknown-placeholder", where.line, where.clauses, message);
}

void check_translation(Look& look, const Line& where) {
  const std::string zh = without_placeholders(where.text->zh);
  const std::string en = without_placeholders(where.text->en);
  if (zh == en && (has_letters(zh) || has_chinese(zh))) {
    look.error("plan.untranslated", where.line, where.clauses,
               {fmt::format("中英文一样，没有翻译：“{}”", where.text->zh),
                fmt::format("Chinese and English are the same, it is not translated: '{}'", where.text->en)});
  } else if (has_letters(zh) && !has_chinese(zh)) {
    look.warning("plan.untranslated", where.line, where.clauses,
                 {fmt::format("中文里没有汉字：“{}”", where.text->zh),
                  fmt::format("The Chinese text has no Chinese in it: '{}'", where.text->zh)});
  } else if (has_chinese(en)) {
    look.warning("plan.untranslated", where.line, where.clauses,
                 {fmt::format("英文里还有汉字：“{}”", where.text->en),
                  fmt::format("The English text still has Chinese in it: '{}'", where.text->en)});
  }
}

void check_line(Look& look, const Line& where) {
  if (where.text->empty()) return;
  const auto zh = placeholders(where.text->zh);
  const auto en = placeholders(where.text->en);
  std::set<std::string> all = zh;
  all.insert(en.begin(), en.end());
  for (const std::string& name : all) check_placeholder(look, where, name);
  if (zh != en) {
    look.warning("plan.placeholder-differs", where.line, where.clauses,
                 {"中文和英文用的填空不一样", "The Chinese and the English text do not have the same placeholders"});
  }
  check_translation(look, where);
}

}  // namespace

void check_texts(Look& look) {
  const Plan& plan = look.plan();
  const auto check = [&](const Text& text, int part, const char* key, bool filled,
                         const std::vector<ClauseId>& clauses) {
    check_line(look, {&text, look.line(part, key), filled, clauses});
  };
  check(plan.title, 0, "title", false, {});
  check(plan.owner, 0, "owner", false, {});
  check(plan.origin, 0, "origin", false, {});
  for (const Fact& fact : plan.facts) {
    check(fact.title, fact.line, "title", false, {});
    if (fact.ask) check(*fact.ask, fact.line, "ask", false, {});
    for (const Text& label : fact.labels) check(label, fact.line, "labels", false, {});
  }
  for (const Phase& phase : plan.phases) check(phase.title, phase.line, "title", false, {});
  for (const Step& step : plan.steps) {
    check(step.text, step.line, "do", true, step.clauses);
    if (step.why) check(*step.why, step.line, "why", true, step.clauses);
  }
  for (const Escalation& one : plan.escalations) check(one.text, one.line, "say", true, one.clauses);
  for (const Prohibition& one : plan.prohibitions) check(one.text, one.line, "do_not", false, one.clauses);
  for (const Script& script : plan.scripts) check(script.text, script.line, "say", true, script.clauses);
  for (const Gate& gate : plan.gates) check(gate.text, gate.line, "text", false, gate.clauses);
}

}  // namespace tingan
