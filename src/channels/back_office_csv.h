// A business system that takes batch files: orders are gathered into CSV files in a folder, and the other side puts a
// result file beside each (docs/formats/connectors.md).
#pragma once
#include <memory>

#include "model/connector.h"
#include "ports/back_office.h"
#include "ports/clock.h"

namespace tingan::channels {

// Takes the folder for itself until it goes. `clock` is the wall time and outlives it. Errors: `connectors.folder` (not
// there, not writable, in use), `file.*`.
Expected<std::unique_ptr<BackOffice>> make_csv_back_office(const ConnectorConfig& config, const CsvConnector& csv,
                                                           Clock& clock);

}  // namespace tingan::channels
