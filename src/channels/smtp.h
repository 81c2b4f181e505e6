// E-mail over SMTP, one message a person.
//
// The protocol is libcurl's: it does STARTTLS, TLS, AUTH (PLAIN, LOGIN, CRAM-MD5, SCRAM ...) and keeps connections, and
// is in every Debian; an SMTP of our own over Asio would be a thousand lines with nothing to gain. The message is ours
// (support/mail_message.h), because it is what people read.
//
// Facts: RFC 5321 section 4.2.1: 4yz means "try again" (greylisting answers 450 or 451, RFC 6647), 5yz means "no"; 421
// closes the service for everybody. RFC 4954: 530, 534, 535 and 538 are about AUTH. 552 is too large (RFC 1870).
#pragma once
#include <memory>
#include <string>

#include "channels/support/reach.h"
#include "model/organisation.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan::channels {

struct SmtpMeans {
  std::string password;          // of `user`
  std::string ca_file;           // of the authority that option `ca` names; empty: the system's
  const Reach* reach = nullptr;  // outlives the sender
};

// `url`: smtp://host:port (STARTTLS is demanded) or smtps://host:port. Options: `from` (needed), `from_name`, `user`,
// `tls` required (default) or none, `ca` (a name that the operator gave a file), `console`. A password never goes out
// without TLS, but to this very machine. Errors: `channel.bad-config`.
Expected<std::unique_ptr<Sender>> make_smtp(const ChannelConfig& config, const SmtpMeans& means, Clock& clock);

}  // namespace tingan::channels
