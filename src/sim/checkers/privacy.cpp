#include "sim/checkers/privacy.h"

namespace tingan::sim {

PrivacyChecker::PrivacyChecker(Verdict& verdict, const std::vector<std::string>& secrets)
    : Checker(verdict), secrets_(secrets) {}

void PrivacyChecker::on_record(const StoredRecord& stored, const Record&) {
  const auto find = [&](std::string_view secret) {
    if (stored.bytes.find(secret) != std::string::npos) {
      verdict_.fail(fmt::format("record {} shows '{}'", stored.gseq, secret));
    }
  };
  find(kPrivateMark);
  for (const std::string& secret : secrets_) find(secret);
}

}  // namespace tingan::sim
