// What was erased, by the names of its keys: outlives the folder, so that an older backup that is brought back loses
// again what had been erased since. Names are ids ("order:...", "person:...", "incident:..."), nothing else.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite/data_folder.h"

namespace tingan {

// Of a folder, also beside a running node; in order. Errors: `store.none` (no keys here), `store.*`.
Expected<std::vector<std::string>> erased_names(const DataFolder& folder);
// Destroys these keys in a folder that no node uses; those that never were there are barred. How many keys were still
// there. Errors: `store.*`.
Expected<std::size_t> erase_again(const DataFolder& folder, const std::vector<std::string>& names);

// One name a line; lines that begin with # say what the file is.
std::string write_erased(const std::vector<std::string>& names);
// Error `erased.malformed`, with the line.
Expected<std::vector<std::string>> read_erased(std::string_view text);

}  // namespace tingan
