// What a start looks at before it trusts a log: SQLite has no page checksums, but the chain has.
#pragma once
#include "ports/event_log.h"

namespace tingan::sqlite {

// The last `count` records up to `last`: each matches its hash and its columns, decodes, follows its unit's record
// before it, and none is missing. `reader` must not check hashes itself. Errors: `store.damaged`, `log.unknown-event`.
Expected<void> check_tail(LogReader& reader, std::uint64_t last, std::size_t count, const std::string& where);

}  // namespace tingan::sqlite
