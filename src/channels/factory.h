// From a channel's entry in the organisation file to its sender.
#pragma once
#include <memory>
#include <string>

#include "channels/support/reach.h"
#include "model/organisation.h"
#include "net/client.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan::channels {

// What a sender works with; all but the strings outlive it.
struct Means {
  std::string secret;   // what the entry's reference names, resolved by the caller; not logged and not in any error
  std::string ca_file;  // PEM of the authority that the entry's option `ca` names; empty: the system's
  const Reach& reach;
  net::HttpClient& http;  // asks `reach` before it connects
  Clock& clock;           // the wall time, never scaled: robots measure by it and signatures carry it
};

// Errors: `channel.bad-config` with what is wrong, `channel.not-allowed`, `channel.unknown-kind`.
Expected<std::unique_ptr<Sender>> make_sender(const ChannelConfig& config, const Means& means);

}  // namespace tingan::channels
