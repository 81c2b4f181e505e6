// Addresses as what limits are kept by.
#pragma once
#include <string>
#include <string_view>

namespace tingan::net {

// Who is one customer of a network: an IPv4 address (also one that is mapped into IPv6), the /64 of an IPv6 address, of
// which every customer has at least one to choose addresses from. What is no address stays as it is.
std::string address_group(std::string_view address);
// The wider net that one operator is easily given: the /24 of IPv4, the /48 of IPv6.
std::string address_net(std::string_view address);

}  // namespace tingan::net
