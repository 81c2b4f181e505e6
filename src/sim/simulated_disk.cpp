#include "sim/simulated_disk.h"

#include <unistd.h>

#include <filesystem>

#include "base/check.h"
#include "store/memory/memory_event_log.h"
#include "store/sqlite/event_log.h"

namespace tingan::sim {
namespace {

namespace fs = std::filesystem;

void fill(EventLog& log, const std::vector<Batch>& content) {
  for (const Batch& batch : content) CHECK(log.append(batch));
}

class InMemory final : public SimulatedDisk {
 public:
  explicit InMemory(const std::vector<Batch>& content) {
    MemoryEventLog log(disk_);
    fill(log, content);
  }
  Expected<std::unique_ptr<EventLog>> open() override { return std::make_unique<MemoryEventLog>(disk_); }
  void before_write() override {}
  void crash(bool, SeededRandom&) override {}

 private:
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
};

// In RAM where the machine has a folder for that: thousands of commits, none of which has to reach a real disk.
fs::path fresh_folder() {
  const fs::path parent = fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
  std::string pattern = (parent / "tingan-sim-XXXXXX").string();
  CHECK(::mkdtemp(pattern.data()) != nullptr);
  return pattern;
}

class InFolder final : public SimulatedDisk {
 public:
  explicit InFolder(const std::vector<Batch>& content) : folder_{fresh_folder()} {
    auto log = SqliteEventLog::open(folder_);
    CHECK(log.has_value());
    fill(**log, content);
  }
  ~InFolder() override {
    std::error_code ignored;
    fs::remove_all(folder_.path, ignored);
    if (!next_.empty()) fs::remove_all(next_, ignored);
  }

  Expected<std::unique_ptr<EventLog>> open() override {
    if (!next_.empty()) {
      fs::remove_all(folder_.path);
      folder_.path = std::exchange(next_, fs::path());
    }
    auto log = SqliteEventLog::open(folder_, {.verify_tail = 200});
    if (!log) return tl::unexpected(log.error());
    return std::unique_ptr<EventLog>(std::move(*log));
  }

  void before_write() override { size_before_ = journal_size(); }

  void crash(bool writing, SeededRandom& random) override {
    next_ = fresh_folder();
    for (const auto& entry : fs::directory_iterator(folder_.path)) {
      const std::string name = entry.path().filename().string();
      // The index of the journal lives in memory that the processes share: it is not there after a power cut.
      if (name.ends_with("-shm") || name == folder_.lock().filename()) continue;
      fs::copy_file(entry.path(), next_ / name);
    }
    const std::uintmax_t size_now = journal_size();
    if (!writing || size_now <= size_before_) return;
    fs::resize_file(next_ / "log.db-wal", size_before_ + random.below(size_now - size_before_ + 1));
  }

 private:
  std::uintmax_t journal_size() const {
    std::error_code none;
    const auto size = fs::file_size(folder_.path / "log.db-wal", none);
    return none ? 0 : size;
  }

  DataFolder folder_;
  fs::path next_;
  std::uintmax_t size_before_ = 0;
};

}  // namespace

std::unique_ptr<SimulatedDisk> memory_disk(const std::vector<Batch>& content) {
  return std::make_unique<InMemory>(content);
}

std::unique_ptr<SimulatedDisk> sqlite_disk(const std::vector<Batch>& content) {
  return std::make_unique<InFolder>(content);
}

}  // namespace tingan::sim
