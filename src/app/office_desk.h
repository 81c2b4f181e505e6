// The reference back office at work: the model (sim/reference_back_office.h) on a thread of its own, with books on
// disk. What arrives together is made durable together; nothing is answered, not even a question, before what it rests
// on is.
#pragma once
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

#include "app/office_books.h"
#include "ports/clock.h"

namespace tingan {

class OfficeDesk {
 public:
  // Nothing: no answer comes, for it was lost on the way.
  using Done = std::function<void(std::optional<EntryResult>)>;
  struct Options {
    std::filesystem::path file;
    sim::OfficeTemper temper;
    std::uint64_t seed = 1;
  };

  // `clock` outlives it. Errors: those of OfficeBooks::open.
  static Expected<std::unique_ptr<OfficeDesk>> open(const Options& options, Clock& clock);
  // What is unfinished is answered with nothing.
  ~OfficeDesk();

  // From any thread; `done` is called once, on the desk's thread.
  void send(OrderToEnter order, Done done);
  void ask(std::string key, Done done);
  // Of what is durable, any thread.
  sim::OfficeCounts counts() const;
  std::vector<sim::OfficeEntry> entries(const std::string& after, std::size_t most) const;

 private:
  struct Case {
    Instant due{};
    std::uint64_t turn = 0;
    std::optional<OrderToEnter> order;  // else a question about `key`
    std::string key;
    Done done;
    bool answered = false;  // on its way back
    std::optional<EntryResult> result;
    Duration back{0};
  };
  struct Later {
    bool operator()(const std::shared_ptr<Case>& a, const std::shared_ptr<Case>& b) const {
      return std::tie(a->due, a->turn) > std::tie(b->due, b->turn);
    }
  };

  OfficeDesk(std::unique_ptr<OfficeBooks> books, const Options& options, Clock& clock);
  void add(std::shared_ptr<Case> one);
  void loop();
  // Those whose time has come; waits for the first. Empty: it stops.
  std::vector<std::shared_ptr<Case>> wait_for_due();
  void work(const std::vector<std::shared_ptr<Case>>& arrived);

  Clock& clock_;
  std::unique_ptr<OfficeBooks> books_;
  // Held while the disk works: nobody counts what is not durable yet.
  mutable std::mutex office_mutex_;
  sim::ReferenceBackOffice office_;
  sim::SeededRandom dice_;
  std::mutex mutex_;  // of all that follows
  sim::SeededRandom roads_;
  std::condition_variable wake_;
  std::priority_queue<std::shared_ptr<Case>, std::vector<std::shared_ptr<Case>>, Later> cases_;
  std::uint64_t turns_ = 0;
  bool stopping_ = false;
  bool broken_ = false;  // of the thread: the disk failed, nothing is answered until it is opened anew
  std::thread thread_;
};

// The desk as a back office of a node in the same process. Not answered is answered as unknown.
std::unique_ptr<BackOffice> make_house_office(std::string connector, std::unique_ptr<OfficeDesk> desk);

}  // namespace tingan
