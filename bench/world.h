// A node without its network, for benchmarks: the real engine over the real store, in a folder of its own, with a
// generated organisation.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "runtime/bootstrap.h"
#include "runtime/engine.h"
#include "runtime/node_identity.h"
#include "store/sqlite/event_log.h"
#include "store/sqlite/key_store.h"

namespace tingan::bench {

// Fast and repeatable; nothing here needs secrets.
class BenchRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t state_ = 0x9e3779b97f4a7c15ULL;
};

// `halls` halls under one centre; `people` of each role in a hall (0: one director only), everybody on shift round the
// clock.
std::string organisation_yaml(std::size_t halls, bool every_role);

class BenchWorld {
 public:
  // In a fresh folder under the system's temporary one; removed with the object.
  BenchWorld();
  ~BenchWorld();

  // Opens store and engine; what was there comes back.
  void open();
  void close();  // as a crash would: nothing is written any more
  void publish(const std::string& organisation, const std::string& plans_dir);

  EngineCore& core() { return *core_; }
  const std::filesystem::path& folder() const { return folder_; }
  BenchRandom random;

 private:
  std::filesystem::path folder_;
  std::unique_ptr<SqliteEventLog> log_;
  std::unique_ptr<SqliteKeyStore> keys_;
  std::unique_ptr<NodeIdentity> identity_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<EngineCore> core_;
};

// Resident memory of this process in bytes.
std::size_t resident_bytes();
double seconds_since(std::chrono::steady_clock::time_point start);

}  // namespace tingan::bench
