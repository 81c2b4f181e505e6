#include "app/channel_tester.h"

namespace tingan {
namespace {

OutgoingNotice test_message(const Person& person, Instant now) {
  OutgoingNotice notice;
  notice.id = fmt::format("test.{}", to_millis(now));
  notice.unit = person.unit;
  notice.unit_name = {person.unit.str(), person.unit.str()};
  notice.incident_title = {"通道测试", "Channel test"};
  notice.drill = true;
  notice.severity = "minor";
  notice.headline = {"这是厅安的测试消息，不用处理", "A test message of Ting'an: nothing to do"};
  notice.queued = now;
  notice.role = person.roles.empty() ? RoleId() : person.roles.front();
  notice.to = {person.id, person.name, person.phone, person.email};
  return notice;
}

}  // namespace

void ChannelTester::send(const ChannelConfig& channel, const Person& person, std::function<void(SendResult)> done) {
  auto sender = maker_.make(channel);
  if (!sender) {
    SendResult result;
    result.error = sender.error();
    return done(std::move(result));
  }
  const auto test = std::make_shared<Test>();
  test->sender = std::move(*sender);
  std::vector<std::shared_ptr<Test>> finished;  // destroyed outside the lock
  {
    const std::lock_guard lock(mutex_);
    for (const auto& one : running_) {
      if (one->over) finished.push_back(one);
    }
    std::erase_if(running_, [](const auto& one) { return one->over; });
    running_.push_back(test);
  }
  test->sender->send(test_message(person, clock_.now()),
                     [this, raw = test.get(), done = std::move(done)](SendResult result) {
                       done(std::move(result));
                       const std::lock_guard lock(mutex_);
                       raw->over = true;
                     });
}

}  // namespace tingan
