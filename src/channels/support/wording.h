// The words of a message, as every channel sends them: short plain Chinese first, then English; a drill is marked in
// both, wherever it is read.
#pragma once
#include <string>
#include <string_view>

#include "ports/sender.h"

namespace tingan::channels {

// "【演练】..." and "[DRILL] ..." in front of what is a drill.
Text marked(const Text& text, bool drill);
// One line: what, where, and what to do; marked.
Text title(const OutgoingNotice& notice);

// Chinese headline, the numbered Chinese lines, the link to acknowledge, then the English twin. `console` is the
// address of the console ("https://tingan.example"); empty: no link. Text without any markup.
//
// At most `most` bytes. What does not fit is given up from its end, whole lines at a time, English before Chinese; the
// link is never cut, for a message that cannot be acknowledged calls people again for nothing.
std::string plain_text(const OutgoingNotice& notice, std::string_view console, std::size_t most = std::string::npos);
// The same as Markdown that WeCom, DingTalk and Feishu all draw alike: a bold first line and lists, nothing finer.
std::string markdown(const OutgoingNotice& notice, std::string_view console, std::size_t most = std::string::npos);

// At most `most` bytes, cut between two characters, with an ellipsis where something was cut. Never a broken character.
std::string cut_to_bytes(std::string_view text, std::size_t most);

// Mobile numbers of everybody told by this message, eleven digits each, without doubles, in order. Who has a land line
// or another number is not among them: a robot would call a stranger, or refuse the message.
std::vector<std::string> mobiles(const OutgoingNotice& notice);
// Names, where the message itself has to say who is meant.
std::string names(const OutgoingNotice& notice);

}  // namespace tingan::channels
