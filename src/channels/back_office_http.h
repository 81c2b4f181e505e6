// A business system with an HTTP interface: one templated request an order, one for a question
// (docs/formats/connectors.md).
#pragma once
#include <memory>

#include "model/connector.h"
#include "ports/back_office.h"
#include "ports/clock.h"

namespace tingan::channels {

// `secret` is what the entry's reference names, resolved by the caller; it is in no log and no error. `clock` is the
// wall time and outlives it. Error: `connectors.bad-secret` where one is needed and empty, or holds a line break.
Expected<std::unique_ptr<BackOffice>> make_http_back_office(const ConnectorConfig& config, const HttpConnector& http,
                                                            const std::string& secret, Clock& clock);

}  // namespace tingan::channels
