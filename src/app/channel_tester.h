// Sends one test message through a channel of the organisation file, for an administrator who wants to know whether it
// works.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "app/channel_maker.h"

namespace tingan {

class ChannelTester {
 public:
  // Both outlive the tester. `wall_clock` is never scaled.
  ChannelTester(ChannelMaker& maker, Clock& wall_clock) : maker_(maker), clock_(wall_clock) {}

  // `done` is called once, from any thread; also with what is wrong with the channel's configuration or secret.
  void send(const ChannelConfig& channel, const Person& person, std::function<void(SendResult)> done);

 private:
  struct Test {
    std::unique_ptr<Sender> sender;
    bool over = false;
  };

  ChannelMaker& maker_;
  Clock& clock_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Test>> running_;  // a sender must not be destroyed in its own callback
};

}  // namespace tingan
