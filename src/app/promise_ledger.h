// What was told of promises, in a file beside the log: one key a line. Losing it means that some warnings of the last
// day may be told once more, nothing else, so it is no part of a backup.
#pragma once
#include <filesystem>
#include <set>

#include "runtime/outbox/promises.h"

namespace tingan {

class PromiseLedgerFile : public outbox::PromiseLedger {
 public:
  // Reads what is there, without what is too old to be asked about again. A line that a crash cut off is passed over.
  PromiseLedgerFile(std::filesystem::path file, Instant now);
  ~PromiseLedgerFile() override;
  PromiseLedgerFile(const PromiseLedgerFile&) = delete;
  PromiseLedgerFile& operator=(const PromiseLedgerFile&) = delete;

  bool has(const std::string& key) const override { return keys_.contains(key); }
  // What cannot be written (a full disk) is remembered until the end of the process.
  void add(const std::string& key) override;

 private:
  void read(Instant now);

  std::filesystem::path file_;
  std::set<std::string> keys_;
  int descriptor_ = -1;
};

}  // namespace tingan
