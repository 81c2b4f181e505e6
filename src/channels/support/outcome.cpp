#include "channels/support/outcome.h"

#include <boost/json.hpp>
#include <charconv>
#include <ctime>

#include "channels/support/wording.h"

namespace tingan::channels {
namespace {

constexpr std::size_t kWordsMax = 200;
constexpr Duration kWaitMax = std::chrono::hours(24);

std::string in_brackets(std::string_view said) {
  if (said.empty()) return {};
  std::string clean = cut_to_bytes(said, kWordsMax);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return " (" + clean + ")";
}

Error error(const char* code, const std::string& where, Text text, std::string_view said) {
  text.zh += in_brackets(said);
  text.en += in_brackets(said);
  return {code, std::move(text), where};
}

SendResult robot_said(const KnownCode& code, const std::string& where, std::string_view said) {
  switch (code.meaning) {
    case KnownCode::Meaning::busy:
      return busy(where, said, code.wait > Duration::zero() ? std::optional(code.wait) : std::nullopt);
    case KnownCode::Meaning::credentials:
      return refused("channel.credentials", where, said);
    case KnownCode::Meaning::too_large:
      return refused("channel.too-large", where, said);
    case KnownCode::Meaning::refused:
      break;
  }
  return refused("channel.refused", where, said);
}

}  // namespace

SendResult taken(bool delivered) { return {.ok = true, .delivered = delivered}; }

SendResult busy(const std::string& where, std::string_view said, std::optional<Duration> retry_after) {
  return {.recoverable = true,
          .whole_channel = true,
          .error = error("channel.busy", where,
                         {"对方暂时收不下", "Expected the channel to take the message, but it is busy"}, said),
          .retry_after = retry_after};
}

SendResult unclear(const std::string& where) {
  return {.recoverable = true,
          .error = error("channel.unclear", where,
                         {"对方的回答看不懂", "Expected an answer of the channel's form, but it is another"}, {})};
}

SendResult paced(Duration wait) {
  return {.recoverable = true,
          .whole_channel = true,
          .error = error(
              "channel.paced", {},
              {"按对方的频率限制稍后再发", "Expected a free place within the channel's rate, but there is none"}, {}),
          .retry_after = wait};
}

SendResult refused(const char* code, const std::string& where, std::string_view said) {
  return {.error = error(code, where,
                         {"对方拒绝了这条消息", "Expected the channel to take the message, but it refuses"}, said)};
}

SendResult unreachable(const Error& cause) {
  // The cause's own words name host and port at most; its code says enough.
  return {.recoverable = true,
          .whole_channel = true,
          .error = {cause.code, {"联系不上对方", "Expected an answer from the channel, but there is none"}, {}}};
}

SendResult from_status(const net::ClientResponse& response, Instant now) {
  const int status = response.status;
  const std::string where = fmt::format("http {}", status);
  if (status >= 200 && status < 300) return taken();
  if (status == 408 || status == 425 || status == 429 || status >= 500) {
    return busy(where, {}, parse_retry_after(response.headers.get("Retry-After"), now));
  }
  if (status == 401 || status == 403) return refused("channel.credentials", where, {});
  if (status == 413) return refused("channel.too-large", where, {});
  return refused("channel.refused", where, {});
}

std::optional<Duration> parse_retry_after(std::string_view value, Instant now) {
  long seconds = 0;
  const auto [end, bad] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (bad == std::errc() && end == value.data() + value.size() && seconds >= 0) {
    return std::min<Duration>(std::chrono::seconds(std::min(seconds, 86400L)), kWaitMax);
  }
  std::tm date{};
  const std::string text(value);
  if (text.empty() || strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return std::nullopt;
  const Instant at = from_millis(static_cast<std::int64_t>(timegm(&date)) * 1000);
  return std::clamp<Duration>(at - now, Duration::zero(), kWaitMax);
}

SendResult from_robot(const net::ClientResponse& response, std::string_view field, std::string_view words,
                      std::span<const KnownCode> known, Instant now) {
  // The robots answer 200 to nearly everything and say in the body what they mean; a gateway before them does not.
  boost::system::error_code bad;
  const boost::json::value body = boost::json::parse(response.body, bad);
  const boost::json::object* const object = bad ? nullptr : body.if_object();
  const boost::json::value* const number = object == nullptr ? nullptr : object->if_contains(field);
  if (number == nullptr || !number->is_int64()) {
    const SendResult by_status = from_status(response, now);
    return by_status.ok ? unclear(fmt::format("http {}", response.status)) : by_status;
  }
  const auto code = static_cast<long>(number->get_int64());
  if (code == 0) return taken();
  const boost::json::value* const said = object->if_contains(words);
  const std::string_view text = said != nullptr && said->is_string() ? std::string_view(said->get_string()) : "";
  const std::string where = fmt::format("{} {}", field, code);
  for (const KnownCode& entry : known) {
    if (entry.number == code) return robot_said(entry, where, text);
  }
  const SendResult by_status = from_status(response, now);
  if (!by_status.ok && by_status.recoverable) return by_status;
  return refused("channel.refused", where, text);
}

}  // namespace tingan::channels
