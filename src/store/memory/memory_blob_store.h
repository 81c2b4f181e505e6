// BlobStore in memory, for rehearsals and the simulator.
#pragma once
#include <map>
#include <memory>
#include <mutex>

#include "ports/blob_store.h"

namespace tingan {

class MemoryBlobStore final : public BlobStore {
 public:
  Expected<void> put(const std::string& name, std::string_view bytes) override;
  Expected<std::optional<std::string>> get(const std::string& name) override;
  Expected<void> remove(const std::string& name) override;
  std::size_t count() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> blobs_;
};

}  // namespace tingan
