// forms/*.yaml -> BusinessType -> JSON Schema (docs/formats/business.md).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/business_type.h"

namespace tingan {

// `file` is named in messages. Errors `business.*`, each with file and line: all that is wrong, in the order of the
// file.
tl::expected<BusinessTypePtr, std::vector<Error>> parse_business_type(std::string_view yaml, const std::string& file);

// What POST /orders takes for this type, as JSON Schema 2020-12 with titles in both languages (`x-title`), for others
// who fill it in. The node checks more than a schema can say: check digits, days that exist, caps in total.
std::string business_schema(const BusinessType& type);

// "resident-id".
const char* name_of(FieldKind kind);
// "come-again".
const char* name_of(PromiseKind kind);

}  // namespace tingan
