// Whose bodies are read, and out of which purse they are paid (docs/adr/0017-load-before-sign-in.md).
#include "api/resources.h"
#include "api/router.h"
#include "api/service.h"
#include "api/spool.h"

namespace tingan::api {
namespace {

// What a stranger may send: a sign-in, a declare and nearly everything else are smaller.
constexpr std::size_t kStrangerBytesMax = 64 * 1024;
// Not worth a look: no body of this size draws on a purse.
constexpr std::size_t kUnseenBytesMax = 4 * 1024;

bool goes_to_a_file(const Route& route) {
  const auto* write = std::get_if<Write>(&route.run);
  return route.place == Place::bulk || (write != nullptr && *write == &add_evidence);
}

}  // namespace

net::Admission Service::admit(const net::Request& head, std::optional<std::uint64_t> length, std::size_t route_max) {
  net::Admission admission{.bytes_max = route_max};
  const bool small = length && *length <= kStrangerBytesMax;
  if (small && *length <= kUnseenBytesMax) return admission;
  const auto call = std::make_shared<Call>();
  call->request = head;
  take_client_address(options, call->request);
  call->complete = [&admission](net::Response response) { admission.refusal = std::move(response); };
  auto prepared = prepare(*call);
  const bool known = prepared && call->route->access != Access::open;
  admission.purse = known ? net::BodyPurse::known : net::BodyPurse::stranger;
  // Whatever is wrong with a small one is said when it has come: an answer must not depend on the size.
  if (small) return admission;
  if (!prepared) {
    refuse(*call, prepared.error());
    return admission;
  }
  if (!known) admission.bytes_max = std::min(route_max, kStrangerBytesMax);
  if (known && route_max > kStrangerBytesMax) admission.purse = net::BodyPurse::large;
  if (known && !options.spool_dir.empty() && goes_to_a_file(*call->route)) {
    if (auto spool = Spool::open(options.spool_dir, ports.random)) admission.sink = std::move(*spool);
  }
  return admission;
}

}  // namespace tingan::api
