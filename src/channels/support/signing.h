// What the signatures of the channels are made of. Inputs may be secrets: nothing here is ever logged.
#pragma once
#include <string>
#include <string_view>

namespace tingan::channels {

// Raw 32 bytes. An empty message or key is fine (Feishu signs nothing under a key that says everything).
std::string hmac_sha256(std::string_view key, std::string_view message);
// Lower case.
std::string hex(std::string_view bytes);
// RFC 4648 section 4, padded.
std::string base64(std::string_view bytes);

}  // namespace tingan::channels
