#include <boost/beast/http/basic_parser.hpp>
#include <optional>

#include "net/detail/parser.h"

namespace tingan::net::detail {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastView = boost::beast::string_view;

constexpr std::uint32_t kHeaderBytesMax = 64 * 1024;

class Grammar final : public http::basic_parser<false> {
 public:
  Grammar(bool bodiless, std::size_t body_bytes_max) : body_max_(body_bytes_max) {
    eager(true);
    skip(bodiless);
    header_limit(kHeaderBytesMax);
    body_limit(boost::none);
  }

  ClientResponse response;
  bool head_done = false;
  bool too_large = false;

 private:
  void on_request_impl(http::verb, BeastView, BeastView, int, error_code&) override {}
  void on_response_impl(int status, BeastView, int, error_code&) override { response.status = status; }
  void on_field_impl(http::field, BeastView name, BeastView value, error_code&) override {
    if (!head_done) response.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  void on_header_impl(error_code&) override { head_done = true; }
  void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code& ec) override {
    if (length && *length > body_max_) refuse(ec);
  }
  std::size_t append(BeastView piece, error_code& ec) {
    if (piece.size() > body_max_ - response.body.size()) {
      refuse(ec);
      return 0;
    }
    response.body.append(piece.data(), piece.size());
    return piece.size();
  }
  std::size_t on_body_impl(BeastView piece, error_code& ec) override { return append(piece, ec); }
  void on_chunk_header_impl(std::uint64_t size, BeastView, error_code& ec) override {
    if (size > body_max_ - response.body.size()) refuse(ec);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView piece, error_code& ec) override { return append(piece, ec); }
  void on_finish_impl(error_code&) override {}

  void refuse(error_code& ec) {
    too_large = true;
    ec = http::make_error_code(http::error::body_limit);
  }

  std::size_t body_max_;
};

}  // namespace

struct ResponseParser::Impl {
  void fail(const error_code& ec) {
    state = ParseState::kFailed;
    if (grammar->too_large) {
      failure = {"net.too-large", {"对方的应答过大", "Expected a smaller answer, but it is too large"}, {}};
    } else {
      failure = {"net.malformed-response",
                 {"对方的应答格式有误", "Expected an HTTP answer, but it is malformed"},
                 ec.message()};
    }
  }

  std::optional<Grammar> grammar;
  ParseState state = ParseState::kHead;
  std::size_t head_bytes = 0;
  bool bodiless = false;
  std::size_t body_bytes_max = 0;
  Error failure;
};

ResponseParser::ResponseParser() : impl_(std::make_unique<Impl>()) { restart(false, 0); }
ResponseParser::~ResponseParser() = default;

void ResponseParser::restart(bool bodiless, std::size_t body_bytes_max) {
  impl_->bodiless = bodiless;
  impl_->body_bytes_max = body_bytes_max;
  impl_->grammar.emplace(bodiless, body_bytes_max);
  impl_->state = ParseState::kHead;
  impl_->head_bytes = 0;
}

std::size_t ResponseParser::feed(std::string_view bytes) {
  Impl& impl = *impl_;
  std::size_t used = 0;
  while (used < bytes.size() && (impl.state == ParseState::kHead || impl.state == ParseState::kBody)) {
    const bool in_chunks = impl.grammar->head_done && impl.grammar->chunked();
    if (in_chunks && bytes.size() - used < kChunksEndBytesMin) break;
    error_code ec;
    const std::size_t n = impl.grammar->put({bytes.data() + used, bytes.size() - used}, ec);
    used += n;
    if (!impl.grammar->head_done) impl.head_bytes += n;
    if (ec && ec != http::error::need_more) {
      impl.fail(ec);
    } else if (impl.grammar->is_done()) {
      // 100 Continue and 103 Early Hints come before the answer.
      if (impl.grammar->response.status / 100 == 1) {
        restart(impl.bodiless, impl.body_bytes_max);
      } else {
        impl.state = ParseState::kDone;
      }
    } else {
      if (impl.grammar->is_header_done()) impl.state = ParseState::kBody;
      const std::size_t kept = bytes.size() - used + (impl.grammar->head_done ? 0 : impl.head_bytes);
      if (ec == http::error::need_more && kept > kHeaderBytesMax) impl.fail(http::error::header_limit);
      if (ec == http::error::need_more) break;
    }
  }
  return used;
}

void ResponseParser::feed_eof() {
  if (impl_->state == ParseState::kDone || impl_->state == ParseState::kFailed) return;
  error_code ec = http::make_error_code(http::error::partial_message);
  if (impl_->grammar->got_some()) impl_->grammar->put_eof(ec);
  if (ec) return impl_->fail(ec);
  impl_->state = ParseState::kDone;
}

ParseState ResponseParser::state() const { return impl_->state; }
bool ResponseParser::started() const { return impl_->grammar->got_some(); }
bool ResponseParser::keep_alive() const { return impl_->grammar->keep_alive(); }
ClientResponse ResponseParser::take() { return std::move(impl_->grammar->response); }
const Error& ResponseParser::failure() const { return impl_->failure; }

}  // namespace tingan::net::detail
