#include "ports/blob_store.h"

#include <algorithm>

namespace tingan {

bool is_blob_name(std::string_view name) {
  return name.size() == 64 &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace tingan
