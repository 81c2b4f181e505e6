// Which of the forms that a resource can take the client wants most (RFC 9110, section 12.5.1).
#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace tingan::api {

// `offers` in the order of our own preference, "text/html". The index of the offer that the Accept header weighs most;
// the earlier one where two weigh the same. An empty header takes the first. nullopt: none will do.
std::optional<std::size_t> choose_type(std::string_view accept, std::span<const std::string_view> offers);

}  // namespace tingan::api
