// Which passwords everybody would try first. Pure.
#pragma once
#include <string_view>
#include <vector>

namespace tingan::api {

// How many characters are left to guess when everything that a guesser tries first counts as one: common words and
// passwords (common-passwords.txt), repeated characters, runs along the alphabet, the digits or the keyboard, years and
// dates, and the words given (the log-in name's parts). `pa$$w0rd` is read as `password`.
std::size_t guessing_length(std::string_view password, const std::vector<std::string_view>& known);

constexpr std::size_t kGuessingLengthMin = 6;

}  // namespace tingan::api
