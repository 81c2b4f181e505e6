#include "channels/support/wording.h"

namespace tingan::channels {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr std::string_view kDrillZh = "【演练】";
constexpr std::string_view kDrillEn = "[DRILL] ";

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Markdown characters of our own texts would be drawn as markup, and a line break would end the item. The robots do not
// agree on a backslash, so their full-width twins stand in.
std::string escaped(const std::string& text) {
  static constexpr std::pair<char, const char*> kTwins[] = {{'*', "＊"}, {'_', "＿"}, {'`', "‘"},  {'[', "［"},
                                                            {']', "］"}, {'<', "＜"}, {'>', "＞"}, {'#', "＃"},
                                                            {'\n', " "}, {'\r', " "}};
  std::string out;
  for (const char c : text) {
    const auto* const twin =
        std::find_if(std::begin(kTwins), std::end(kTwins), [c](const auto& t) { return t.first == c; });
    if (twin == std::end(kTwins)) {
      out.push_back(c);
    } else {
      out += twin->second;
    }
  }
  return out;
}

std::string unescaped(const std::string& text) { return text; }

template <class Escape>
void add_lines(const OutgoingNotice& notice, std::string Text::*language, const char* format_of_line,
               const Escape& escape, std::string& out) {
  int number = 1;
  for (const Text& line : notice.lines) {
    if ((line.*language).empty()) continue;
    out += fmt::format(fmt::runtime(format_of_line), number++, escape(line.*language));
  }
}

std::string link_to(const OutgoingNotice& notice, std::string_view console) {
  return console.empty() || notice.link.empty() ? std::string() : std::string(console) + notice.link;
}

template <class Visit>
void for_each_recipient(const OutgoingNotice& notice, const Visit& visit) {
  visit(notice.to);
  for (const Recipient& other : notice.others) visit(other);
}

}  // namespace

Text marked(const Text& text, bool drill) {
  if (!drill) return text;
  return {std::string(kDrillZh) + text.zh, std::string(kDrillEn) + text.en};
}

Text title(const OutgoingNotice& notice) { return marked(notice.headline, notice.drill); }

std::string plain_text(const OutgoingNotice& notice, std::string_view console) {
  const Text head = title(notice);
  std::string out = head.zh + "\n";
  add_lines(notice, &Text::zh, "{}. {}\n", unescaped, out);
  const std::string link = link_to(notice, console);
  if (!link.empty()) out += "签收和详情：" + link + "\n";
  out += head.en + "\n";
  add_lines(notice, &Text::en, "{}. {}\n", unescaped, out);
  out.pop_back();
  return out;
}

std::string markdown(const OutgoingNotice& notice, std::string_view console) {
  const Text head = title(notice);
  std::string out = "**" + escaped(head.zh) + "**\n\n";
  add_lines(notice, &Text::zh, "{}. {}\n", escaped, out);
  const std::string link = link_to(notice, console);
  if (!link.empty()) out += "\n[签收和详情](" + link + ")\n";
  out += "\n" + escaped(head.en) + "\n\n";
  add_lines(notice, &Text::en, "{}. {}\n", escaped, out);
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

std::string cut_to_bytes(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  if (most < kEllipsis.size()) return {};
  std::size_t end = most - kEllipsis.size();
  while (end > 0 && continues_character(text[end])) --end;
  return std::string(text.substr(0, end)) + std::string(kEllipsis);
}

std::vector<std::string> mobiles(const OutgoingNotice& notice) {
  std::vector<std::string> out;
  for_each_recipient(notice, [&](const Recipient& to) {
    if (!to.phone.empty() && std::find(out.begin(), out.end(), to.phone) == out.end()) out.push_back(to.phone);
  });
  return out;
}

std::string names(const OutgoingNotice& notice) {
  std::string out;
  for_each_recipient(notice, [&](const Recipient& to) {
    if (to.name.empty()) return;
    if (!out.empty()) out += "、";
    out += to.name;
  });
  return out;
}

}  // namespace tingan::channels
