// Nothing acknowledged is lost; the same key never has two effects, and always the same answer; nobody is answered
// before it is durable.
#pragma once
#include <map>

#include "sim/checkers/checker.h"

namespace tingan::sim {

class AcknowledgedChecker final : public Checker {
 public:
  // `sealer` opens the envelopes of the course.
  AcknowledgedChecker(Verdict& verdict, Sealer& sealer) : Checker(verdict), sealer_(sealer) {}

  void on_record(const StoredRecord& stored, const Record& record) override;
  void on_reply(const Request& request, const Outcome& outcome, std::uint64_t durable) override;
  void on_end(Instant now, EngineCore& core) override;

 private:
  struct Effects {
    int count = 0;
    std::uint64_t gseq = 0;
  };
  void note(const Sealed& text, const StoredRecord& stored);

  Sealer& sealer_;
  std::map<std::string, Effects> effects_;  // by token
  std::map<std::string, Answer> answers_;   // by token: what the client was told, for good
  std::map<std::string, std::string> whats_;
};

}  // namespace tingan::sim
