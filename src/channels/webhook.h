// The general webhook: one signed JSON POST a notice (docs/formats/channels.md).
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "model/organisation.h"
#include "net/client.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan::channels {

// `secret` may be empty: then nothing is signed. Options: `include`, a list of `name`, `phone`, `email` that the
// receiver needs to reach people (default: none, the person's id alone). Errors: `channel.bad-config`.
Expected<std::unique_ptr<Sender>> make_webhook(const ChannelConfig& config, const std::string& secret,
                                               net::HttpClient& http, Clock& clock);

// "v1=<hex>": HMAC-SHA256 under the secret over the timestamp (seconds, as in its header), a full stop and the body.
std::string webhook_signature(std::string_view secret, std::string_view timestamp, std::string_view body);

}  // namespace tingan::channels
