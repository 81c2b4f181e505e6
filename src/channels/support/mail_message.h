// One e-mail, as it goes over the wire: RFC 5322 with MIME (RFC 2045, 2047), UTF-8 in the subject and in the body.
#pragma once
#include <string>
#include <string_view>

#include "ports/sender.h"

namespace tingan::channels {

struct MailSettings {
  std::string from;       // address
  std::string from_name;  // shown
  std::string console;    // address of the console, for the link; may be empty
};

// CRLF lines. The Message-ID is the notice's: "<id.round@domain of from>"; repeats are answers to the first, so that
// mail programs show them together. `now` is the Date.
std::string mail_message(const OutgoingNotice& notice, const MailSettings& settings, Instant now);

// A plain address (local@domain, printable ASCII, nothing that could end a header or a command).
bool is_mail_address(std::string_view address);

// "=?UTF-8?B?...?=" words of at most 75 characters each, folded; ASCII without controls stays as it is.
std::string encoded_header(std::string_view text);

}  // namespace tingan::channels
