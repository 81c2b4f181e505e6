// connectors.yaml -> ConnectorConfig (docs/formats/connectors.md).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/connector.h"

namespace tingan {

// `file` is named in messages. Errors `connectors.*`, each with file and line: all that is wrong, in the order of the
// file.
tl::expected<std::vector<ConnectorConfig>, std::vector<Error>> parse_connectors(std::string_view yaml,
                                                                                const std::string& file);

}  // namespace tingan
