// What must hold of every course, whatever happens in it. Each checker follows the durable record by itself and knows
// nothing of how the node does its work.
#pragma once
#include <optional>
#include <string>

#include "runtime/engine.h"
#include "sim/workloads/request.h"

namespace tingan::sim {

// The first thing that is wrong in a course.
class Verdict {
 public:
  void fail(std::string_view what);
  bool failed() const { return what_.has_value(); }
  const std::optional<std::string>& what() const { return what_; }

 private:
  std::optional<std::string> what_;
};

class Checker {
 public:
  explicit Checker(Verdict& verdict) : verdict_(verdict) {}
  virtual ~Checker() = default;
  // Each durable record once, in the order of the log; also those of which nobody was told.
  virtual void on_record(const StoredRecord&, const Record&) {}
  // The node is about to fire clocks, or to take commands: what is recorded until the next call belongs to that.
  virtual void on_tick() {}
  virtual void on_commands() {}
  // The node runs, has fired everything that is due at `now`, and has nothing left to do.
  virtual void on_quiet(Instant /*now*/, EngineCore&) {}
  // It has just come back.
  virtual void on_boot(EngineCore&) {}
  // A client got an answer. `durable` is the last record that is safe on the disk.
  virtual void on_reply(const Request&, const Outcome&, std::uint64_t /*durable*/) {}
  // After the healed phase, over the whole record.
  virtual void on_end(Instant /*now*/, EngineCore&) {}

 protected:
  Verdict& verdict_;
};

}  // namespace tingan::sim
