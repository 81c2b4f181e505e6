// Gives free memory back to the system: a document takes tens of megabytes for a moment.
#pragma once

namespace tingan {

// For the calling thread's heap and what all share. Some milliseconds; any thread.
void release_memory();

}  // namespace tingan
