// The folder of batch files. A batch is first staged, then kept for ourselves, then offered by a rename: after a crash
// at any point it is offered once, and what we wrote is known also when the other side has taken its file away.
//
//   FOLDER/tingan-000017.csv              offered: the other side's to take
//   FOLDER/tingan-000017.result.csv       its answer
//   FOLDER/.tingan/staging                ours, until it is offered
//   FOLDER/.tingan/written                ours: of each batch what is kept of it, no personal data
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tingan::channels {

class BatchFolder {
 public:
  // What is kept of a batch: the keys in it.
  using Digest = std::function<std::string(const std::string& content)>;
  // Makes what is missing, locks, and offers what a crash left staged. Error `connectors.folder`.
  static Expected<std::unique_ptr<BatchFolder>> open(const std::filesystem::path& folder, Digest digest);
  ~BatchFolder();
  BatchFolder(const BatchFolder&) = delete;
  BatchFolder& operator=(const BatchFolder&) = delete;

  // What was kept of all that was ever written, by number.
  Expected<std::map<int, std::string>> written() const;
  // Durable when this returns, and offered unless offer_staged() fails. The number of the batch. Errors
  // `connectors.folder`, `file.*`: then it was not written.
  Expected<int> write(std::string_view content);
  // What is staged is kept and offered. Error: it stays staged.
  Expected<void> offer_staged();
  // Takes the rows that hold this key out of every batch and every answer that lies here, whoever wrote it; a batch
  // without rows goes. Any thread. Errors `file.*`: the rest is done all the same.
  Expected<void> forget_rows(std::string_view key);
  // The result files that are new or have changed since the last look, whole.
  std::map<int, std::string> changed_results();

 private:
  BatchFolder(std::filesystem::path folder, Digest digest, int lock)
      : folder_(std::move(folder)), digest_(std::move(digest)), lock_(lock) {}
  std::filesystem::path staging() const { return folder_ / ".tingan" / "staging"; }
  std::filesystem::path kept() const { return folder_ / ".tingan" / "written"; }

  std::filesystem::path folder_;
  Digest digest_;
  int lock_;
  int next_ = 1;
  std::map<int, std::pair<std::filesystem::file_time_type, std::uintmax_t>> seen_;  // result files
};

}  // namespace tingan::channels
