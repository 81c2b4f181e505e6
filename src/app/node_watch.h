// What a node looks after beside its work, once a second on a thread of its own: its clock against the wall's, the room
// on its disk, when erasing may begin, what nothing names any more. Says what is wrong in the log, in /metrics and to
// whoever asks.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/api.h"
#include "runtime/clock_trust.h"
#include "runtime/engine.h"
#include "runtime/node_clock.h"
#include "store/files/blob_folder.h"
#include "store/files/disk_reserve.h"
#include "store/sqlite/data_folder.h"

namespace tingan {

class NodeWatch {
 public:
  // All outlive it; `engine` runs.
  struct Parts {
    DataFolder folder;
    NodeClock& clock;
    NodeClock& wall_clock;
    DiskReserve& room;
    Engine& engine;
    LogReader& log;
    BlobFolder& blobs;
  };
  NodeWatch(Parts parts, ClockVerdict verdict, Duration confirmed_before, double time_scale);
  ~NodeWatch();  // stop()

  void start();
  void stop();
  // Any thread.
  std::vector<api::NodeWarning> warnings() const;
  std::string metrics() const;
  bool erasing_allowed() const { return trust_.erasing_allowed(); }

 private:
  void loop();
  void look();
  void look_at_clock();
  void look_at_disk();
  void note();
  void sweep();

  Parts parts_;
  double time_scale_;
  ClockTrust trust_;
  std::atomic<ClockVerdict> verdict_;
  std::atomic<std::uint64_t> swept_{0};
  // Of the thread.
  bool apart_ = false;
  bool erasing_ = false;
  Room room_ = Room::plenty;
  std::chrono::steady_clock::time_point note_at_{};
  std::chrono::steady_clock::time_point sweep_at_{};

  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace tingan
