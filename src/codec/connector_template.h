// Texts of connectors.yaml with places for what an order has: `{{number}}`.
#pragma once
#include "codec/yaml_mapping.h"
#include "model/connector.h"

namespace tingan {

// Problems `unknown-placeholder`, `open-placeholder`, each on the line within the text where it stands.
OrderTemplate read_template(Problems& problems, const YamlNode& node);
// It names this order and no other: by id, key or number.
bool names_one_order(const OrderTemplate& text);
// With something filled in, it is JSON.
bool gives_json(const OrderTemplate& text);

}  // namespace tingan
