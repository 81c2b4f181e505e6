// Sends one test message through a channel of the organisation file, for an administrator who wants to know whether it
// works.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "model/organisation.h"
#include "net/client.h"
#include "ports/clock.h"
#include "ports/sender.h"

namespace tingan {

class ChannelTester {
 public:
  // `wall_clock` is never scaled: robots' signatures carry it. It outlives the tester.
  explicit ChannelTester(Clock& wall_clock) : clock_(wall_clock) {}

  // `done` is called once, from any thread; also with what is wrong with the channel's configuration or secret.
  void send(const ChannelConfig& channel, const Person& person, std::function<void(SendResult)> done);

 private:
  struct Test {
    std::unique_ptr<Sender> sender;
    bool over = false;
  };

  Clock& clock_;
  net::HttpClient http_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Test>> running_;  // a sender must not be destroyed in its own callback
};

// The secret that the reference names: an environment variable, or the first line of a file. Error `channel.no-secret`.
Expected<std::string> read_secret(const SecretRef& reference);

}  // namespace tingan
