// The client's insides: one pool an origin, all on one worker.
#pragma once
#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "net/client.h"
#include "net/detail/worker.h"
#include "net/url.h"

namespace tingan::net::detail {

class ClientConnection;

// One request on its way.
struct Exchange {
  ClientRequest request;  // without its body
  // Shared with the connection: TLS may still read from it when the answer has come early and the exchange is done.
  std::shared_ptr<const std::string> body;
  Url url;
  HttpClient::Completion completion;
  Tick deadline = kNoDeadline;
  bool sent_again = false;

  void finish(Expected<ClientResponse> result) {
    HttpClient::Completion done = std::move(completion);
    done(std::move(result));
  }
};
using ExchangePtr = std::unique_ptr<Exchange>;

// The connections to one origin and who waits for one. A resident for its ticks.
class ClientPool final : public Resident, public std::enable_shared_from_this<ClientPool> {
 public:
  ClientPool(class ClientCore& core, const Url& origin);

  void send(ExchangePtr exchange);
  // From connections: free again; gone (never used again after this call); a request to try once more.
  void on_idle(ClientConnection& connection);
  void on_closed(ClientConnection& connection, bool was_connected);
  void send_first(ExchangePtr exchange);
  void on_connected() { ++connected_; }
  // A connection could not be made. When there is no other, everybody who waits learns it, else each would wait for the
  // same failure in turn.
  void on_connect_failed(const Error& error);

  void on_tick(Tick now) override;
  void stop_soon() override;
  void cut_off() override;

 private:
  void serve();
  void fail_waiting(const Error& error);

  ClientCore& core_;
  const Url origin_;
  std::deque<ExchangePtr> waiting_;
  std::vector<ClientConnection*> idle_;
  std::size_t open_ = 0;
  std::size_t connected_ = 0;  // of these
};

class ClientCore {
 public:
  explicit ClientCore(ClientOptions options);
  ~ClientCore();

  void send(ClientRequest request, HttpClient::Completion completion);

  // On the worker.
  const ClientOptions& options() const { return options_; }
  const std::shared_ptr<Worker>& worker() const { return worker_; }
  Expected<std::shared_ptr<boost::asio::ssl::context>> tls();

  std::atomic<std::size_t> connections_opened{0};

 private:
  void dispatch(ExchangePtr exchange);

  const ClientOptions options_;
  const std::shared_ptr<Worker> worker_;
  std::map<std::tuple<bool, std::string, std::uint16_t>, std::shared_ptr<ClientPool>> pools_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
};

Error client_stopped();

}  // namespace tingan::net::detail
