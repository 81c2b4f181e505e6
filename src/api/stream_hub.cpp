#include "api/stream_hub.h"

#include <charconv>

#include "api/event_json.h"
#include "api/visibility.h"
#include "codec/record_json.h"
#include "core/acceptance/decide.h"
#include "core/incident/cover.h"

namespace tingan::api {
namespace {

constexpr std::size_t kReadAtOnce = 128;

using Frame = std::shared_ptr<const std::string>;

Frame frame_of(std::uint64_t gseq, const Record& record, const IncidentPtr& incident, const Registry& registry) {
  return std::make_shared<const std::string>(
      fmt::format("id: {}\ndata: {}\n\n", gseq, record_json(gseq, record, incident.get(), registry)));
}

// What whoever is shown the cover gets of a record; null: nothing.
Frame cover_frame_of(std::uint64_t gseq, const Record& record, const IncidentPtr& incident, const Registry& registry) {
  bool covered = record.time.at >= incident->duress_at;
  const auto shown = record_in_cover(record, covered);
  if (!shown) return nullptr;
  return frame_of(gseq, *shown, IncidentPtr(incident, &incident->cover.front()), registry);
}

}  // namespace

Expected<std::optional<std::uint64_t>> resume_position(const net::Request& request) {
  auto text = request.headers.find("Last-Event-ID");
  if (!text) text = request.query_value("last_event_id");
  if (!text || text->empty()) return std::nullopt;
  std::uint64_t position = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), position);
  if (error != std::errc{} || end != text->data() + text->size()) {
    return fail("query.malformed-position",
                {"Last-Event-ID 应当是收到过的编号", "Expected the id of a message that came before"}, "Last-Event-ID");
  }
  return position;
}

StreamHub::StreamHub(const View& view, LogReader& log, WorkerPool& pool, SessionCare sessions)
    : view_(view), log_(log), pool_(pool), sessions_(std::move(sessions)), shown_(view.last_gseq()) {
  thread_ = std::thread([this] { run(); });
}

StreamHub::~StreamHub() { stop(); }

void StreamHub::stop() {
  {
    const std::lock_guard lock(queue_mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  for (const SubscriberPtr& subscriber : subscribers_) subscriber->stream.close();
  subscribers_.clear();
}

void StreamHub::on_commit(const Commit& commit) {
  {
    const std::lock_guard lock(queue_mutex_);
    if (stopping_) return;
    if (queue_.size() >= kWaitingCommitsMax) {
      // Nobody can follow: end all streams, they come back and read the log.
      overrun_ = true;
      queue_.clear();
    }
    queue_.push_back(commit);
  }
  wake_.notify_one();
}

void StreamHub::run() {
  while (true) {
    std::deque<Commit> commits;
    bool overrun = false;
    {
      constexpr std::chrono::seconds kLook{1};
      std::unique_lock lock(queue_mutex_);
      wake_.wait_for(lock, kLook, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      commits.swap(queue_);
      overrun = std::exchange(overrun_, false);
    }
    sessions_.look();
    const std::lock_guard lock(mutex_);
    drop_ended();
    if (overrun) {
      for (const SubscriberPtr& subscriber : subscribers_) subscriber->stream.close();
      subscribers_.clear();
    }
    for (const Commit& commit : commits) show(commit);
  }
}

// A session that ended before its stream was opened is found here, too.
void StreamHub::drop_ended() {
  std::erase_if(subscribers_, [this](const SubscriberPtr& subscriber) {
    if (!sessions_.alive(subscriber->session_id)) subscriber->stream.close();
    return subscriber->stream.closed();
  });
}

void StreamHub::show(const Commit& commit) {
  const Registry& registry = *commit.registry;
  const Organisation* organisation = &registry.directory().organisation();
  for (const CommittedRecord& record : commit.records) {
    shown_ = record.stored->gseq;
    if (subscribers_.empty()) continue;
    Frame frame;
    Frame cover;
    std::vector<net::EventStream> live;
    std::vector<net::EventStream> live_covered;
    for (const SubscriberPtr& subscriber : subscribers_) {
      if (subscriber->rights_of != organisation) {
        subscriber->who = who_is(registry.directory(), subscriber->person);
        subscriber->rights_of = organisation;
      }
      if (!subscriber->who || !may_see_record(registry, *subscriber->who, *record.record, record.incident)) continue;
      const bool covered =
          record.incident != nullptr && sees_cover(registry.directory(), *subscriber->who, *record.incident);
      if (names_another(*record.record)) {
        // Not the same for everybody: made for this one alone.
        show_alone(*subscriber, record, registry, covered);
        continue;
      }
      Frame& mine = covered ? cover : frame;
      if (mine == nullptr) {
        mine = covered ? cover_frame_of(shown_, *record.record, record.incident, registry)
                       : frame_of(shown_, *record.record, record.incident, registry);
      }
      if (mine == nullptr) continue;
      if (subscriber->live) {
        (covered ? live_covered : live).push_back(subscriber->stream);
      } else {
        hold(*subscriber, mine);
      }
    }
    if (!live.empty()) net::EventStream::broadcast(live, frame);
    if (!live_covered.empty()) net::EventStream::broadcast(live_covered, cover);
  }
}

void StreamHub::hold(Subscriber& subscriber, const std::shared_ptr<const std::string>& frame) {
  subscriber.held.push_back(frame);
  subscriber.held_bytes += frame->size();
  if (subscriber.held_bytes > kHeldBytesMax) subscriber.stream.close();
}

void StreamHub::show_alone(Subscriber& subscriber, const CommittedRecord& record, const Registry& registry,
                           bool covered) {
  const auto shown = without_unnamed(*record.record, view_, registry.directory(), *subscriber.who);
  if (!shown) return;
  const Frame frame = covered ? cover_frame_of(shown_, *shown, record.incident, registry)
                              : frame_of(shown_, *shown, record.incident, registry);
  if (frame == nullptr) return;
  if (subscriber.live) {
    subscriber.stream.send(frame);
  } else {
    hold(subscriber, frame);
  }
}

void StreamHub::open(net::Responder responder, PersonId person, const std::string& session_id,
                     std::optional<std::uint64_t> after) {
  const auto subscriber = std::make_shared<Subscriber>();
  subscriber->person = person;
  subscriber->session_id = session_id;
  const std::lock_guard lock(mutex_);
  drop_ended();
  const auto own = [&](const SubscriberPtr& other) { return other->person == person; };
  if (static_cast<std::size_t>(std::count_if(subscribers_.begin(), subscribers_.end(), own)) >= kPerPersonMax) {
    const auto oldest = std::find_if(subscribers_.begin(), subscribers_.end(), own);
    (*oldest)->stream.close();
    subscribers_.erase(oldest);
  }
  subscriber->stream =
      responder.start_stream({{"Cache-Control", "no-store"},
                              {"X-Content-Type-Options", "nosniff"},
                              {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
                              {"Referrer-Policy", "no-referrer"},
                              {"X-Accel-Buffering", "no"}});
  const std::uint64_t upto = shown_;
  // Who starts anew learns where it starts, so that it can come back there; who comes back beyond the end (another
  // log) starts anew.
  if (!after || *after > upto) {
    subscriber->live = true;
    subscriber->stream.send(std::make_shared<const std::string>(fmt::format("retry: 2000\nid: {}\n\n", upto)));
  } else {
    subscriber->stream.send(std::make_shared<const std::string>("retry: 2000\n\n"));
    if (!pool_.post([this, subscriber, from = *after, upto] { catch_up(subscriber, from, upto); })) {
      subscriber->stream.close();
      return;
    }
  }
  subscribers_.push_back(subscriber);
}

// On the pool, a piece at a time.
void StreamHub::catch_up(const SubscriberPtr& subscriber, std::uint64_t after, std::uint64_t upto) {
  if (after >= upto) return go_live(subscriber);
  const auto records = log_.read_after(after, kReadAtOnce);
  const RegistryPtr registry = view_.registry();
  const auto who = who_is(registry->directory(), subscriber->person);
  if (!records || records->empty() || !who) return subscriber->stream.close();
  for (const StoredRecord& stored : *records) {
    if (stored.gseq > upto) return go_live(subscriber);
    auto record = decode_record(stored.bytes);
    if (!record) return subscriber->stream.close();
    const IncidentPtr incident = record->incident.none() ? nullptr : view_.find(record->incident);
    if (!may_see_record(*registry, *who, *record, incident)) continue;
    if (names_another(*record)) {
      auto shown = without_unnamed(*record, view_, registry->directory(), *who);
      if (!shown) continue;
      *record = std::move(*shown);
    }
    const bool covered = incident != nullptr && sees_cover(registry->directory(), *who, *incident);
    const Frame frame = covered ? cover_frame_of(stored.gseq, *record, incident, *registry)
                                : frame_of(stored.gseq, *record, incident, *registry);
    if (frame != nullptr && !subscriber->stream.send(frame)) {
      return;  // too slow or gone: it comes back from where it got to
    }
  }
  const std::uint64_t reached = records->back().gseq;
  if (reached >= upto) return go_live(subscriber);
  if (!pool_.post([this, subscriber, reached, upto] { catch_up(subscriber, reached, upto); })) {
    subscriber->stream.close();
  }
}

void StreamHub::go_live(const SubscriberPtr& subscriber) {
  const std::lock_guard lock(mutex_);
  for (const Frame& frame : subscriber->held) subscriber->stream.send(frame);
  subscriber->held.clear();
  subscriber->held.shrink_to_fit();
  subscriber->live = true;
}

void StreamHub::end_session(const std::string& session_id) {
  const std::lock_guard lock(mutex_);
  for (const SubscriberPtr& subscriber : subscribers_) {
    if (subscriber->session_id == session_id) subscriber->stream.close();
  }
  drop_ended();
}

std::size_t StreamHub::count() {
  const std::lock_guard lock(mutex_);
  drop_ended();
  return subscribers_.size();
}

bool may_see_record(const Registry& registry, const Who& who, const Record& record, const IncidentPtr& incident) {
  const Directory& directory = registry.directory();
  if (!record.incident.none()) {
    return incident != nullptr && may_see(directory, who, shown_to(directory, who, *incident));
  }
  const auto visible = [&](const UnitEvent& event) {
    return std::visit(
        [&](const auto& e) {
          using E = std::decay_t<decltype(e)>;
          if constexpr (std::is_same_v<E, PlanPublished> || std::is_same_v<E, OrganisationPublished>) {
            return true;
          } else if constexpr (std::is_same_v<E, PasswordSet> || std::is_same_v<E, HallWordsSet> ||
                               std::is_same_v<E, SecurityNoted>) {
            return false;
          } else if constexpr (std::is_same_v<E, SubstitutionSet> || std::is_same_v<E, RoleHandedOver> ||
                               std::is_same_v<E, PresenceStated>) {
            return may_see_unit(directory, who, record.unit);
          } else {
            const Suspicion* suspicion = registry.suspicion(e.suspicion);
            return suspicion != nullptr && may_see_suspicion(directory, who, *suspicion);
          }
        },
        event);
  };
  return std::all_of(record.events.begin(), record.events.end(), [&](const AnyEvent& any) {
    if (std::holds_alternative<AcceptanceEvent>(any)) return may_see_orders(directory, who, record.unit);
    const auto* event = std::get_if<UnitEvent>(&any);
    return event != nullptr && visible(*event);
  });
}

}  // namespace tingan::api
