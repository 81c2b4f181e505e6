#include "api/security_log.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace tingan::api {
namespace {

// What an attacker can make happen at will.
bool comes_by_the_thousand(const std::string& kind) {
  static constexpr std::array kKinds = {"sign-in-failed", "sign-in-throttled", "confirm-failed", "rate-limited",
                                        "refused"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

constexpr std::size_t kWrittenMax = 4096;
constexpr std::size_t kTextBytesMax = 200;

}  // namespace

std::string mask_address(std::string_view peer) {
  if (peer.empty()) return {};
  if (peer.starts_with("::ffff:")) peer.remove_prefix(7);
  if (peer == "::1" || peer.starts_with("127.")) return "loopback";
  const std::string text(peer.substr(0, peer.find('%')));
  std::array<unsigned char, 16> bytes{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    return fmt::format("{}.{}.{}.*", bytes[0], bytes[1], bytes[2]);
  }
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return "?";
  const auto group = [&](std::size_t i) { return bytes[2 * i] * 256 + bytes[2 * i + 1]; };
  return fmt::format("{:x}:{:x}:{:x}::*", group(0), group(1), group(2));
}

SecurityLog::SecurityLog(std::function<void(Submission)> submit, Clock& clock, Duration every)
    : submit_(std::move(submit)), clock_(clock), every_(every) {
  if (every_.count() > 0) thread_ = std::thread([this] { run(); });
}

SecurityLog::~SecurityLog() { stop(); }

SecurityLog::Key SecurityLog::key_of(const SecurityNote& note) {
  return {note.kind, note.person, note.target, note.code, note.from};
}

void SecurityLog::note(SecurityNote note) {
  note.first = note.last = clock_.now();
  if (note.target.size() > kTextBytesMax) note.target.resize(kTextBytesMax);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    add(std::move(note));
  }
  wake_.notify_one();
}

void SecurityLog::add(SecurityNote note) {
  if (!waiting_.contains(key_of(note))) {
    std::size_t& different = of_kind_[note.kind];
    const bool flood = comes_by_the_thousand(note.kind) && different >= kAddressesMax;
    if (flood || waiting_.size() >= kWaitingMax) {
      note.person = PersonId();
      note.target.clear();
      note.code.clear();
      note.from = "many";
    } else {
      ++different;
    }
  }
  const auto [entry, fresh] = waiting_.try_emplace(key_of(note), note);
  if (fresh) return;
  entry->second.count += note.count;
  entry->second.first = std::min(entry->second.first, note.first);
  entry->second.last = std::max(entry->second.last, note.last);
}

std::vector<SecurityNote> SecurityLog::take(bool all, Instant now) {
  std::vector<SecurityNote> out;
  if (written_.size() > kWrittenMax) written_.clear();
  std::erase_if(waiting_, [&](auto& entry) {
    const bool folds = comes_by_the_thousand(entry.second.kind);
    if (folds) {
      const auto before = written_.find(entry.first);
      if (!all && before != written_.end() && now - before->second < kFold) return false;
      written_[entry.first] = now;
    }
    out.push_back(std::move(entry.second));
    return true;
  });
  of_kind_.clear();
  for (const auto& [key, note] : waiting_) ++of_kind_[note.kind];
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.last < b.last; });
  return out;
}

bool SecurityLog::has_due(Instant now) const {
  return std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& entry) {
    const auto before = written_.find(entry.first);
    return before == written_.end() || now - before->second >= kFold;
  });
}

void SecurityLog::send(std::vector<SecurityNote> notes, std::function<void()> done) {
  const auto kept = std::make_shared<std::vector<SecurityNote>>(std::move(notes));
  Submission submission;
  submission.unit = UnitId(kSecurityLog);
  submission.command = UnitCommand(NoteSecurity{*kept});
  submission.done = [this, kept, done = std::move(done)](const Outcome& outcome) {
    {
      const std::lock_guard lock(mutex_);
      under_way_ = false;
      // The disk is full: they wait, still bounded, for the next try.
      if (outcome.refused) {
        for (SecurityNote& note : *kept) add(std::move(note));
      }
    }
    wake_.notify_all();
    if (done) done();
  };
  submit_(std::move(submission));
}

void SecurityLog::flush(std::function<void()> done) {
  std::vector<SecurityNote> notes;
  {
    const std::lock_guard lock(mutex_);
    notes = take(true, clock_.now());
    if (!notes.empty()) under_way_ = true;
  }
  // Also with nothing to write: what is under way is answered first, for the engine keeps the order.
  send(std::move(notes), std::move(done));
}

void SecurityLog::run() {
  constexpr std::chrono::seconds kLook{1};
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, kLook, [this] { return stopping_ || (!under_way_ && has_due(clock_.now())); });
    if (stopping_) return;
    if (under_way_ || !has_due(clock_.now())) continue;
    wake_.wait_for(lock, every_, [this] { return stopping_; });
    if (stopping_) return;
    if (under_way_) continue;
    auto notes = take(false, clock_.now());
    if (notes.empty()) continue;
    under_way_ = true;
    lock.unlock();
    send(std::move(notes), {});
    lock.lock();
  }
}

void SecurityLog::stop() {
  std::vector<SecurityNote> rest;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    rest = take(true, clock_.now());
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (rest.empty()) return;
  Submission last;
  last.unit = UnitId(kSecurityLog);
  last.command = UnitCommand(NoteSecurity{std::move(rest)});
  last.done = [](const Outcome&) {};
  submit_(std::move(last));
}

}  // namespace tingan::api
