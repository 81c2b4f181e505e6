// Where channels may go. The organisation file is published over HTTP, so whoever may publish could else make the node
// speak to anything that it can see: its own ports, the router's page, a cloud's metadata (ASVS 5.0 V1.3.6, V13.2.4).
// What may be reached is said on the command line, where only the operator writes.
//
// A robot goes to its documented https host. Everything else needs `--allow-channel HOST[:PORT]`; a demo node may also
// reach this very machine. A name that resolves to this machine or to the link (a trap that the page's author may set
// later) is not followed: only such an address named itself is. Immutable, any thread.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/organisation.h"

namespace tingan::channels {

struct AllowedHost {
  std::string host;        // lower case, without brackets
  std::uint16_t port = 0;  // 0: any

  friend bool operator==(const AllowedHost&, const AllowedHost&) = default;
};

class Reach {
 public:
  // `local`: this machine may be reached without being named (a demo).
  explicit Reach(std::vector<AllowedHost> allowed = {}, bool local = false)
      : allowed_(std::move(allowed)), local_(local) {}

  // "mail.example", "mail.example:25", "192.168.1.5:8080", "[::1]:25". Error `channel.wrong-host`.
  static Expected<AllowedHost> parse(const std::string& text);

  // By the entry's kind and address alone, nothing is looked up. Errors `channel.not-allowed`, `channel.bad-config`.
  Expected<void> check(const ChannelConfig& config) const;
  // For each address that a name resolves to, right before it is connected to.
  bool may_connect(const std::string& host, std::uint16_t port, const std::string& address) const;

 private:
  bool names(const std::string& host, std::uint16_t port) const;

  std::vector<AllowedHost> allowed_;
  bool local_;
};

// What an IP address is to this machine. Anything that is no address is `elsewhere`.
enum class Place { elsewhere, this_machine, link };  // link: link-local, unspecified, multicast, broadcast
Place place_of(const std::string& address);

}  // namespace tingan::channels
