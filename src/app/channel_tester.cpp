#include "app/channel_tester.h"

#include <cstdlib>

#include "base/file.h"
#include "channels/factory.h"

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

Expected<std::string> read_secret(const SecretRef& reference) {
  if (!reference.env.empty()) {
    if (const char* value = std::getenv(reference.env.c_str())) return std::string(value);
    return fail("channel.no-secret",
                {fmt::format("没有设置环境变量 {}", reference.env),
                 fmt::format("Expected the environment variable {}, but it is not set", reference.env)});
  }
  if (reference.file.empty()) return std::string();
  auto text = read_whole_file(reference.file);
  if (!text) {
    return fail("channel.no-secret",
                {fmt::format("读不了密钥文件 {}", reference.file),
                 fmt::format("Expected to read the secret's file {}, but cannot", reference.file)});
  }
  return text->substr(0, text->find_first_of("\r\n"));
}

void ChannelTester::send(const ChannelConfig& channel, const Person& person, std::function<void(SendResult)> done) {
  const auto secret = read_secret(channel.secret);
  auto sender = secret ? channels::make_sender(channel, *secret, http_, clock_) : tl::unexpected(secret.error());
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
