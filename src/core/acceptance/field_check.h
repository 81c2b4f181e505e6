// Checks what a clerk filled in, before it is sealed: the customer, each field of the business type, documents.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/business_type.h"

namespace tingan {

// Mainland mobile number: 11 digits, 1 and then 3 to 9.
bool is_mobile(std::string_view text);
// GB 11643-1999: 17 digits and a check character by ISO 7064 MOD 11-2; the date of birth exists and is not after
// `today`.
bool is_resident_id(std::string_view text, LocalTime today);
// The check character (0-9 or X) for 17 digits.
char resident_id_check(std::string_view seventeen);
// 5 to 9 letters and digits, a letter first (China: E or G and 8; others alike).
bool is_passport(std::string_view text);
// "128.50" -> 12850. nullopt: not an amount, negative, or beyond 10 million yuan.
std::optional<std::int64_t> parse_money(std::string_view text);
bool is_date(std::string_view text);
bool matches(std::string_view text, std::string_view pattern);

struct Filled {
  std::string name;
  std::string mobile;
  std::map<std::string, std::string> fields;
  std::vector<std::string> documents;  // ids of those photographed
  std::string signature;
};

// Everything that is wrong, in the order of the form; empty: good. Codes `field.*` with the field's id in `where`.
std::vector<Error> check_filled(const BusinessType& type, const Filled& filled, Zone zone, Instant now);
// What the caps count; 0 where the type has no amount.
std::int64_t amount_of(const BusinessType& type, const Filled& filled);

// "张*", "138****1234", "1101**********1234": enough to recognise.
std::string mask(FieldKind kind, std::string_view text);
std::string mask_name(std::string_view name);

}  // namespace tingan
