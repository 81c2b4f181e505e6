#include "runtime/outbox/outbox_core.h"

#include <spdlog/spdlog.h>

#include "core/incident/cover.h"
#include "model/vocabulary.h"
#include "runtime/outbox/roster_news.h"

namespace tingan {

using outbox::Message;
using outbox::Moment;
using outbox::Piece;

struct OutboxCore::Channel {
  ChannelConfig config;
  std::shared_ptr<Sender> sender;  // null: the entry is wrong
  std::string broken;              // code, where there is no sender
  outbox::ChannelQueue queue;
  // What each message in flight stands for, as composed.
  std::unordered_map<std::uint64_t, std::vector<Piece>> told;
  Counts counts;
  Instant wake = kNever;
  bool removed = false;
};

namespace {

bool same_entry(const ChannelConfig& a, const ChannelConfig& b) {
  return a.kind == b.kind && a.url == b.url && a.secret == b.secret && a.options == b.options;
}

// Whatever people of the hall are told comes by this group, screen or loudspeaker, too.
bool hall_listens(const ChannelConfig& config, bool group) {
  if (!group && !config.screen) return false;
  return config.roles.empty() || std::any_of(config.roles.begin(), config.roles.end(),
                                             [](RoleId role) { return role == staff_role() || is_hall_role(role); });
}

}  // namespace

ChannelId console_channel() {
  static const ChannelId id("console");
  return id;
}

OutboxCore::OutboxCore(SenderFactory factory, Find find, Random& random, Promises promises)
    : factory_(std::move(factory)), find_(std::move(find)), random_(random), promises_(std::move(promises)) {}
OutboxCore::~OutboxCore() = default;

std::uint8_t OutboxCore::draw() {
  std::uint8_t byte = 0;
  random_.fill(std::span(&byte, 1));
  return byte;
}

void OutboxCore::reschedule(Channel& channel, Instant now) {
  const Instant wake = channel.queue.wake(now);
  if (wake == channel.wake) return;
  if (channel.wake != kNever) wakes_.erase({channel.wake, channel.config.id});
  channel.wake = wake;
  if (wake != kNever) wakes_.emplace(wake, channel.config.id);
}

void OutboxCore::connect(Channel& channel, const ChannelConfig& config, Instant now) {
  const bool fresh = channel.config.id.empty();
  const bool changed = fresh || !same_entry(channel.config, config) || channel.removed;
  channel.config = config;
  channel.removed = false;
  if (!changed) return;
  auto made = factory_(config);
  channel.broken = made ? std::string() : made.error().code;
  channel.sender = made ? std::shared_ptr<Sender>(std::move(*made)) : nullptr;
  channel.queue.set_paces(channel.sender == nullptr ? std::vector<Pace>{} : channel.sender->paces());
  if (channel.sender != nullptr) return reschedule(channel, now);
  spdlog::error("channel {}: {}", config.id.str(), to_string(made.error()));
  for (const Message& message : channel.queue.take_all()) give_up(channel, message, channel.broken, now);
  reschedule(channel, now);
}

void OutboxCore::use(const RegistryPtr& registry, Instant now) {
  registry_ = registry;
  const Organisation& organisation = registry->directory().organisation();
  if (organisation_ == &organisation) return;
  organisation_ = &organisation;
  routes_ = std::make_unique<outbox::Routes>(organisation);
  by_position_.clear();
  std::set<ChannelId> present;
  for (const ChannelConfig& config : organisation.channels) {
    auto& channel = channels_[config.id];
    if (channel == nullptr) channel = std::make_unique<Channel>();
    connect(*channel, config, now);
    by_position_.push_back(channel.get());
    present.insert(config.id);
  }
  std::vector<ChannelId> gone;
  for (const auto& [id, channel] : channels_) {
    if (!present.contains(id)) gone.push_back(id);
  }
  for (const ChannelId id : gone) {
    Channel& channel = *channels_.at(id);
    channel.removed = true;
    for (const Message& message : channel.queue.take_all()) give_up(channel, message, "outbox.channel-removed", now);
    reschedule(channel, now);
    drop_if_gone(id);
  }
}

// What is on its way is still waited for.
void OutboxCore::drop_if_gone(ChannelId id) {
  const auto found = channels_.find(id);
  if (found == channels_.end() || !found->second->removed || found->second->queue.in_flight() > 0) return;
  if (found->second->wake != kNever) wakes_.erase({found->second->wake, id});
  channels_.erase(found);
}

void OutboxCore::report(const Message& message, const std::vector<Piece>& pieces, Rung rung, ChannelId channel,
                        const std::string& error, Instant now) {
  if (message.promise || message.news != nullptr) return remember(message, pieces, channel);
  if (message.suspicion) return;  // has no ladder
  const IncidentPtr state = find_(message.about);
  const auto from = channels_.find(channel);
  const bool in_cover =
      state != nullptr && from != channels_.end() && &told_by(*from->second, message, *state) != state.get();
  for (const Piece& piece : pieces) reports_.add(message.about, in_cover, rung, channel, error, piece.n, now);
}

// After a stand-down under duress whatever reaches the hall tells of the cover, whatever does not tells of what is so.
const IncidentState& OutboxCore::told_by(const Channel& channel, const Message& message,
                                         const IncidentState& state) const {
  if (state.cover.empty()) return state;
  const bool group = channel.sender != nullptr && channel.sender->speaks_to_group();
  const bool hall = hall_listens(channel.config, group) ||
                    (!group && is_of_hall(registry_->directory(), message.pieces.front().person, state.unit));
  return hall ? state.cover.front() : state;
}

// Of the cover's notices those above are sent nothing; the hall sees them climb as ever.
bool OutboxCore::is_for_show(const Moment& moment, PersonId person) const {
  return moment.in_cover && !is_of_hall(registry_->directory(), person, moment.unit);
}

void OutboxCore::give_up(Channel& channel, const Message& message, const std::string& code, Instant now) {
  // Only what still had to be told is missed by anybody.
  std::vector<Piece> pieces = message.pieces;
  std::erase_if(pieces, [&](const Piece& piece) { return !is_missed(channel, message, piece); });
  if (pieces.empty()) {
    if (!message.hidden) ++channel.counts.moot;
    return;
  }
  if (!message.hidden) ++channel.counts.dead;
  spdlog::warn("channel {}: {} not sent: {}", channel.config.id.str(),
               to_string(NoticeId{message.about, pieces.front().n}), code);
  report(message, pieces, Rung::failed, channel.config.id, code, now);
}

OrderPtr OutboxCore::order_of(const Message& message) const {
  OrderId id;
  id.bytes = message.about.bytes;
  return promises_.find ? promises_.find(id) : nullptr;
}

bool OutboxCore::is_missed(const Channel& channel, const Message& message, const Piece& piece) const {
  if (message.suspicion || message.news != nullptr) return true;
  if (message.promise) {
    const OrderPtr order = order_of(message);
    return order != nullptr && outbox::is_worth_telling(*order, piece);
  }
  const IncidentPtr state = find_(message.about);
  return state != nullptr && outbox::is_worth_telling(told_by(channel, message, *state), piece);
}

void OutboxCore::remember(const Message& message, const std::vector<Piece>& pieces, ChannelId channel) {
  if (promises_.ledger == nullptr) return;
  if (message.news != nullptr) {
    const std::string key = outbox::news_key(*message.news, channel);
    if (!promises_.ledger->has(key)) promises_.ledger->add(key);
    return;
  }
  const OrderPtr order = order_of(message);
  if (order == nullptr) return;
  for (const Piece& piece : pieces) {
    const std::string key = outbox::promise_key(*order, piece.n, piece.person, channel);
    if (!promises_.ledger->has(key)) promises_.ledger->add(key);
  }
}

bool OutboxCore::is_told(const Moment& moment, const Piece& piece, ChannelId channel) const {
  if (promises_.ledger == nullptr) return false;
  if (moment.news != nullptr) return promises_.ledger->has(outbox::news_key(*moment.news, channel));
  if (!moment.promise) return false;
  Message message;
  message.about = moment.about;
  const OrderPtr order = order_of(message);
  return order != nullptr && promises_.ledger->has(outbox::promise_key(*order, piece.n, piece.person, channel));
}

void OutboxCore::put(Channel& channel, const Moment& moment, const outbox::PersonTold& told, Instant now) {
  Message message;
  message.about = moment.about;
  message.suspicion = moment.suspicion;
  message.promise = moment.promise;
  message.news = moment.news;
  message.pieces = {told.piece};
  message.drill = moment.drill;
  message.severity = moment.severity;
  message.since = now;
  message.hidden = moment.covered || moment.quiet;
  const std::uint64_t counted = message.hidden ? 0 : 1;
  if (channel.sender == nullptr) {
    channel.counts.queued += counted;
    return give_up(channel, message, channel.broken, now);
  }
  if (!channel.sender->speaks_to_group()) message.person = told.piece.person;
  const std::size_t before = channel.queue.waiting();
  if (!channel.queue.add(message)) {
    channel.counts.queued += counted;
    return give_up(channel, message, "outbox.full", now);
  }
  if (channel.queue.waiting() > before) channel.counts.queued += counted;
}

void OutboxCore::enqueue(const Moment& moment, Instant now) {
  if (moment.people.empty() || routes_ == nullptr) return;
  const Directory& directory = registry_->directory();
  for (const outbox::PersonTold& told : moment.people) {
    bool carried = false;
    for (const std::size_t at : routes_->of_unit(moment.unit)) {
      Channel& channel = *by_position_[at];
      if (!outbox::Routes::takes(channel.config, told.roles)) continue;
      const bool reached = channel.sender == nullptr || channel.sender->speaks_to_group() ||
                           channel.sender->reaches(outbox::recipient_of(told.piece.person, directory));
      if (!reached) continue;
      const bool group = channel.sender != nullptr && channel.sender->speaks_to_group();
      if (moment.covered && hall_listens(channel.config, group)) continue;
      carried = true;
      if (std::find(told.done.begin(), told.done.end(), channel.config.id) != told.done.end()) continue;
      if (is_told(moment, told.piece, channel.config.id)) continue;
      if (is_for_show(moment, told.piece.person)) {
        if (!moment.quiet) {
          ++channel.counts.queued;
          ++channel.counts.sent;
        }
        reports_.add(moment.about, true, Rung::sent, channel.config.id, {}, told.piece.n, now);
        continue;
      }
      put(channel, moment, told, now);
    }
    if (carried || moment.suspicion || moment.promise || moment.news != nullptr) continue;
    if (std::find(told.done.begin(), told.done.end(), console_channel()) != told.done.end()) continue;
    if (!moment.covered && !moment.quiet) {
      ++console_.queued;
      ++console_.sent;
    }
    reports_.add(moment.about, moment.in_cover, Rung::sent, console_channel(), {}, told.piece.n, now);
  }
  for (const std::size_t at : routes_->of_unit(moment.unit)) reschedule(*by_position_[at], now);
}

void OutboxCore::recover(const IncidentState& state, Instant now) {
  const auto take = [&](const IncidentState& shown, bool in_cover) {
    Moment moment = outbox::unfinished(shown, registry_->directory());
    moment.in_cover = in_cover;
    std::erase_if(moment.people, [&](const outbox::PersonTold& told) {
      return !outbox::is_worth_telling(shown, told.piece) ||
             (moment.covered && is_of_hall(registry_->directory(), told.piece.person, shown.unit));
    });
    enqueue(moment, now);
  };
  take(state, false);
  for (const IncidentState& shown : state.cover) take(shown, true);
}

void OutboxCore::recover_suspicions(Instant now) {
  for (const auto& [id, suspicion] : registry_->suspicions()) enqueue(outbox::unfinished(suspicion, *registry_), now);
}

void OutboxCore::recover_promise(const OrderState& order, Instant now) {
  enqueue(outbox::unfinished(order, registry_->directory(), now), now);
}

void OutboxCore::recover_roster(Instant now) {
  for (const Moment& moment : outbox::unfinished_roster(registry_->directory(), now)) enqueue(moment, now);
}

void OutboxCore::on_commit(const Commit& commit, Instant now) {
  use(commit.registry, now);
  for (const CommittedRecord& record : commit.records) {
    for (const Moment& moment : outbox::moments_of(record, *commit.registry)) enqueue(moment, now);
  }
}

// The next message of the channel, or nullopt when there is none now. What nobody needs any more is passed over.
std::optional<OutboxCore::Outgoing> OutboxCore::leave(Channel& channel, Instant now) {
  const outbox::Audience audience{channel.sender->speaks_to_group(), channel.config.screen};
  while (const Message* first = channel.queue.first(now)) {
    std::vector<Piece> told;
    std::optional<OutgoingNotice> notice;
    if (first->news != nullptr) {
      notice = outbox::compose(*first, *first->news, registry_->directory(), audience, told);
    } else if (first->promise) {
      if (const OrderPtr order = order_of(*first)) {
        notice = outbox::compose(*first, *order, registry_->directory(), audience, told);
      }
    } else if (first->suspicion) {
      const Suspicion* suspicion = registry_->suspicion(first->about);
      if (suspicion != nullptr) notice = outbox::compose(*first, *suspicion, *registry_, audience, told);
    } else if (const IncidentPtr state = find_(first->about)) {
      notice = outbox::compose(*first, told_by(channel, *first, *state), registry_->directory(), audience, told);
    }
    if (!notice) {
      if (!channel.queue.discard().hidden) ++channel.counts.moot;
      continue;
    }
    if (!audience.group && !channel.sender->reaches(notice->to)) {
      give_up(channel, channel.queue.discard(), "channel.no-address", now);
      continue;
    }
    const Message message = channel.queue.launch(now);
    if (message.tries > 1 && !message.hidden) ++channel.counts.retried;
    channel.told[message.ticket] = std::move(told);
    return Outgoing{channel.config.id, message.ticket, channel.sender, std::move(*notice)};
  }
  return std::nullopt;
}

std::vector<OutboxCore::Outgoing> OutboxCore::take(Instant now, std::size_t most) {
  std::vector<Outgoing> out;
  while (out.size() < most && !wakes_.empty() && wakes_.begin()->first <= now) {
    const ChannelId id = wakes_.begin()->second;
    Channel& channel = *channels_.at(id);
    for (const Message& message : channel.queue.expire(now)) {
      give_up(channel, message, message.tries == 0 ? "outbox.too-old" : message.last_error, now);
    }
    while (out.size() < most) {
      auto leaving = leave(channel, now);
      if (!leaving) break;
      out.push_back(std::move(*leaving));
    }
    reschedule(channel, now);
  }
  return out;
}

void OutboxCore::result(ChannelId id, std::uint64_t ticket, const SendResult& result, Instant now) {
  const auto found = channels_.find(id);
  if (found == channels_.end()) return;
  Channel& channel = *found->second;
  const auto told = channel.told.find(ticket);
  if (told == channel.told.end()) return;
  const std::vector<Piece> pieces = std::move(told->second);
  channel.told.erase(told);
  if (result.ok) {
    if (const auto message = channel.queue.went(ticket)) {
      if (!message->hidden) ++channel.counts.sent;
      report(*message, pieces, Rung::sent, id, {}, now);
      if (result.delivered) report(*message, pieces, Rung::delivered, id, {}, now);
    }
  } else if (const auto dead = channel.queue.failed(ticket, result, now, draw())) {
    give_up(channel, *dead, result.error.code, now);
  }
  if (channel.removed) {
    for (const Message& message : channel.queue.take_all()) give_up(channel, message, "outbox.channel-removed", now);
  }
  reschedule(channel, now);
  drop_if_gone(id);
}

std::vector<outbox::Report> OutboxCore::reports(Instant now, std::size_t most) { return reports_.take(now, most); }

Instant OutboxCore::next() const { return std::min(reports_.next(), wakes_.empty() ? kNever : wakes_.begin()->first); }

std::map<ChannelId, OutboxCore::Counts> OutboxCore::counts() const {
  std::map<ChannelId, Counts> out;
  out[console_channel()] = console_;
  for (const auto& [id, channel] : channels_) {
    Counts counts = channel->counts;
    counts.waiting = channel->queue.waiting();
    counts.in_flight = channel->queue.in_flight();
    counts.broken = channel->sender == nullptr || channel->queue.probing();
    out[id] = counts;
  }
  return out;
}

}  // namespace tingan
