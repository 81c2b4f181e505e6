// The last stage: what became of notices goes back into the log, as few commands as it takes. One thread.
#pragma once
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "model/command.h"

namespace tingan::outbox {

// Reports of one incident, channel and outcome within this span go as one command. Nobody waits for them, and a storm
// must not pay a record for each.
constexpr Duration kReportHold{200};

struct Report {
  IncidentId incident;
  ReportDelivery command;
};

class Reports {
 public:
  // `in_cover`: `n` counts in what the hall is shown after a stand-down under duress.
  void add(IncidentId incident, bool in_cover, Rung rung, ChannelId channel, const std::string& error, std::uint32_t n,
           Instant now);
  // A report that was refused for want of room comes back.
  void again(const Report& report, Instant now);
  // Those that have been held long enough, oldest first, at most `most`.
  std::vector<Report> take(Instant now, std::size_t most);
  Instant next() const;  // kNever: none
  std::size_t waiting() const { return order_.size(); }

 private:
  using Key = std::tuple<IncidentId, bool, Rung, ChannelId, std::string>;
  struct Held {
    Instant since;
    Key key;
  };
  std::map<Key, std::vector<std::uint32_t>> notices_;
  std::deque<Held> order_;
};

}  // namespace tingan::outbox
