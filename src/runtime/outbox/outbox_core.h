// The outbox without threads: it is given commits, results and the time, and says what to send, what to report, and
// when it next needs attention. Deterministic. runtime/outbox/outbox.h puts it on a thread.
//
// Stages: route.h (who is told, by which channels) -> channel_queue.h (order, paces, tries) -> compose.h (the words, at
// the moment of leaving) -> the sender -> reports.h (the ladder in the log). What the words promise stands in
// docs/formats/channels.md.
//
// The ladder of a notice: `queued` when it is durable (from then on it stands on the program's own screens); `sent`
// when a channel's other side has taken it, or, for a notice that no channel carries, when it has been published to the
// screens (channel `console`); `delivered` when a channel confirms that it reached the person; `seen` and
// `acknowledged` are said by the person, wherever. `failed` counts the channels that gave it up. A notice that became
// moot while it waited (acknowledged, incident ended, silent for a screen) just is not sent by that channel.
#pragma once
#include <functional>
#include <memory>
#include <set>
#include <unordered_map>

#include "ports/random.h"
#include "ports/sender.h"
#include "runtime/engine.h"
#include "runtime/outbox/channel_queue.h"
#include "runtime/outbox/compose.h"
#include "runtime/outbox/promises.h"
#include "runtime/outbox/reports.h"
#include "runtime/outbox/route.h"

namespace tingan {

// Makes the sender of a channel's entry; looks its secret up. Errors: `channel.*`, `file.*`: what goes to the channel
// is a dead letter then. Called on the outbox's thread, at the start and when the entry has changed.
using SenderFactory = std::function<Expected<std::unique_ptr<Sender>>(const ChannelConfig&)>;

ChannelId console_channel();

class OutboxCore {
 public:
  struct Counts {
    std::uint64_t queued = 0;  // messages, each counted once
    std::uint64_t sent = 0;
    std::uint64_t retried = 0;
    std::uint64_t dead = 0;
    std::uint64_t moot = 0;  // nothing was left to say
    std::size_t waiting = 0;
    std::size_t in_flight = 0;
    bool broken = false;  // the entry is wrong, or nobody listens there
  };
  struct Outgoing {
    ChannelId channel;
    std::uint64_t ticket = 0;
    std::shared_ptr<Sender> sender;
    OutgoingNotice notice;
  };
  using Find = std::function<IncidentPtr(IncidentId)>;
  struct Promises {
    std::function<OrderPtr(OrderId)> find;    // the durable state of now
    outbox::PromiseLedger* ledger = nullptr;  // outlives the core; null: nothing is remembered
  };

  // `find` gives the durable state of now. `random` is for the jitter.
  OutboxCore(SenderFactory factory, Find find, Random& random, Promises promises);
  ~OutboxCore();

  // The organisation in force. Channels that went away give up what waits for them (`outbox.channel-removed`).
  void use(const RegistryPtr& registry, Instant now);
  // At the start: what is still to be told of this incident; of all open suspicions.
  void recover(const IncidentState& state, Instant now);
  void recover_suspicions(Instant now);
  // Changes of duty that are in force, as far as the ledger does not say that they were told.
  void recover_roster(Instant now);
  void recover_promise(const OrderState& order, Instant now);
  void on_commit(const Commit& commit, Instant now);

  // Messages that leave now, at most `most`; each is answered by result().
  std::vector<Outgoing> take(Instant now, std::size_t most);
  void result(ChannelId channel, std::uint64_t ticket, const SendResult& result, Instant now);
  std::vector<outbox::Report> reports(Instant now, std::size_t most);
  void report_again(const outbox::Report& report, Instant now) { reports_.again(report, now); }

  // When take() or reports() next has something; kNever: nothing waits. Wall time.
  Instant next() const;
  std::size_t reports_waiting() const { return reports_.waiting(); }
  std::map<ChannelId, Counts> counts() const;  // `console` included

 private:
  struct Channel;

  void enqueue(const outbox::Moment& moment, Instant now);
  void put(Channel& channel, const outbox::Moment& moment, const outbox::PersonTold& told, Instant now);
  bool is_for_show(const outbox::Moment& moment, PersonId person) const;
  const IncidentState& told_by(const Channel& channel, const outbox::Message& message,
                               const IncidentState& state) const;
  void give_up(Channel& channel, const outbox::Message& message, const std::string& code, Instant now);
  void report(const outbox::Message& message, const std::vector<outbox::Piece>& pieces, Rung rung, ChannelId channel,
              const std::string& error, Instant now);
  std::optional<Outgoing> leave(Channel& channel, Instant now);
  void reschedule(Channel& channel, Instant now);
  void connect(Channel& channel, const ChannelConfig& config, Instant now);
  void drop_if_gone(ChannelId id);
  OrderPtr order_of(const outbox::Message& message) const;
  bool is_missed(const Channel& channel, const outbox::Message& message, const outbox::Piece& piece) const;
  // Of a promise: it has been told, or never will be by this channel.
  void remember(const outbox::Message& message, const std::vector<outbox::Piece>& pieces, ChannelId channel);
  bool is_told(const outbox::Moment& moment, const outbox::Piece& piece, ChannelId channel) const;
  std::uint8_t draw();

  SenderFactory factory_;
  Find find_;
  Random& random_;
  Promises promises_;
  RegistryPtr registry_ = Registry::empty();
  const Organisation* organisation_ = nullptr;  // that the channels were made from
  std::unique_ptr<outbox::Routes> routes_;
  std::vector<Channel*> by_position_;
  std::map<ChannelId, std::unique_ptr<Channel>> channels_;
  std::set<std::pair<Instant, ChannelId>> wakes_;
  outbox::Reports reports_;
  Counts console_;
};

}  // namespace tingan
