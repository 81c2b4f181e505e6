#include "runtime/outbox/channel_queue.h"

#include "base/check.h"
#include "runtime/outbox/retry.h"

namespace tingan::outbox {

ChannelQueue::Urgency ChannelQueue::urgency(const Message& message) {
  return {message.drill, -static_cast<int>(message.severity), message.repeat(), message.ticket};
}

Instant ChannelQueue::expiry(const Message& message) {
  return (message.tries == 0 ? message.since : message.first_try) + kPatience;
}

void ChannelQueue::set_paces(const std::vector<Pace>& paces) {
  windows_.clear();
  for (const Pace& pace : paces) windows_.emplace_back(pace.messages, pace.per);
}

bool ChannelQueue::add(Message message) {
  const auto known = untried_.find({message.about, message.person});
  if (known != untried_.end()) {
    Message merged = remove(known->second);
    for (Piece& piece : message.pieces) {
      const auto same = std::find_if(merged.pieces.begin(), merged.pieces.end(),
                                     [&](const Piece& p) { return p.n == piece.n && p.person == piece.person; });
      if (same == merged.pieces.end()) {
        merged.pieces.push_back(std::move(piece));
      } else if (same->round > 0) {
        same->round = std::max(same->round, piece.round);  // a first message stays one: nobody has had it yet
      }
    }
    put(std::move(merged));
    return true;
  }
  if (waiting_.size() >= kWaitingMax) return false;
  message.ticket = next_ticket_++;
  message.not_before = message.since;
  put(std::move(message));
  return true;
}

void ChannelQueue::put(Message message) {
  const std::uint64_t ticket = message.ticket;
  if (message.tries == 0) {
    untried_[{message.about, message.person}] = ticket;
    ready_.insert(urgency(message));
  } else {
    later_.emplace(message.not_before, ticket);
  }
  expiries_.emplace(expiry(message), ticket);
  waiting_.emplace(ticket, std::move(message));
}

Message ChannelQueue::remove(std::uint64_t ticket) {
  const auto found = waiting_.find(ticket);
  CHECK(found != waiting_.end());
  Message message = std::move(found->second);
  waiting_.erase(found);
  ready_.erase(urgency(message));
  later_.erase({message.not_before, ticket});
  expiries_.erase({expiry(message), ticket});
  const auto untried = untried_.find({message.about, message.person});
  if (untried != untried_.end() && untried->second == ticket) untried_.erase(untried);
  return message;
}

void ChannelQueue::wake_waiting(Instant now) {
  while (!later_.empty() && later_.begin()->first <= now) {
    ready_.insert(urgency(waiting_.at(later_.begin()->second)));
    later_.erase(later_.begin());
  }
}

Instant ChannelQueue::open_at(Instant now) const {
  Instant at = closed_until_;
  for (const RateWindow& window : windows_) at = std::max(at, now + window.wait(now));
  return at;
}

const Message* ChannelQueue::first(Instant now) {
  wake_waiting(now);
  if (ready_.empty() || in_flight_.size() >= room() || open_at(now) > now) return nullptr;
  return &waiting_.at(std::get<3>(*ready_.begin()));
}

Message ChannelQueue::launch(Instant now) {
  for (RateWindow& window : windows_) window.take(now);
  Message message = discard();
  ++message.tries;
  message.first_try = std::min(message.first_try, now);
  message.probe = probing();
  in_flight_[message.ticket] = message;
  return message;
}

Message ChannelQueue::discard() {
  CHECK(!ready_.empty());
  return remove(std::get<3>(*ready_.begin()));
}

std::optional<Message> ChannelQueue::went(std::uint64_t ticket) {
  const auto found = in_flight_.find(ticket);
  if (found == in_flight_.end()) return std::nullopt;
  Message message = std::move(found->second);
  in_flight_.erase(found);
  failures_ = 0;
  probes_ = 0;
  closed_until_ = Instant{};
  return message;
}

std::optional<Message> ChannelQueue::failed(std::uint64_t ticket, const SendResult& result, Instant now,
                                            std::uint8_t draw) {
  const auto found = in_flight_.find(ticket);
  if (found == in_flight_.end()) return std::nullopt;
  Message message = std::move(found->second);
  in_flight_.erase(found);
  const Duration asked = result.retry_after.value_or(Duration::zero());
  if (result.error.code == "channel.paced") {  // held back on our side: no try at all
    closed_until_ = std::max(closed_until_, now + asked);
    if (--message.tries == 0) message.first_try = kNever;
    message.not_before = now + asked;
    // An untried one may have been followed by another about the same; both may wait.
    put(std::move(message));
    return std::nullopt;
  }
  message.last_error = result.error.code;
  if (result.whole_channel) {
    ++failures_;
    if (message.probe) ++probes_;
    if (asked > Duration::zero()) closed_until_ = std::max(closed_until_, now + asked);
    if (probing()) closed_until_ = std::max(closed_until_, now + backoff(probes_ + 1, draw));
  } else {
    failures_ = 0;
    probes_ = 0;
  }
  message.not_before = now + std::max(asked, backoff(message.tries, draw));
  const bool dead = !result.recoverable || message.tries >= kTriesMax || expiry(message) <= now;
  if (dead) return message;
  put(std::move(message));
  return std::nullopt;
}

std::vector<Message> ChannelQueue::expire(Instant now) {
  std::vector<Message> out;
  while (!expiries_.empty() && expiries_.begin()->first <= now) out.push_back(remove(expiries_.begin()->second));
  return out;
}

std::vector<Message> ChannelQueue::take_all() {
  std::vector<Message> out;
  while (!waiting_.empty()) out.push_back(remove(waiting_.begin()->first));
  return out;
}

Instant ChannelQueue::wake(Instant now) const {
  Instant at = expiries_.empty() ? kNever : expiries_.begin()->first;
  if (in_flight_.size() >= room()) return at;  // a result comes first
  const Instant open = open_at(now);
  if (!ready_.empty()) at = std::min(at, std::max(open, now));
  if (!later_.empty()) at = std::min(at, std::max(open, later_.begin()->first));
  return at;
}

}  // namespace tingan::outbox
