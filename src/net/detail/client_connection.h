// One connection of the client: connects for its first request, then carries one after the other.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "net/detail/client_core.h"
#include "net/detail/input_buffer.h"
#include "net/detail/parser.h"
#include "net/detail/transport.h"
#include "net/detail/worker.h"

namespace tingan::net::detail {

class ClientConnection final : public Resident,
                               public TransportListener,
                               public std::enable_shared_from_this<ClientConnection> {
 public:
  ClientConnection(ClientCore& core, std::shared_ptr<ClientPool> pool, const Url& origin);

  // Must be new or idle.
  void carry(ExchangePtr exchange);

  void on_tick(Tick now) override;
  void stop_soon() override { cut_off(); }
  void cut_off() override;
  void on_ready(error_code ec) override;
  void on_read(error_code ec, std::size_t size) override;
  void on_write_progress() override {}
  void on_written(error_code ec) override;
  void on_shut_down() override {}

 private:
  enum class State { kNew, kConnecting, kHandshake, kBusy, kIdle, kClosed };
  using Resolver = asio::ip::basic_resolver<asio::ip::tcp, asio::io_context::executor_type>;

  void connect();
  void connect_to(std::vector<asio::ip::tcp::endpoint> endpoints);
  void write_request();
  void read_more();
  void finish();
  void lost(error_code ec);
  void fail_connecting(Error error);
  void fail_exchange(Error error);
  void close();

  ClientCore& core_;
  const std::shared_ptr<ClientPool> pool_;
  const Url origin_;
  Resolver resolver_;
  Socket socket_;  // until it is connected; then in transport_
  std::unique_ptr<Transport> transport_;
  ResponseParser parser_;
  InputBuffer input_;
  State state_ = State::kNew;
  ExchangePtr exchange_;
  Tick deadline_ = kNoDeadline;  // of connecting, or of idling
  bool connected_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool used_before_ = false;  // has carried a request to its end
  std::string head_;
  std::shared_ptr<const std::string> body_;
};

}  // namespace tingan::net::detail
