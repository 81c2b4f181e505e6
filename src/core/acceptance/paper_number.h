// Numbers as they stand on paper: with two digits that catch a misread or mistyped one.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"

namespace tingan {

// Two check digits by ISO 7064 MOD 97-10 over the letters (a = 10 .. z = 35) and digits of "hall-a-000123". Catches any
// single wrong character and swapped neighbours.
std::string number_check(std::string_view number);

// What people write of a paper's number: "123", "000123", "hall-a-000123", each also with "-42" or " 42" for the check
// digits, or the QR code's text. nullopt: none of these, another hall's, zero, or the check digits are wrong.
std::optional<std::uint32_t> read_paper_number(UnitId unit, std::string_view text);

}  // namespace tingan
