#include "store/memory/memory_key_store.h"

namespace tingan {

Expected<SealKey> MemoryKeyStore::get_or_create(const std::string& name) {
  const std::lock_guard lock(keys_->mutex);
  const auto [entry, fresh] = keys_->keys.try_emplace(name);
  if (fresh) random_.fill(entry->second.emplace());
  if (!entry->second) {
    return fail(
        "seal.destroyed",
        {"此密钥已销毁，其内容已永久删除", "Expected a key, but it was destroyed: what it sealed is erased for good"},
        name);
  }
  return *entry->second;
}

Expected<void> MemoryKeyStore::make_all(const std::vector<std::string>& names) {
  const std::lock_guard lock(keys_->mutex);
  for (const std::string& name : names) {
    const auto [entry, fresh] = keys_->keys.try_emplace(name);
    if (fresh) random_.fill(entry->second.emplace());
  }
  return {};
}

Expected<std::optional<SealKey>> MemoryKeyStore::get(const std::string& name) {
  const std::lock_guard lock(keys_->mutex);
  const auto found = keys_->keys.find(name);
  if (found == keys_->keys.end()) return std::optional<SealKey>();
  return found->second;
}

Expected<void> MemoryKeyStore::destroy(const std::string& name) {
  const std::lock_guard lock(keys_->mutex);
  keys_->keys[name].reset();
  return {};
}

}  // namespace tingan
