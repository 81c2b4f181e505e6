// What an answer means for the notice: taken, try again, or give up. The codes are stable:
//   channel.busy         too many messages or out of order for a while (recoverable)
//   channel.unclear      an answer that cannot be read (recoverable: whether it was taken is unknown)
//   channel.paced        held back here, to keep the other side's limit (recoverable)
//   channel.credentials  key, token, signature or address of the robot is wrong (final)
//   channel.refused      the other side refuses this message (final)
//   channel.too-large    ... because of its size (final)
//   channel.no-address   the person cannot be reached this way (final)
//   net.*                nobody answers (recoverable)
// No text here ever holds a URL or a secret.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "net/client.h"
#include "ports/sender.h"

namespace tingan::channels {

SendResult taken(bool delivered = false);
// `where` names the answer ("http 503", "errcode 45009"); `said` are the other side's words and get cut.
SendResult busy(const std::string& where, std::string_view said, std::optional<Duration> retry_after = {});
SendResult unclear(const std::string& where);
SendResult paced(Duration wait);
SendResult refused(const char* code, const std::string& where, std::string_view said);
// The request got no answer.
SendResult unreachable(const Error& error);

// 2xx: taken; 408, 425, 429 and 5xx: busy, with Retry-After respected; everything else refused.
SendResult from_status(const net::ClientResponse& response, Instant now);
// Seconds or an HTTP date (RFC 9110 section 10.2.3); at most a day.
std::optional<Duration> parse_retry_after(std::string_view value, Instant now);

// One known number of a robot and what follows from it.
struct KnownCode {
  enum class Meaning { busy, credentials, refused, too_large };
  long number;
  Meaning meaning;
  Duration wait{};  // busy: not before that
};
// A robot's answer: HTTP status first, then `field` ("errcode", "code") of its JSON. 0 is taken; a number that is not
// in the table is refused when the robot gave it, for it will say the same again.
SendResult from_robot(const net::ClientResponse& response, std::string_view field, std::string_view words,
                      std::span<const KnownCode> known, Instant now);

}  // namespace tingan::channels
