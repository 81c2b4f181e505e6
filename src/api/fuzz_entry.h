// One entry over every parser of request bodies: the fuzzer calls it, and a test runs it over the kept corpus.
#pragma once
#include <string_view>

namespace tingan::api {

// Never throws, whatever the bytes. CHECKs that what was accepted is accepted again when written out.
void parse_any_body(std::string_view bytes);

}  // namespace tingan::api
