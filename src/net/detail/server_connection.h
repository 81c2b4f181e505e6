// One connection of the server, a state machine on one worker's thread. Requests go through it one at a time, so
// answers are in order by construction; pipelined requests wait in the input buffer and then in the kernel.
//
//   handshake -> reading -> handling -> writing -> reading ...        (-> draining | shutting -> closed)
//                   |  ^       |
//              continuing      +-> streaming -> closed
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/detail/input_buffer.h"
#include "net/detail/parser.h"
#include "net/detail/stream_queue.h"
#include "net/detail/transport.h"
#include "net/detail/worker.h"
#include "net/http.h"

namespace tingan::net::detail {

class ServerCore;

class ServerConnection final : public Resident,
                               public TransportListener,
                               public std::enable_shared_from_this<ServerConnection> {
 public:
  ServerConnection(ServerCore& core, std::shared_ptr<Worker> worker, std::unique_ptr<Transport> transport,
                   std::string peer);

  // On the thread: begins to serve, or says 503 and leaves.
  void start();
  void start_busy();

  // From any thread, for Responder.
  const std::shared_ptr<Worker>& worker() const { return worker_; }
  void complete(Response response);
  void complete_unanswered();
  std::shared_ptr<StreamQueue> open_stream(std::vector<std::pair<std::string, std::string>> headers,
                                           MoveFunction<void()> on_close);

  // On the thread. Does nothing when the connection is gone.
  void reply(Response response);
  void flush_stream();
  void close();

  void on_tick(Tick now) override;
  void stop_soon() override;
  void cut_off() override { close(); }
  void on_ready(error_code ec) override;
  void on_read(error_code ec, std::size_t size) override;
  void on_write_progress() override;
  void on_written(error_code ec) override;
  void on_shut_down() override;

 private:
  enum class State {
    kHandshake,
    kReading,
    kContinuing,
    kHandling,
    kWriting,
    kStreaming,
    kDraining,
    kShutting,
    kClosed
  };

  void pump();
  bool step();
  void read_more();
  void expect_body();
  void dispatch();
  void next_request();
  void refuse(int status, const Error& error);
  void refuse(Response response);
  // The body must go on coming at the least rate, over all of its time so far.
  void time_body();
  void write_response(Response response);
  void end_output();
  void drain();
  void begin_stream(std::shared_ptr<StreamQueue> queue, std::vector<std::pair<std::string, std::string>> headers);
  void write_frames();

  ServerCore& core_;
  const std::shared_ptr<Worker> worker_;
  const std::unique_ptr<Transport> transport_;
  const std::string peer_;
  const std::size_t stream_bytes_max_;  // a copy: open_stream() may come after the server is gone
  RequestParser parser_;
  InputBuffer input_;
  State state_ = State::kHandshake;
  Tick deadline_ = kNoDeadline;
  Tick body_since_ = 0;  // when its head had come
  bool pumping_ = false;
  bool first_request_ = true;
  bool reading_ = false;       // a read is under way
  bool read_ended_ = false;    // ... and one has failed
  bool body_begun_ = false;    // the head of the request in the parser has been judged
  bool keep_alive_ = false;    // of the request in hand
  bool head_only_ = false;     // it is a HEAD
  bool refused_ = false;       // the answer is a refusal: the rest of the request may still be coming
  std::size_t discarded_ = 0;  // bytes read and thrown away

  std::string out_;    // head, and a small body behind it
  Response response_;  // holds a large body while it is written

  std::shared_ptr<StreamQueue> stream_;
  std::vector<StreamQueue::Frame> frames_;  // being written
  bool stream_writing_ = false;
  bool stream_flushing_ = false;
};

// "HTTP/1.1 200 OK" to the empty line. `content_length` is left out for streams.
void append_head(std::string& out, const Response& response, bool keep_alive, bool with_length);

}  // namespace tingan::net::detail
