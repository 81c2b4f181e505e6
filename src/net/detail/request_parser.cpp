#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>

#include "net/detail/parser.h"
#include "net/url.h"

namespace tingan::net::detail {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastView = boost::beast::string_view;

std::string_view view(BeastView text) { return {text.data(), text.size()}; }

// Large bodies are not believed before they come: memory follows the bytes.
constexpr std::size_t kReserveMax = 4 * 1024;

// What RFC 9112 lets a server refuse and what has been read in two ways by two programs in a row: folded fields, bare
// line feeds. `head`: from the first unread byte to the empty line, that included.
bool is_ambiguous(std::string_view head) {
  for (std::size_t at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
    if (at == 0 || head[at - 1] != '\r') return true;
    const char next = at + 1 < head.size() ? head[at + 1] : '\r';
    if (next == ' ' || next == '\t') return true;
  }
  return false;
}

class Grammar final : public http::basic_parser<true> {
 public:
  explicit Grammar(const RequestLimits& limits) : limits_(limits) {
    eager(true);
    header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    body_limit(boost::none);  // counted here, where the route is known
  }

  Request request;
  std::optional<Response> answer;  // the refusal, where the admission made one
  std::size_t body_max = 0;
  std::size_t body_bytes = 0;  // come so far
  bool head_done = false;
  int refusal_status = 0;
  Error refusal;

  void refuse(int status, std::string code, Text message, std::string where = {}) {
    refusal_status = status;
    refusal = Error{std::move(code), std::move(message), std::move(where)};
  }

 private:
  void refuse(error_code& ec, int status, Error error) {
    refusal_status = status;
    refusal = std::move(error);
    ec = http::make_error_code(http::error::bad_value);
  }
  void refuse_full(error_code& ec) {
    refuse(ec, 503,
           {"net.bodies-full",
            {"正在处理的内容太多，请稍后再试", "Expected room for one more body, but there is none: try again"},
            {}});
  }
  void refuse_body(error_code& ec) {
    refuse(ec, 413,
           {"net.body-too-large",
            {fmt::format("请求内容超过 {} 字节的上限", body_max),
             fmt::format("Expected at most {} bytes, but the body is larger", body_max)}});
  }

  void on_request_impl(http::verb, BeastView method, BeastView target, int version, error_code& ec) override {
    http11_ = version >= 11;
    const std::optional<Method> known = net::parse_method(view(method));
    if (!known) {
      const bool refused = method == "TRACE" || method == "CONNECT";
      return refuse(ec, refused ? 405 : 501,
                    {refused ? "net.method-not-allowed" : "net.method-unknown",
                     {"不支持此请求方法", "Expected a method that is served here, but it is another"},
                     std::string(view(method).substr(0, 40))});
    }
    request.method = *known;
    Expected<Target> parsed = net::parse_target(view(target));
    if (!parsed) return refuse(ec, 400, std::move(parsed.error()));
    if (parsed->path == "*" && request.method != Method::kOptions) {
      return refuse(ec, 400, {"net.bad-target", {"请求路径有误", "Expected a path, but got '*'"}, {}});
    }
    authority_ = std::move(parsed->authority);
    request.target_path = std::move(parsed->path);
    request.query = std::move(parsed->query);
  }

  void on_response_impl(int, BeastView, int, error_code&) override {}

  void on_field_impl(http::field, BeastView name, BeastView value, error_code&) override {
    // Trailers are not headers: nothing may change after the head was judged.
    if (!head_done) request.headers.add(view(name), view(value));
  }

  void on_header_impl(error_code& ec) override {
    head_done = true;
    const std::size_t hosts = request.headers.count("Host");
    if (hosts > 1 || (hosts == 0 && http11_))
      return refuse(ec, 400,
                    {"net.bad-request", {"请求须有且只有一个 Host", "Expected one Host field, but it is otherwise"}});
    // Whoever stands in front of us may go by the one, we by the other.
    if (!authority_.empty() && authority_ != normal_authority(request.headers.get("Host"), request.secure)) {
      return refuse(ec, 400,
                    {"net.bad-target",
                     {"请求行里的主机与 Host 不一致", "Expected the host of the target in Host, but it is another"}});
    }
    const bool coded = request.headers.find("Transfer-Encoding").has_value();
    const std::size_t lengths = request.headers.count("Content-Length");
    // Beast takes "2, 2" for 2; others in front of us may not.
    const bool listed = lengths > 0 && request.headers.get("Content-Length").find(',') != std::string_view::npos;
    if (lengths > 1 || listed || (lengths > 0 && coded) || request.headers.count("Transfer-Encoding") > 1 ||
        (coded && !http11_))
      return refuse(ec, 400,
                    {"net.bad-request",
                     {"请求内容的长度不明确", "Expected one length of the body, but it is said twice or not clearly"}});
    // Beast skips a coding that it does not know, and would then see the body as the next request.
    if (request.headers.find("Transfer-Encoding") && !chunked())
      return refuse(
          ec, 501,
          {"net.transfer-coding", {"不支持此传输编码", "Expected chunked as the only coding, but it is another"}});
    const auto length = content_length();
    if (!coded && (!length || *length == 0)) return;
    admit(coded ? std::nullopt : std::optional<std::uint64_t>(*length), ec);
  }

  void admit(std::optional<std::uint64_t> length, error_code& ec) {
    Admission admission = limits_.admit(request, length);
    if (admission.refusal) {
      answer = std::move(admission.refusal);
      return refuse(ec, answer->status, {"net.not-admitted", {"请求未被接受", "Expected another request"}, {}});
    }
    body_max = admission.bytes_max;
    if (length && *length > body_max) return refuse_body(ec);
    request.sink = std::move(admission.sink);
    if (request.sink) return;
    if (limits_.budget) {
      auto lease = std::make_shared<BodyLease>(limits_.budget, admission.purse);
      lease_ = lease.get();
      request.body_lease = std::move(lease);
    }
    if (length) request.body.reserve(std::min<std::size_t>(*length, kReserveMax));
  }

  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}

  std::size_t append(BeastView piece, error_code& ec) {
    if (piece.size() > body_max - body_bytes) {
      refuse_body(ec);
      return 0;
    }
    body_bytes += piece.size();
    if (request.sink) {
      if (auto taken = request.sink->write(view(piece)); !taken) {
        refuse(ec, 503, std::move(taken.error()));
        return 0;
      }
      return piece.size();
    }
    request.body.append(piece.data(), piece.size());
    // Memory goes by what the string has set aside, not by what is in it.
    if (lease_ != nullptr && !lease_->grow_to(request.body.capacity())) {
      refuse_full(ec);
      return 0;
    }
    return piece.size();
  }
  std::size_t on_body_impl(BeastView piece, error_code& ec) override { return append(piece, ec); }
  void on_chunk_header_impl(std::uint64_t size, BeastView, error_code& ec) override {
    if (size > body_max - body_bytes) refuse_body(ec);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView piece, error_code& ec) override { return append(piece, ec); }
  void on_finish_impl(error_code&) override {}

  const RequestLimits& limits_;
  BodyLease* lease_ = nullptr;  // the request's
  std::string authority_;
  bool http11_ = true;
};

}  // namespace

struct RequestParser::Impl {
  Impl(const RequestLimits& given, std::string from, bool tls) : limits(given), peer(std::move(from)), secure(tls) {
    begin();
  }

  void begin() {
    grammar.emplace(limits);
    grammar->request.peer = peer;
    grammar->request.secure = secure;
  }
  // The whole head lies in `bytes`: Beast would join folded fields and say nothing.
  void look_for_ambiguity(std::string_view bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    const std::string_view head = bytes.substr(0, end == std::string_view::npos ? bytes.size() : end + 4);
    if (!is_ambiguous(head)) return;
    state = ParseState::kFailed;
    grammar->refuse(400, "net.bad-request",
                    {"请求头不能折行", "Expected each field on one line ended by CR LF, but it is not"});
  }

  void fail(const error_code& ec) {
    state = ParseState::kFailed;
    if (grammar->refusal_status != 0) return;
    if (ec == http::error::header_limit) {
      grammar->refuse(431, "net.header-too-large", {"请求头过大", "Expected a smaller header, but it is too large"});
    } else if (ec == http::error::bad_version) {
      grammar->refuse(505, "net.http-version", {"不支持此 HTTP 版本", "Expected HTTP/1.0 or 1.1, but it is another"});
    } else {
      grammar->refuse(400, "net.bad-request", {"请求格式有误", "Expected HTTP, but it is malformed"}, ec.message());
    }
  }

  const RequestLimits& limits;
  const std::string peer;
  const bool secure;
  std::optional<Grammar> grammar;
  ParseState state = ParseState::kHead;
  std::size_t head_bytes = 0;
  bool forgiven = false;
};

RequestParser::RequestParser(const RequestLimits& limits, std::string peer, bool secure)
    : impl_(std::make_unique<Impl>(limits, std::move(peer), secure)) {}
RequestParser::~RequestParser() = default;

void RequestParser::restart() {
  impl_->begin();
  impl_->state = ParseState::kHead;
  impl_->head_bytes = 0;
  impl_->forgiven = false;
}

std::size_t RequestParser::feed(std::string_view bytes) {
  Impl& impl = *impl_;
  std::size_t used = 0;
  // One empty line after the body before is forgiven (RFC 9112, 2.2), however the network cuts the bytes.
  if (!started() && !impl.forgiven && bytes.starts_with('\r')) {
    if (bytes.size() == 1) return 0;  // its other half is still on the way
    if (bytes[1] == '\n') {
      impl.forgiven = true;
      used = 2;
    }
  }
  while (used < bytes.size() && (impl.state == ParseState::kHead || impl.state == ParseState::kBody)) {
    if (!impl.grammar->head_done) impl.look_for_ambiguity(bytes.substr(used));
    if (impl.state == ParseState::kFailed) break;
    const bool in_chunks = impl.grammar->head_done && impl.grammar->chunked();
    if (in_chunks && bytes.size() - used < kChunksEndBytesMin) break;
    error_code ec;
    const std::size_t n = impl.grammar->put({bytes.data() + used, bytes.size() - used}, ec);
    used += n;
    if (!impl.grammar->head_done) impl.head_bytes += n;
    if (ec && ec != http::error::need_more) {
      impl.fail(ec);
    } else if (impl.grammar->is_done()) {
      impl.state = ParseState::kDone;
    } else {
      if (impl.grammar->is_header_done()) impl.state = ParseState::kBody;
      // What the grammar could not use yet is kept in memory: part of a head, of a chunk's head or of trailers.
      const std::size_t kept = bytes.size() - used + (impl.grammar->head_done ? 0 : impl.head_bytes);
      if (ec == http::error::need_more && kept > impl.limits.header_bytes_max) impl.fail(http::error::header_limit);
      if (ec == http::error::need_more) break;
    }
  }
  return used;
}

ParseState RequestParser::state() const { return impl_->state; }
bool RequestParser::started() const { return impl_->grammar->got_some(); }
bool RequestParser::keep_alive() const { return impl_->grammar->keep_alive(); }

bool RequestParser::expects_continue() const {
  return equals_ignoring_case(impl_->grammar->request.headers.get("Expect"), "100-continue");
}

std::size_t RequestParser::body_bytes_come() const { return impl_->grammar->body_bytes; }

Request RequestParser::take() { return std::move(impl_->grammar->request); }
int RequestParser::refusal_status() const { return impl_->grammar->refusal_status; }
const Error& RequestParser::refusal() const { return impl_->grammar->refusal; }
std::optional<Response> RequestParser::refusal_answer() { return std::move(impl_->grammar->answer); }

}  // namespace tingan::net::detail
