#include "base/symbol.h"

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace tingan {
namespace {

struct Pool {
  std::shared_mutex mutex;
  std::unordered_map<std::string_view, std::unique_ptr<const std::string>> names;
};

// Never destroyed: symbols in other statics may outlive any order of destruction.
Pool& pool() {
  static Pool* const instance = new Pool;
  return *instance;
}

}  // namespace

const std::string* find_interned(std::string_view name) {
  Pool& p = pool();
  const std::shared_lock lock(p.mutex);
  const auto found = p.names.find(name);
  return found == p.names.end() ? nullptr : found->second.get();
}

const std::string* intern(std::string_view name) {
  static const std::string empty;
  if (name.empty()) return &empty;
  if (const std::string* known = find_interned(name)) return known;
  Pool& p = pool();
  const std::unique_lock lock(p.mutex);
  if (const auto found = p.names.find(name); found != p.names.end()) return found->second.get();
  auto owned = std::make_unique<const std::string>(name);
  const std::string* stable = owned.get();
  p.names.emplace(std::string_view(*stable), std::move(owned));
  return stable;
}

}  // namespace tingan
