#include "app/office_desk.h"

#include <spdlog/spdlog.h>

namespace tingan {
namespace {

class HouseOffice final : public BackOffice {
 public:
  HouseOffice(std::string connector, std::unique_ptr<OfficeDesk> desk)
      : connector_(std::move(connector)), desk_(std::move(desk)) {}

  bool knows(const std::string& connector) const override { return connector == connector_; }
  bool can_ask(const std::string& connector) const override { return connector == connector_; }
  void send(const OrderToEnter& order, Done done) override { desk_->send(order, heard(std::move(done))); }
  void ask(const OrderToEnter& order, Done done) override { desk_->ask(order.key, heard(std::move(done))); }

 private:
  static OfficeDesk::Done heard(Done done) {
    return [done = std::move(done)](std::optional<EntryResult> result) {
      done(result ? std::move(*result) : EntryResult{.outcome = EntryOutcome::unknown});
    };
  }

  const std::string connector_;
  std::unique_ptr<OfficeDesk> desk_;
};

}  // namespace

std::unique_ptr<BackOffice> make_house_office(std::string connector, std::unique_ptr<OfficeDesk> desk) {
  return std::make_unique<HouseOffice>(std::move(connector), std::move(desk));
}

Expected<std::unique_ptr<OfficeDesk>> OfficeDesk::open(const Options& options, Clock& clock) {
  auto books = OfficeBooks::open(options.file);
  if (!books) return tl::unexpected(books.error());
  return std::unique_ptr<OfficeDesk>(new OfficeDesk(std::move(*books), options, clock));
}

OfficeDesk::OfficeDesk(std::unique_ptr<OfficeBooks> books, const Options& options, Clock& clock)
    : clock_(clock),
      books_(std::move(books)),
      office_(options.temper),
      dice_(options.seed),
      roads_(dice_.fork("roads")) {
  for (const sim::OfficeEntry& entry : books_->take_entries()) office_.restore(entry);
  thread_ = std::thread([this] { loop(); });
}

OfficeDesk::~OfficeDesk() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  for (; !cases_.empty(); cases_.pop()) cases_.top()->done(std::nullopt);
}

void OfficeDesk::send(OrderToEnter order, Done done) {
  auto one = std::make_shared<Case>();
  one->order = std::move(order);
  one->done = std::move(done);
  add(std::move(one));
}

void OfficeDesk::ask(std::string key, Done done) {
  auto one = std::make_shared<Case>();
  one->key = std::move(key);
  one->done = std::move(done);
  add(std::move(one));
}

void OfficeDesk::add(std::shared_ptr<Case> one) {
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  const sim::OfficeTravel travel = office_.travel(roads_);
  one->due = now + travel.there;
  one->back = travel.back;
  one->turn = ++turns_;
  cases_.push(std::move(one));
  wake_.notify_one();
}

std::vector<std::shared_ptr<OfficeDesk::Case>> OfficeDesk::wait_for_due() {
  std::unique_lock lock(mutex_);
  std::vector<std::shared_ptr<Case>> due;
  while (!stopping_) {
    const Instant now = clock_.now();
    for (; !cases_.empty() && cases_.top()->due <= now; cases_.pop()) due.push_back(cases_.top());
    if (!due.empty()) break;
    constexpr std::chrono::nanoseconds kLongestSleep = std::chrono::seconds{60};
    wake_.wait_for(lock,
                   cases_.empty() ? kLongestSleep : clock_.real_length(std::max(Duration{1}, cases_.top()->due - now)));
  }
  return due;
}

void OfficeDesk::loop() {
  for (auto due = wait_for_due(); !due.empty(); due = wait_for_due()) {
    const auto arrived = std::stable_partition(due.begin(), due.end(), [](const auto& one) { return one->answered; });
    const std::vector<std::shared_ptr<Case>> fresh(arrived, due.end());
    due.erase(arrived, due.end());
    for (const auto& one : due) one->done(std::move(one->result));
    if (!fresh.empty()) work(fresh);
  }
}

void OfficeDesk::work(const std::vector<std::shared_ptr<Case>>& arrived) {
  const Instant now = clock_.now();
  {
    const std::lock_guard lock(office_mutex_);
    std::vector<sim::OfficeEntry> entered;
    for (const auto& one : arrived) {
      sim::OfficeAnswer answer = one->order ? office_.send(*one->order, now, dice_) : office_.ask(one->key, dice_);
      if (answer.entered) entered.push_back(std::move(*answer.entered));
      one->result = std::move(answer.result);
    }
    if (!entered.empty() && !broken_) {
      if (const auto kept = books_->append(entered); !kept) {
        spdlog::error("the back office answers nothing any more: {}", to_string(kept.error()));
        broken_ = true;
      }
    }
  }
  const std::lock_guard lock(mutex_);
  for (const auto& one : arrived) {
    if (broken_) one->result.reset();
    one->answered = true;
    one->due = now + one->back;
    cases_.push(one);
  }
}

sim::OfficeCounts OfficeDesk::counts() const {
  const std::lock_guard lock(office_mutex_);
  return office_.counts();
}

std::vector<sim::OfficeEntry> OfficeDesk::entries(const std::string& after, std::size_t most) const {
  const std::lock_guard lock(office_mutex_);
  std::vector<sim::OfficeEntry> page;
  const auto& all = office_.entries();
  for (auto at = all.upper_bound(after); at != all.end() && page.size() < most; ++at) page.push_back(at->second);
  return page;
}

}  // namespace tingan
