#include "app/release_memory.h"

#include <malloc.h>

// There in programs that are linked with mimalloc, and null in the others.
extern "C" __attribute__((weak)) void mi_collect(bool force);

namespace tingan {

void release_memory() {
  if (&mi_collect != nullptr) mi_collect(true);
  malloc_trim(0);
}

}  // namespace tingan
