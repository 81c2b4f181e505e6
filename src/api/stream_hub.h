// Server-sent events: one message for every durable record, to everybody who may see it. A thread of its own makes each
// message once and hands the same buffer to all; the engine only leaves the commit here.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "api/worker_pool.h"
#include "core/roster/rights.h"
#include "net/server.h"
#include "ports/event_log.h"
#include "runtime/engine.h"

namespace tingan::api {

// Where a client wants to go on: the Last-Event-ID header, or `last_event_id` in the query. Error
// `query.malformed-position`.
Expected<std::optional<std::uint64_t>> resume_position(const net::Request& request);

class StreamHub {
 public:
  // What the hub knows of sessions: `look` is called on its thread, at least every second and after commits, without a
  // lock; `alive` says whether a session is still there.
  struct SessionCare {
    std::function<void()> look;
    std::function<bool(const std::string& id)> alive;
  };
  StreamHub(const View& view, LogReader& log, WorkerPool& pool, SessionCare sessions);
  ~StreamHub();  // stop()
  StreamHub(const StreamHub&) = delete;
  StreamHub& operator=(const StreamHub&) = delete;

  // `after`: everything since that record comes first, read from the log; nullopt: from now on. The stream ends with
  // the session.
  void open(net::Responder responder, PersonId person, const std::string& session_id,
            std::optional<std::uint64_t> after);
  void on_commit(const Commit& commit);
  void end_session(const std::string& session_id);
  std::size_t count();
  void stop();

  // One connection a browser is what we ask for; a person has a few machines.
  static constexpr std::size_t kPerPersonMax = 20;
  static constexpr std::size_t kWaitingCommitsMax = 20000;

 private:
  struct Subscriber {
    net::EventStream stream;
    PersonId person;
    std::string session_id;
    bool live = false;                                     // false: the log is still being read for it
    std::vector<std::shared_ptr<const std::string>> held;  // what came meanwhile
    std::size_t held_bytes = 0;
    const Organisation* rights_of = nullptr;  // the organisation that `who` was taken from
    std::optional<Who> who;
  };
  using SubscriberPtr = std::shared_ptr<Subscriber>;
  static constexpr std::size_t kHeldBytesMax = 4 * 1024 * 1024;

  void run();
  void show(const Commit& commit);  // with the lock held
  void show_alone(Subscriber& subscriber, const CommittedRecord& record, const Registry& registry, bool covered);
  static void hold(Subscriber& subscriber, const std::shared_ptr<const std::string>& frame);
  void catch_up(const SubscriberPtr& subscriber, std::uint64_t after, std::uint64_t upto);
  void go_live(const SubscriberPtr& subscriber);
  void drop_ended();  // with the lock held

  const View& view_;
  LogReader& log_;
  WorkerPool& pool_;
  const SessionCare sessions_;
  std::mutex mutex_;  // subscribers and `shown_`
  std::vector<SubscriberPtr> subscribers_;
  std::uint64_t shown_ = 0;  // the last record that live streams have got
  std::mutex queue_mutex_;
  std::condition_variable wake_;
  std::deque<Commit> queue_;
  bool overrun_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

// May this person see the record? `incident` as it is now; null for unit events.
bool may_see_record(const Registry& registry, const Who& who, const Record& record, const IncidentPtr& incident);

}  // namespace tingan::api
