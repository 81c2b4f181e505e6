// HTTP/1.1 messages out of bytes. Beast does the grammar; what is refused, and with which status, is decided here.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "base/error.h"
#include "net/client.h"
#include "net/detail/body_budget.h"
#include "net/http.h"
#include "net/server.h"

namespace tingan::net::detail {

// What ends a chunked body at least: "0" and two line ends. Beast 1.81 stops the program when it is asked to go on with
// fewer bytes after a last chunk; every chunked body that is not over has as many still to come, so nothing waits long.
constexpr std::size_t kChunksEndBytesMin = 5;

enum class ParseState { kHead, kBody, kDone, kFailed };

struct RequestLimits {
  std::size_t header_bytes_max = 0;
  // What becomes of the body of a request whose head has come; `length` as announced.
  std::function<Admission(const Request& head, std::optional<std::uint64_t> length)> admit;
  std::shared_ptr<BodyBudget> budget;  // empty: no limit
};

// One connection's requests, one after the other.
class RequestParser {
 public:
  // `limits` must outlive the parser. Every request is given `peer` and `secure`.
  explicit RequestParser(const RequestLimits& limits, std::string peer = {}, bool secure = false);
  ~RequestParser();

  // Forgets the request before; call it before each.
  void restart();
  // Gives how many bytes were used up; call again with what is left and more behind it. Uses nothing in kDone, kFailed.
  std::size_t feed(std::string_view bytes);

  ParseState state() const;
  bool started() const;  // has seen a byte of this request
  // From the head on, so in kBody and kDone:
  bool keep_alive() const;
  bool expects_continue() const;
  std::size_t body_bytes_come() const;  // so far
  // In kDone. Moves the request out.
  Request take();
  // In kFailed: the status to refuse with and why.
  int refusal_status() const;
  const Error& refusal() const;
  // The answer, where the admission gave one: moved out.
  std::optional<Response> refusal_answer();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One connection's answers, one after the other.
class ResponseParser {
 public:
  ResponseParser();
  ~ResponseParser();

  // `bodiless`: the request was a HEAD.
  void restart(bool bodiless, std::size_t body_bytes_max);
  std::size_t feed(std::string_view bytes);
  // The peer closed: that ends a body without a length, and fails everything else.
  void feed_eof();

  ParseState state() const;
  bool started() const;
  bool keep_alive() const;
  ClientResponse take();
  const Error& failure() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tingan::net::detail
