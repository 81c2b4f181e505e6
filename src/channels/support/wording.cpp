#include "channels/support/wording.h"

#include "base/phone.h"

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

struct Written {
  std::string zh;
  std::string link;
  std::string en;
};

// Whole lines from the front: half an instruction may say the opposite. A line that is longer than any instruction is
// cut inside, before most of the room would stay empty.
std::string first_lines(const std::string& text, std::size_t most) {
  constexpr std::size_t kInstructionMax = 400;
  if (text.size() <= most) return text;
  if (most < kEllipsis.size() + 1) return {};
  const std::size_t end = text.rfind('\n', most - kEllipsis.size() - 1);
  if (end == std::string::npos || most - end > kInstructionMax) return cut_to_bytes(text, most);
  return text.substr(0, end + 1) + std::string(kEllipsis);
}

std::string fitted(const Written& written, std::string_view joint, std::size_t most) {
  const std::string link = written.link.empty() ? std::string() : std::string(joint) + written.link;
  std::string out = first_lines(written.zh, most > link.size() ? most - link.size() : 0) + link;
  if (out.size() > most) return cut_to_bytes(written.zh, most);  // a limit shorter than an address
  if (out.size() < written.zh.size() + link.size()) return out;
  const std::size_t room = most - out.size();
  const std::string twin = room > joint.size() ? first_lines(written.en, room - joint.size()) : std::string();
  return twin.empty() || twin == kEllipsis ? out : out + std::string(joint) + twin;
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

std::string plain_text(const OutgoingNotice& notice, std::string_view console, std::size_t most) {
  const Text head = title(notice);
  Written written{head.zh, {}, head.en};
  add_lines(notice, &Text::zh, "\n{}. {}", unescaped, written.zh);
  add_lines(notice, &Text::en, "\n{}. {}", unescaped, written.en);
  if (const std::string link = link_to(notice, console); !link.empty()) written.link = "签收和详情：" + link;
  return fitted(written, "\n", most);
}

std::string markdown(const OutgoingNotice& notice, std::string_view console, std::size_t most) {
  const Text head = title(notice);
  Written written{"**" + escaped(head.zh) + "**\n", {}, escaped(head.en) + "\n"};
  add_lines(notice, &Text::zh, "\n{}. {}", escaped, written.zh);
  add_lines(notice, &Text::en, "\n{}. {}", escaped, written.en);
  if (const std::string link = link_to(notice, console); !link.empty()) written.link = "[签收和详情](" + link + ")";
  return fitted(written, "\n\n", most);
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
    const auto mobile = mobile_digits(to.phone);
    if (mobile && std::find(out.begin(), out.end(), *mobile) == out.end()) out.push_back(*mobile);
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
