// Personal data never stands in the record as it is: not the people of the organisation, not what anybody writes.
#pragma once
#include "sim/checkers/checker.h"

namespace tingan::sim {

class PrivacyChecker final : public Checker {
 public:
  PrivacyChecker(Verdict& verdict, const std::vector<std::string>& secrets);
  void on_record(const StoredRecord& stored, const Record& record) override;

 private:
  const std::vector<std::string>& secrets_;
};

}  // namespace tingan::sim
