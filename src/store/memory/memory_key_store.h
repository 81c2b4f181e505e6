// KeyStore in memory, for rehearsals and the simulator. The keys live in the shared map and survive the store object.
#pragma once
#include <map>
#include <memory>
#include <mutex>

#include "ports/key_store.h"
#include "ports/random.h"

namespace tingan {

struct MemoryKeys {
  std::mutex mutex;
  std::map<std::string, std::optional<SealKey>> keys;  // nullopt: destroyed
};

// As the port says. `random` must outlive it.
class MemoryKeyStore final : public KeyStore {
 public:
  MemoryKeyStore(std::shared_ptr<MemoryKeys> keys, Random& random) : keys_(std::move(keys)), random_(random) {}

  Expected<SealKey> get_or_create(const std::string& name) override;
  Expected<void> make_all(const std::vector<std::string>& names) override;
  Expected<std::optional<SealKey>> get(const std::string& name) override;
  Expected<void> destroy(const std::string& name) override;

 private:
  std::shared_ptr<MemoryKeys> keys_;
  Random& random_;
};

}  // namespace tingan
