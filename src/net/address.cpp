#include "net/address.h"

#include <boost/asio/ip/address.hpp>

namespace tingan::net {
namespace {

namespace ip = boost::asio::ip;

std::string prefix_of(std::string_view text, std::size_t v4_bytes, std::size_t v6_bytes) {
  boost::system::error_code ec;
  ip::address address = ip::make_address(std::string(text), ec);
  if (ec) return std::string(text);
  if (address.is_v6() && address.to_v6().is_v4_mapped()) address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
  if (address.is_v4()) {
    ip::address_v4::bytes_type bytes = address.to_v4().to_bytes();
    for (std::size_t i = v4_bytes; i < bytes.size(); ++i) bytes[i] = 0;
    return ip::address_v4(bytes).to_string();
  }
  ip::address_v6::bytes_type bytes = address.to_v6().to_bytes();
  for (std::size_t i = v6_bytes; i < bytes.size(); ++i) bytes[i] = 0;
  return ip::address_v6(bytes).to_string();
}

}  // namespace

std::string address_group(std::string_view address) { return prefix_of(address, 4, 8); }
std::string address_net(std::string_view address) { return prefix_of(address, 3, 6); }

}  // namespace tingan::net
