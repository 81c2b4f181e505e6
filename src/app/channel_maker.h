// Senders as this node may make them: its secrets by name, its authorities by name, and what it may reach.
#pragma once
#include <memory>

#include "app/secrets.h"
#include "channels/support/reach.h"
#include "model/organisation.h"
#include "net/client.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan {

class ChannelMaker {
 public:
  // `wall_clock` is never scaled: robots' signatures carry it. It outlives the maker; the maker outlives its senders.
  ChannelMaker(Secrets secrets, channels::Reach reach, Clock& wall_clock);

  // Errors: `channel.*`. Any thread.
  Expected<std::unique_ptr<Sender>> make(const ChannelConfig& channel);
  const Secrets& secrets() const { return secrets_; }

 private:
  const Secrets secrets_;
  const channels::Reach reach_;
  Clock& clock_;
  net::HttpClient http_;
};

}  // namespace tingan
