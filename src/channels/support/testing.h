// For tests only: a receiver that keeps what it was sent and answers what the test says, and a notice to send.
#pragma once
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "base/check.h"
#include "net/client.h"
#include "net/server.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan::channels::testing {

class SetClock : public Clock {
 public:
  Instant now() override { return from_millis(millis_.load()); }
  void set(std::int64_t millis) { millis_ = millis; }
  void advance(Duration by) { millis_ += by.count(); }

 private:
  std::atomic<std::int64_t> millis_{1'800'000'000'000};
};

class Receiver {
 public:
  using Answer = std::function<net::Response(const net::Request&)>;

  explicit Receiver(Answer answer) : answer_(std::move(answer)) {
    auto server = net::HttpServer::start({}, [this](net::Request request, net::Responder responder) {
      const std::lock_guard lock(mutex_);
      net::Response response = answer_(request);
      requests_.push_back(std::move(request));
      responder.complete(std::move(response));
    });
    CHECK(server);
    server_ = std::move(*server);
  }
  std::string url(const std::string& target) const {
    return fmt::format("http://127.0.0.1:{}{}", server_->port(), target);
  }
  std::vector<net::Request> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  void answer_with(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }

 private:
  std::mutex mutex_;
  Answer answer_;
  std::vector<net::Request> requests_;
  std::unique_ptr<net::HttpServer> server_;
};

inline net::Response json_answer(const std::string& body, int status = 200) {
  return {.status = status, .headers = {}, .content_type = "application/json", .body = body, .shared_body = nullptr};
}

inline SendResult send_and_wait(Sender& sender, const OutgoingNotice& notice) {
  auto promise = std::make_shared<std::promise<SendResult>>();
  auto result = promise->get_future();
  sender.send(notice, [promise](SendResult r) { promise->set_value(std::move(r)); });
  CHECK(result.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
  return result.get();
}

inline OutgoingNotice sample_notice() {
  OutgoingNotice notice;
  notice.incident = *parse_incident_id("01936d5e-0000-7000-8000-000000000001");
  notice.id = to_string(notice.incident) + ".3";
  notice.unit = UnitId("hall-a");
  notice.unit_name = {"东门营业厅", "East Gate hall"};
  notice.incident_title = {"火灾", "Fire"};
  notice.severity = "danger";
  notice.headline = {"东门营业厅 火灾：立即打119", "Fire at East Gate hall: call 119 at once"};
  notice.lines = {{"立即打119（10:06前）", "Call 119 at once (by 10:06)"}, {"带客户离开", "Lead the customers out"}};
  notice.clauses = {"S5F.3"};
  notice.queued = from_millis(1'800'000'000'000);
  notice.due = notice.queued + std::chrono::minutes(1);
  notice.link = "/incidents/" + to_string(notice.incident);
  notice.role = RoleId("hall-director");
  notice.to = {PersonId("hall-director@hall-a"), "王静", "13800001111", "wang@example.com"};
  return notice;
}

inline bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc2 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

// A text far over every limit, of three-byte characters, so that a cut in the wrong place shows.
inline OutgoingNotice endless_notice() {
  OutgoingNotice notice = sample_notice();
  std::string much;
  for (int i = 0; i < 12000; ++i) much += "急";
  notice.lines.insert(notice.lines.begin() + 1, Text{much, much});
  return notice;
}

}  // namespace tingan::channels::testing
