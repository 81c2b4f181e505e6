// The queue of one channel: what leaves next, what waits for another try, whether the channel is in order. Real before
// drill, danger before minor, first messages before repeats. Keeps the other side's paces. One thread; time is an
// argument (wall time).
#pragma once
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "base/rate_window.h"
#include "ports/sender.h"
#include "runtime/outbox/message.h"

namespace tingan::outbox {

constexpr std::size_t kInFlightMax = 16;      // of one channel
constexpr std::size_t kWaitingMax = 100'000;  // messages of one channel
constexpr int kFailuresUntilProbing = 3;

class ChannelQueue {
 public:
  // Replaces the paces (the channel's entry has changed); what waits stays.
  void set_paces(const std::vector<Pace>& paces);

  // Joins what waits untried for the same person (or group) about the same thing: it will say how things stand then.
  // False: no room.
  bool add(Message message);

  // The most urgent that may leave at `now`, or nullptr. Valid until the next call that is not const.
  const Message* first(Instant now);
  // It is on its way; settle with went() or failed().
  Message launch(Instant now);
  // There is nothing left to say; never sent.
  Message discard();

  // Takes the message out of flight. nullopt: unknown ticket.
  std::optional<Message> went(std::uint64_t ticket);
  // Waits for another try; the message comes back when it is a dead letter now.
  std::optional<Message> failed(std::uint64_t ticket, const SendResult& result, Instant now, std::uint8_t draw);

  // What has waited or been tried for an hour, as dead letters.
  std::vector<Message> expire(Instant now);
  // Everything that is not in flight (the channel is gone).
  std::vector<Message> take_all();

  // When first() or expire() next has something, as far as is known; kNever: not by itself.
  Instant wake(Instant now) const;
  std::size_t waiting() const { return waiting_.size(); }
  std::size_t in_flight() const { return in_flight_.size(); }
  bool probing() const { return failures_ >= kFailuresUntilProbing; }

 private:
  using Urgency = std::tuple<bool, int, bool, std::uint64_t>;
  using Key = std::tuple<IncidentId, PersonId>;
  static Urgency urgency(const Message& message);
  static Instant expiry(const Message& message);
  void put(Message message);
  Message remove(std::uint64_t ticket);
  void wake_waiting(Instant now);
  std::size_t room() const { return probing() ? 1 : kInFlightMax; }
  Instant open_at(Instant now) const;  // no earlier, whatever is ready

  std::map<std::uint64_t, Message> waiting_;
  std::map<Key, std::uint64_t> untried_;
  std::set<Urgency> ready_;
  std::set<std::pair<Instant, std::uint64_t>> later_;
  std::set<std::pair<Instant, std::uint64_t>> expiries_;
  std::unordered_map<std::uint64_t, Message> in_flight_;
  std::vector<RateWindow> windows_;
  std::uint64_t next_ticket_ = 1;
  int failures_ = 0;  // of the channel itself, in a row
  int probes_ = 0;    // failed ones
  Instant closed_until_{};
};

}  // namespace tingan::outbox
