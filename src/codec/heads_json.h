// What a batch's signature covers (docs/formats/log.md): where its records stand and the heads that it moved.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/record.h"

namespace tingan {

struct HeadMark {
  UnitId unit;
  std::uint64_t seq = 0;
  Hash hash{};
  friend bool operator==(const HeadMark&, const HeadMark&) = default;
};

struct SignedHeads {
  std::uint64_t first_gseq = 0;
  std::uint64_t last_gseq = 0;
  std::vector<HeadMark> heads;  // by unit name
  friend bool operator==(const SignedHeads&, const SignedHeads&) = default;
};

// Canonical: {"gseq":[first,last],"heads":[{"unit","seq","hash"}]}; the heads are put in order. Any thread.
std::string encode_signed_heads(SignedHeads heads);
// Errors: `log.malformed`, `log.not-canonical`. Never throws.
Expected<SignedHeads> decode_signed_heads(std::string_view bytes);

}  // namespace tingan
