// For tests only: what the tests of security say in common, beside the node of testing.h.
#pragma once
#include "api/testing.h"

namespace tingan::api::testing {

inline const Fields no_fields;

inline Fields bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

inline std::string person_body(const std::string& roles, const std::string& unit = "hall-a") {
  return "{\"name\":\"新人\",\"unit\":\"" + unit + "\",\"roles\":" + roles + "}";
}

}  // namespace tingan::api::testing
