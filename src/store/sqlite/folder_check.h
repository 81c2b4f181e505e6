// What must be there before a node may start. A log, its keys, the node's key and the master key belong together: one
// of them lost is a loss to be told, never a reason to make a new one beside the others.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"
#include "store/sqlite/data_folder.h"

namespace tingan {

enum class FolderState {
  fresh,  // nothing of a node is there, or a first start was interrupted: what is missing may be made
  whole   // all four files are there
};

// Reads names and sizes only. Errors: `data.file-missing` and `data.file-empty`: which, and what to do.
Expected<FolderState> check_folder(const DataFolder& folder);
// Around the making of the files at a first start: as long as the mark stands, an interrupted start is repeated.
// Errors: `file.unwritable`, `file.full`.
Expected<void> begin_first_start(const DataFolder& folder);
void end_first_start(const DataFolder& folder);

}  // namespace tingan
