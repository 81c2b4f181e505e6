#include "net/detail/transport.h"

#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "base/check.h"

namespace tingan::net::detail {
namespace {

// Drops the first n bytes.
void consume(std::vector<asio::const_buffer>& buffers, std::size_t n) {
  std::size_t gone = 0;
  while (gone < buffers.size() && n >= buffers[gone].size()) n -= buffers[gone++].size();
  buffers.erase(buffers.begin(), buffers.begin() + static_cast<std::ptrdiff_t>(gone));
  if (!buffers.empty()) buffers.front() += n;
}

template <class Stream>
class StreamTransport : public Transport {
 public:
  template <class... Args>
  explicit StreamTransport(Args&&... args) : stream_(std::forward<Args>(args)...) {}

  void read(char* room, std::size_t size, Listener listener) override {
    stream_.async_read_some(asio::buffer(room, size), [listener = std::move(listener)](error_code ec, std::size_t n) {
      listener->on_read(ec, n);
    });
  }

 protected:
  void write_rest(Listener listener) {
    stream_.async_write_some(out_, [this, listener = std::move(listener)](error_code ec, std::size_t n) mutable {
      consume(out_, n);
      if (ec || out_.empty()) {
        out_.clear();
        return listener->on_written(ec);
      }
      listener->on_write_progress();
      write_rest(std::move(listener));
    });
  }

  Stream stream_;
  std::vector<asio::const_buffer> out_;
};

class PlainTransport final : public StreamTransport<Socket> {
 public:
  explicit PlainTransport(Socket socket) : StreamTransport(std::move(socket)) {
    error_code ignored;
    stream_.non_blocking(true, ignored);
  }

  void handshake(Listener listener, const std::string&) override { listener->on_ready({}); }

  void write(std::vector<asio::const_buffer> buffers, Listener listener) override {
    // Nearly every answer fits the socket's buffer: one system call and no round through the loop.
    error_code ec;
    const std::size_t n = stream_.write_some(buffers, ec);
    if (ec && ec != asio::error::would_block && ec != asio::error::try_again) return listener->on_written(ec);
    out_ = std::move(buffers);
    if (!ec) consume(out_, n);
    if (out_.empty()) return listener->on_written({});
    write_rest(std::move(listener));
  }

  void shut_down(Listener listener) override {
    error_code ignored;
    stream_.shutdown(Socket::shutdown_send, ignored);
    listener->on_shut_down();
  }

  void close() override {
    error_code ignored;
    stream_.close(ignored);
  }
  bool is_tls() const override { return false; }
};

// SSL_set_tlsext_host_name() is a macro with a C cast.
void send_server_name(SSL* ssl, std::string host) {
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
}

using TlsStream = asio::ssl::stream<Socket>;

class TlsTransport final : public StreamTransport<TlsStream> {
 public:
  TlsTransport(Socket socket, std::shared_ptr<asio::ssl::context> context)
      : StreamTransport(std::move(socket), *context), context_(std::move(context)) {}

  void handshake(Listener listener, const std::string& host) override {
    const bool as_client = !host.empty();
    if (as_client) {
      error_code is_name;
      asio::ip::make_address(host, is_name);
      // An address is not sent as a server name (RFC 6066).
      if (is_name) send_server_name(stream_.native_handle(), host);
      stream_.set_verify_mode(asio::ssl::verify_peer);
      stream_.set_verify_callback(asio::ssl::host_name_verification(host));
    }
    stream_.async_handshake(as_client ? TlsStream::client : TlsStream::server,
                            [listener = std::move(listener)](error_code ec) { listener->on_ready(ec); });
  }

  void write(std::vector<asio::const_buffer> buffers, Listener listener) override {
    // The TLS layer sends one buffer a record: small pieces are joined first.
    joined_.clear();
    if (buffers.size() > 1 && asio::buffer_size(buffers) <= kJoinMax) {
      for (const asio::const_buffer& piece : buffers)
        joined_.append(static_cast<const char*>(piece.data()), piece.size());
      buffers.assign(1, asio::buffer(joined_));
    }
    out_ = std::move(buffers);
    write_rest(std::move(listener));
  }

  void shut_down(Listener listener) override {
    stream_.async_shutdown([listener = std::move(listener)](error_code) { listener->on_shut_down(); });
  }

  void close() override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }
  bool is_tls() const override { return true; }

 private:
  static constexpr std::size_t kJoinMax = 64 * 1024;
  std::shared_ptr<asio::ssl::context> context_;
  std::string joined_;
};

}  // namespace

std::unique_ptr<Transport> make_plain_transport(Socket socket) {
  return std::make_unique<PlainTransport>(std::move(socket));
}

void harden_tls(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  CHECK(SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
}

std::unique_ptr<Transport> make_tls_transport(Socket socket, std::shared_ptr<asio::ssl::context> context) {
  return std::make_unique<TlsTransport>(std::move(socket), std::move(context));
}

}  // namespace tingan::net::detail
