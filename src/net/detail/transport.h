// A byte stream to the other end, plain or TLS, for the server and the client alike. All calls and callbacks are on the
// worker's thread. At most one read and one write are under way at a time.
#pragma once
#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <vector>

namespace tingan::net::detail {

namespace asio = boost::asio;
using boost::system::error_code;
// With the concrete executor: the type-erased one costs an allocation here and there.
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

class TransportListener {
 public:
  virtual ~TransportListener() = default;
  virtual void on_ready(error_code ec) = 0;                   // after handshake()
  virtual void on_read(error_code ec, std::size_t size) = 0;  // after read()
  virtual void on_write_progress() = 0;                       // some bytes went out, more are left
  virtual void on_written(error_code ec) = 0;                 // after write(); may come before write() returns
  virtual void on_shut_down() = 0;                            // after shut_down()
};
using Listener = std::shared_ptr<TransportListener>;

class Transport {
 public:
  virtual ~Transport() = default;
  // Plain: ready at once. As a client, `host` is sent and verified; a server leaves it empty.
  virtual void handshake(Listener listener, const std::string& host) = 0;
  // `room` must stay until on_read.
  virtual void read(char* room, std::size_t size, Listener listener) = 0;
  // All of it, or an error. The bytes must stay until on_written.
  virtual void write(std::vector<asio::const_buffer> buffers, Listener listener) = 0;
  // Says that no more will be written, for TLS with its closing message; then on_shut_down.
  virtual void shut_down(Listener listener) = 0;
  // What is under way ends with an error.
  virtual void close() = 0;
  virtual bool is_tls() const = 0;
};

std::unique_ptr<Transport> make_plain_transport(Socket socket);
// TLS 1.2 and 1.3, of 1.2 only suites with forward secrecy and an AEAD (RFC 9325 section 4.2): no CBC. No
// renegotiation.
void harden_tls(SSL_CTX* context);
// `context` is kept as long as the connection lives.
std::unique_ptr<Transport> make_tls_transport(Socket socket, std::shared_ptr<asio::ssl::context> context);

}  // namespace tingan::net::detail
