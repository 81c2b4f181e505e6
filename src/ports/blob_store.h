// Sealed bytes that are too large for the log: photos and voice notes. The log holds their SHA-256, and that is their
// name. Any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tingan {

class BlobStore {
 public:
  virtual ~BlobStore() = default;
  // Durable when it returns, whole or not at all. `name`: 64 lower-case hex digits. Putting the same again does
  // nothing. Errors: `store.full` (nothing was written), `store.io`.
  virtual Expected<void> put(const std::string& name, std::string_view bytes) = 0;
  // nullopt: not there. Errors: `store.io`.
  virtual Expected<std::optional<std::string>> get(const std::string& name) = 0;
  // For what no event came to point at. Not there is no error.
  virtual Expected<void> remove(const std::string& name) = 0;
};

// 64 lower-case hex digits: nothing else becomes part of a path.
bool is_blob_name(std::string_view name);

}  // namespace tingan
