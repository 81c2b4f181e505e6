// An incident's records, read back from the log: newest to oldest along prev_of_incident, given oldest first.
#pragma once
#include <functional>
#include <vector>

#include "api/call.h"

namespace tingan::api {

struct LoggedRecord {
  std::uint64_t gseq = 0;
  Record record;
};

// Errors: `store.*`, `log.*`, `incident.too-long` beyond a hundred thousand records.
Expected<std::vector<LoggedRecord>> read_incident(const Service& service, const Who& who, IncidentId id);

// What a person wrote; nullopt where it was erased or nothing was said.
std::optional<std::string> open_words(const Service& service, const Sealed& sealed);

}  // namespace tingan::api
