// From a channel's entry in the organisation file to its sender.
#pragma once
#include <memory>
#include <string>

#include "model/organisation.h"
#include "net/client.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan::channels {

// `secret` is what the entry's reference names, resolved by the caller; it is not logged and not in any error. `clock`
// is the wall time, never scaled: robots measure by it and signatures carry it. `http` and `clock` outlive the sender.
// Errors: `channel.bad-config` with what is wrong, `channel.unknown-kind`.
Expected<std::unique_ptr<Sender>> make_sender(const ChannelConfig& config, const std::string& secret,
                                              net::HttpClient& http, Clock& clock);

}  // namespace tingan::channels
