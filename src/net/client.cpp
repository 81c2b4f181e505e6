#include "net/client.h"

#include "net/detail/client_core.h"

namespace tingan::net {

HttpClient::HttpClient(ClientOptions options) : core_(std::make_shared<detail::ClientCore>(std::move(options))) {}
HttpClient::~HttpClient() = default;

void HttpClient::send(ClientRequest request, Completion completion) {
  core_->send(std::move(request), std::move(completion));
}

std::size_t HttpClient::connections_opened() const { return core_->connections_opened.load(); }

}  // namespace tingan::net
