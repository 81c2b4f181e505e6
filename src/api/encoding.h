// Bytes as text that travels everywhere.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tingan::api {

// Without padding.
std::string base64url(std::span<const std::uint8_t> bytes);
// Takes as long for a near miss as for a far one.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace tingan::api
