#include "sim/workloads/courier.h"

namespace tingan::sim {
namespace {

constexpr Duration kPatienceMin = std::chrono::seconds{5};
constexpr Duration kPatienceMax = std::chrono::minutes{2};

}  // namespace

void Courier::send(Request request) {
  waiting_.insert(request.token);
  dispatch(std::make_shared<const Request>(std::move(request)));
}

void Courier::dispatch(const std::shared_ptr<const Request>& request) {
  const auto travel = [this] {
    const Duration least = random_.between(Duration{20}, Duration{400});
    return random_.chance(faults_.delay) ? least + random_.between(Duration{0}, std::chrono::minutes{5}) : least;
  };
  if (random_.chance(faults_.lose_request)) return again(request);
  agenda_.after(travel(), [this, request] { arrive(request); });
  // Without a key nobody sends twice on purpose, and a connection delivers once.
  if (request->keyed && random_.chance(faults_.duplicate)) {
    agenda_.after(travel(), [this, request] { arrive(request); });
  }
}

void Courier::arrive(const std::shared_ptr<const Request>& request) {
  if (!at_node_(request)) again(request);
}

void Courier::again(const std::shared_ptr<const Request>& request) {
  if (!request->keyed) {
    waiting_.erase(request->token);  // gives up: it may or may not have happened
    return;
  }
  // One client, one next try, however many of its copies came to nothing.
  if (!asking_again_.insert(request->token).second) return;
  agenda_.after(random_.between(kPatienceMin, kPatienceMax), [this, request] {
    asking_again_.erase(request->token);
    if (waiting_.contains(request->token)) dispatch(request);
  });
}

bool Courier::answer(const std::shared_ptr<const Request>& request, const Outcome& outcome) {
  const bool later = outcome.refused && outcome.refused->code.starts_with("store.");
  if (later || random_.chance(faults_.lose_reply)) {
    again(request);
    return false;
  }
  waiting_.erase(request->token);
  return true;
}

}  // namespace tingan::sim
