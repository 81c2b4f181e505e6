#include "channels/support/mail_message.h"

#include <algorithm>

#include "channels/support/signing.h"
#include "channels/support/wording.h"

namespace tingan::channels {
namespace {

constexpr std::size_t kWordBytes = 45;    // 60 of base64 and 12 around it: within the 75 of RFC 2047
constexpr std::size_t kBodyLine = 76;     // RFC 2045 section 6.8
constexpr std::size_t kSubjectMax = 400;  // bytes; the body has it all
constexpr std::size_t kBodyMax = 64 * 1024;

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// In a phrase before an address specials would need quotes; encoding is the simpler cure.
std::string phrase(std::string_view name) {
  const bool bare = std::all_of(name.begin(), name.end(), [](char c) {
    return c == ' ' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
  if (bare) return std::string(name);
  return encoded_header(name);
}

std::string mailbox(std::string_view name, std::string_view address) {
  if (name.empty()) return fmt::format("<{}>", address);
  return fmt::format("{} <{}>", phrase(name), address);
}

// RFC 5322 section 3.3, in the organisation's usual zone.
std::string mail_date(Instant at) {
  static constexpr const char* kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const LocalTime local = local_time(at, Zone{});
  const std::int64_t second = ((to_millis(at) / 1000) % 60 + 60) % 60;
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0800", kDays[local.weekday], local.day,
                     kMonths[local.month - 1], local.year, local.minute / 60, local.minute % 60, second);
}

std::string message_id(const OutgoingNotice& notice, int round, std::string_view from) {
  return fmt::format("<{}.r{}@{}>", notice.id, round, from.substr(from.find('@') + 1));
}

std::string body_lines(const std::string& text) {
  std::string lines;
  for (const char c : text) lines += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const std::string encoded = base64(lines);
  std::string out;
  for (std::size_t at = 0; at < encoded.size(); at += kBodyLine) out += encoded.substr(at, kBodyLine) + "\r\n";
  return out;
}

}  // namespace

bool is_mail_address(std::string_view address) {
  const std::size_t at = address.find('@');
  if (address.size() > 254 || at == 0 || at == std::string_view::npos || at + 1 == address.size()) return false;
  return address.find('@', at + 1) == std::string_view::npos && std::all_of(address.begin(), address.end(), [](char c) {
           return c > 0x20 && c < 0x7f && c != '<' && c != '>' && c != '"' && c != ',' && c != ';' && c != '\\';
         });
}

std::string encoded_header(std::string_view text) {
  if (is_plain(text) && text.size() <= 60 && text.find("=?") == std::string_view::npos) return std::string(text);
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = std::min(text.size(), at + kWordBytes);
    // A character may not be spread over two words.
    while (end < text.size() && end > at + 1 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base64(text.substr(at, end - at)) + "?=";
    at = end;
  }
  return out;
}

std::string mail_message(const OutgoingNotice& notice, const MailSettings& settings, Instant now) {
  const Text head = title(notice);
  std::string out;
  const auto header = [&out](std::string_view name, std::string_view value) {
    out += fmt::format("{}: {}\r\n", name, value);
  };
  header("Date", mail_date(now));
  header("From", mailbox(settings.from_name, settings.from));
  header("To", mailbox(notice.to.name, notice.to.email));
  header("Message-ID", message_id(notice, notice.round, settings.from));
  if (notice.round > 0) {
    header("In-Reply-To", message_id(notice, 0, settings.from));
    header("References", message_id(notice, 0, settings.from));
  }
  header("Subject", encoded_header(cut_to_bytes(head.zh + " / " + head.en, kSubjectMax)));
  // No holiday robot shall answer (RFC 3834).
  header("Auto-Submitted", "auto-generated");
  if (notice.severity == "danger" && !notice.drill) header("Importance", "high");
  header("X-Tingan-Notice", fmt::format("{}#{}", notice.id, notice.round));
  if (notice.drill) header("X-Tingan-Drill", "yes");
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "base64");
  out += "\r\n" + body_lines(plain_text(notice, settings.console, kBodyMax) + "\n");
  return out;
}

}  // namespace tingan::channels
