#include "api/metrics.h"

#include "api/visibility.h"

namespace tingan::api {
namespace {

constexpr std::array kRungs = {"queued", "sent", "delivered", "seen", "acknowledged", "failed"};

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out += fmt::format("# HELP tingan_{} {}\n# TYPE tingan_{} {}\n", name, help, name, type);
}

void one(std::string& out, std::string_view name, std::string_view type, std::string_view help, double value) {
  head(out, name, type, help);
  out += fmt::format("tingan_{} {}\n", name, value);
}

void add_notices(const Record& record, const std::function<void(std::size_t rung, std::uint64_t n)>& add) {
  for (const AnyEvent& any : record.events) {
    const auto* event = std::get_if<IncidentEvent>(&any);
    if (event == nullptr) continue;
    if (const auto* told = std::get_if<Told>(event)) {
      add(0, told->notices.size());
    } else if (const auto* progressed = std::get_if<NoticeProgressed>(event)) {
      add(static_cast<std::size_t>(progressed->rung) + 1, progressed->notices.size());
    }
  }
}

}  // namespace

void Metrics::request(int status) {
  const int family = status / 100;
  if (family >= 1 && family <= 5) ++requests_[static_cast<std::size_t>(family)];
}

void Metrics::refusal(const std::string& code) {
  // Asked for in a silent incident alone.
  if (code == "words.wrong" || code == "words.needed") return;
  const std::lock_guard lock(mutex_);
  ++refusals_[code];
}

void Metrics::alarm(const char* result) {
  const std::lock_guard lock(mutex_);
  ++alarms_[result];
}

// What runs in silence is laid aside, and counted in one go when it comes out.
void Metrics::commit(const Commit& commit) {
  std::size_t counted = 0;
  IncidentId aside;
  for (const CommittedRecord& record : commit.records) {
    std::optional<Record> in_cover;
    const Record* shown = record.record.get();
    if (record.incident != nullptr && !record.incident->cover.empty()) {
      bool covered = true;
      in_cover = record_in_cover(*record.record, covered);
      shown = in_cover ? &*in_cover : nullptr;
    }
    if (shown == nullptr) {
      ++unseen_;
    } else if (record.incident != nullptr && is_uncounted(*record.incident)) {
      lay_aside(record.incident->id, *shown);
      aside = record.incident->id;
    } else {
      if (record.incident != nullptr) come_out(record.incident->id);
      count(*shown);
      ++records_;
      ++counted;
    }
  }
  if (counted > 0) {
    ++commits_;
  } else if (!aside.none()) {
    const std::lock_guard lock(mutex_);
    ++aside_[aside].commits;
  }
}

void Metrics::lay_aside(const IncidentId& incident, const Record& record) {
  const std::lock_guard lock(mutex_);
  Aside& one = aside_[incident];
  ++one.records;
  ++laid_aside_;
  add_notices(record, [&](std::size_t rung, std::uint64_t n) { one.notices[rung] += n; });
}

void Metrics::come_out(const IncidentId& incident) {
  const std::lock_guard lock(mutex_);
  const auto found = aside_.find(incident);
  if (found == aside_.end()) return;
  records_ += found->second.records;
  commits_ += found->second.commits;
  laid_aside_ -= found->second.records;
  for (std::size_t i = 0; i < notices_.size(); ++i) notices_[i] += found->second.notices[i];
  aside_.erase(found);
}

void Metrics::count(const Record& record) {
  add_notices(record, [&](std::size_t rung, std::uint64_t n) { notices_[rung] += n; });
}

std::string Metrics::text(const Gauges& gauges) const {
  std::string out;
  head(out, "http_requests_total", "counter", "Answered requests by the status' first digit.");
  for (std::size_t family = 1; family <= 5; ++family) {
    out += fmt::format("tingan_http_requests_total{{status=\"{}xx\"}} {}\n", family, requests_[family].load());
  }
  one(out, "commands_total", "counter", "Commands handed to the engine.", static_cast<double>(commands_));
  one(out, "replayed_total", "counter", "Answers given again under an idempotency key.",
      static_cast<double>(replayed_));
  one(out, "commits_total", "counter", "Durable commits.", static_cast<double>(commits_));
  one(out, "records_total", "counter", "Durable records.", static_cast<double>(records_));
  one(out, "logins_total", "counter", "Successful sign-ins.", static_cast<double>(logins_));
  one(out, "failed_logins_total", "counter", "Wrong user or password.", static_cast<double>(failed_logins_));
  one(out, "throttled_logins_total", "counter", "Sign-ins told to wait.", static_cast<double>(throttled_));
  one(out, "evidence_looks_total", "counter", "Photos and voice notes that were handed out.",
      static_cast<double>(evidence_looks_));
  head(out, "notices_total", "counter", "Notices by the rung that they reached.");
  for (std::size_t i = 0; i < kRungs.size(); ++i) {
    out += fmt::format("tingan_notices_total{{rung=\"{}\"}} {}\n", kRungs[i], notices_[i].load());
  }
  {
    const std::lock_guard lock(mutex_);
    head(out, "refusals_total", "counter", "Refused requests by code.");
    for (const auto& [code, count] : refusals_) {
      out += fmt::format("tingan_refusals_total{{code=\"{}\"}} {}\n", code, count);
    }
    head(out, "alarms_total", "counter", "Alarms of machines by what became of them.");
    for (const auto& [result, count] : alarms_) {
      out += fmt::format("tingan_alarms_total{{result=\"{}\"}} {}\n", result, count);
    }
  }
  one(out, "engine_queue", "gauge", "Commands that wait for the engine.", static_cast<double>(gauges.queued));
  one(out, "sse_clients", "gauge", "Open event streams.", static_cast<double>(gauges.streams));
  one(out, "sessions", "gauge", "People signed in.", static_cast<double>(gauges.sessions));
  one(out, "incidents_open", "gauge", "Open or contained incidents.", static_cast<double>(gauges.open_incidents));
  one(out, "incidents", "gauge", "All incidents.", static_cast<double>(gauges.incidents));
  const std::uint64_t not_shown = unseen_ + laid_aside_;
  one(out, "last_gseq", "gauge", "Position of the newest durable record.",
      static_cast<double>(gauges.last_gseq - std::min(gauges.last_gseq, not_shown)));
  one(out, "disk_full", "gauge", "1 while the store refuses commands.", gauges.disk_full ? 1 : 0);
  one(out, "ready", "gauge", "1 once the node serves.", gauges.ready ? 1 : 0);
  one(out, "clock_offset_seconds", "gauge", "Node clock minus wall clock.", gauges.clock_offset_s);
  return out;
}

}  // namespace tingan::api
