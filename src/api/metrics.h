// Counters for /metrics. Any thread.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "runtime/engine.h"

namespace tingan::api {

class Metrics {
 public:
  void request(int status);
  void command() { ++commands_; }
  void replayed() { ++replayed_; }
  void refusal(const std::string& code);
  void commit(const Commit& commit);
  void login(bool ok) { ++(ok ? logins_ : failed_logins_); }
  void throttled() { ++throttled_; }
  void evidence_look() { ++evidence_looks_; }
  // accepted, ignored, resolved, refused: what was started is not said, also not by a figure.
  void alarm(const char* result);

  struct Gauges {
    std::size_t queued = 0;
    std::size_t streams = 0;
    std::size_t sessions = 0;
    std::size_t open_incidents = 0;
    std::size_t incidents = 0;
    std::uint64_t last_gseq = 0;
    bool disk_full = false;
    bool ready = false;
    double clock_offset_s = 0;
  };
  // Prometheus text format.
  std::string text(const Gauges& gauges) const;

 private:
  // Of an incident that runs in silence.
  struct Aside {
    std::uint64_t records = 0;
    std::uint64_t commits = 0;
    std::array<std::uint64_t, 6> notices{};
  };
  void lay_aside(const IncidentId& incident, const Record& record);
  void come_out(const IncidentId& incident);
  void count(const Record& record);
  using Counter = std::atomic<std::uint64_t>;
  std::array<Counter, 6> requests_{};  // by the status' first digit
  Counter commands_{0};
  Counter replayed_{0};
  Counter commits_{0};
  Counter records_{0};
  Counter unseen_{0};  // records that run on behind a cover are in no figure
  Counter laid_aside_{0};
  Counter logins_{0};
  Counter failed_logins_{0};
  Counter throttled_{0};
  Counter evidence_looks_{0};
  std::array<Counter, 6> notices_{};  // queued, sent, delivered, seen, acknowledged, failed
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t> refusals_;
  std::map<std::string, std::uint64_t> alarms_;
  std::map<IncidentId, Aside> aside_;
};

}  // namespace tingan::api
