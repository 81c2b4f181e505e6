// What a channel's entry in the organisation file says, checked. Errors are `channel.bad-config` and name the channel,
// never an address or a secret.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.h"
#include "model/organisation.h"

namespace tingan::channels {

tl::unexpected<Error> bad_config(const ChannelConfig& config, Text text);
// Every option must be one of these: a mistyped one would silently do nothing.
Expected<void> check_options(const ChannelConfig& config, std::initializer_list<std::string_view> known);
std::string option(const ChannelConfig& config, const std::string& name, const std::string& otherwise);
// The http(s) address, with `name=token` in its query: as it stands there already, or from the secret.
Expected<std::string> with_token(const ChannelConfig& config, const std::string& name, const std::string& token);
bool has_query(const std::string& url, std::string_view name);
// Error where the address is none.
Expected<void> check_url(const ChannelConfig& config);

}  // namespace tingan::channels
