// A consistent copy of a data folder, also of a node that is running in another process.
#pragma once
#include "store/sqlite/data_folder.h"

namespace tingan {

// Copies the log, the keys and the identity of `from` into the new folder `to`; not the snapshot, which any start makes
// anew. The node goes on writing meanwhile: the copy is the log of one moment, and holds every key that it needs.
// Errors: `store.rotating` (the master key is being replaced: once more), `store.none`, `backup.not-empty` (there is
// something in `to`), `store.*`, `file.*`.
Expected<void> copy_data_folder(const DataFolder& from, const DataFolder& to);

}  // namespace tingan
