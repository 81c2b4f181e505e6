// For tests only: a server that listens, and the request that most of them make of it.
#pragma once
#include "net/server.h"
#include "net/testing.h"

namespace tingan::net::testing {

inline const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

inline std::unique_ptr<HttpServer> start(ServerOptions options, HttpServer::Handler handler) {
  auto server = HttpServer::start(std::move(options), std::move(handler));
  CHECK(server);
  return std::move(*server);
}

}  // namespace tingan::net::testing
