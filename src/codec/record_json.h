// Record <-> canonical JSON bytes (docs/formats/log.md).
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "model/record.h"

namespace tingan {

// UTF-8, no white space, keys in the order of the format page, times as integer milliseconds. Encoding what was decoded
// gives the same bytes.
std::string encode_record(const Record& record);
// Errors: `log.malformed`, `log.unknown-event` (a newer program wrote it: the node must stop), with the place.
Expected<Record> decode_record(std::string_view bytes);

Hash sha256(std::string_view bytes);
std::string to_hex(const Hash& hash);
Expected<Hash> parse_hash(std::string_view hex);

// One event as JSON with "type" and "v", for the API and the exports of rehearsals; same field names as in the log.
std::string encode_event(const AnyEvent& event);
// The stable name: "incident-declared".
std::string_view event_name(const AnyEvent& event);

}  // namespace tingan
