#include "app/channel_maker.h"

#include "channels/factory.h"

namespace tingan {
namespace {

// A hall's storm goes to one receiver.
constexpr std::size_t kConnectionsMax = 64;

net::ClientOptions within(const channels::Reach& reach) {
  net::ClientOptions options;
  options.connections_per_origin_max = kConnectionsMax;
  options.may_connect = [&reach](const std::string& host, std::uint16_t port, const std::string& address) {
    return reach.may_connect(host, port, address);
  };
  return options;
}

}  // namespace

ChannelMaker::ChannelMaker(Secrets secrets, channels::Reach reach, Clock& wall_clock)
    : secrets_(std::move(secrets)), reach_(std::move(reach)), clock_(wall_clock), http_(within(reach_)) {}

Expected<std::unique_ptr<Sender>> ChannelMaker::make(const ChannelConfig& channel) {
  auto secret = secrets_.find(channel.secret);
  if (!secret) return tl::unexpected(secret.error());
  std::string ca_file;
  if (const auto named = channel.options.find("ca"); named != channel.options.end()) {
    const auto file = secrets_.file(named->second);
    if (!file) return tl::unexpected(file.error());
    ca_file = file->string();
  }
  return channels::make_sender(channel, {std::move(*secret), std::move(ca_file), reach_, http_, clock_});
}

}  // namespace tingan
