#include "store/memory/memory_blob_store.h"

#include "base/check.h"

namespace tingan {

Expected<void> MemoryBlobStore::put(const std::string& name, std::string_view bytes) {
  CHECK(is_blob_name(name));
  const std::lock_guard lock(mutex_);
  blobs_.emplace(name, bytes);
  return {};
}

Expected<std::optional<std::string>> MemoryBlobStore::get(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = blobs_.find(name);
  return found == blobs_.end() ? std::optional<std::string>() : std::optional<std::string>(found->second);
}

Expected<void> MemoryBlobStore::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  blobs_.erase(name);
  return {};
}

std::size_t MemoryBlobStore::count() const {
  const std::lock_guard lock(mutex_);
  return blobs_.size();
}

}  // namespace tingan
