// Record <-> canonical JSON bytes (docs/formats/log.md).
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "model/record.h"

namespace tingan {

// UTF-8, no white space, keys in the order of the format page, times as integer milliseconds. Encoding what was decoded
// gives the same bytes. Texts are valid UTF-8 (a broken sequence is written as U+FFFD). Any thread.
std::string encode_record(const Record& record);
// Errors: `log.malformed`, `log.not-canonical`, `log.unknown-event` (a newer program wrote it: the node must stop),
// with the place ("events[2].steps[0].due"). Never throws. Names in the bytes are interned: only for bytes of a log.
Expected<Record> decode_record(std::string_view bytes);

// Any thread.
Hash sha256(std::string_view bytes);
// 64 lower-case digits.
std::string to_hex(const Hash& hash);
// Exactly what to_hex gives. Error `log.malformed`.
Expected<Hash> parse_hash(std::string_view hex);

// One event as JSON with "type" and "v", for the API and the exports of rehearsals; same field names as in the log.
std::string encode_event(const AnyEvent& event);
// The stable name: "incident-declared".
std::string_view event_name(const AnyEvent& event);

}  // namespace tingan
