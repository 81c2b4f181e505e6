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

}  // namespace

void Metrics::request(int status) {
  const int family = status / 100;
  if (family >= 1 && family <= 5) ++requests_[static_cast<std::size_t>(family)];
}

void Metrics::refusal(const std::string& code) {
  const std::lock_guard lock(mutex_);
  ++refusals_[code];
}

void Metrics::alarm(const char* result) {
  const std::lock_guard lock(mutex_);
  ++alarms_[result];
}

void Metrics::commit(const Commit& commit) {
  std::size_t unseen = 0;
  for (const CommittedRecord& record : commit.records) {
    if (record.incident == nullptr || record.incident->cover.empty()) {
      count(*record.record);
      continue;
    }
    bool covered = true;
    const auto shown = record_in_cover(*record.record, covered);
    if (shown) {
      count(*shown);
    } else {
      ++unseen;
    }
  }
  unseen_ += unseen;
  records_ += commit.records.size() - unseen;
  if (unseen < commit.records.size()) ++commits_;
}

void Metrics::count(const Record& record) {
  for (const AnyEvent& any : record.events) {
    const auto* event = std::get_if<IncidentEvent>(&any);
    if (event == nullptr) continue;
    if (const auto* told = std::get_if<Told>(event)) {
      notices_[0] += told->notices.size();
    } else if (const auto* progressed = std::get_if<NoticeProgressed>(event)) {
      notices_[static_cast<std::size_t>(progressed->rung) + 1] += progressed->notices.size();
    }
  }
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
  one(out, "last_gseq", "gauge", "Position of the newest durable record.",
      static_cast<double>(gauges.last_gseq - std::min(gauges.last_gseq, unseen_.load())));
  one(out, "disk_full", "gauge", "1 while the store refuses commands.", gauges.disk_full ? 1 : 0);
  one(out, "ready", "gauge", "1 once the node serves.", gauges.ready ? 1 : 0);
  one(out, "clock_offset_seconds", "gauge", "Node clock minus wall clock.", gauges.clock_offset_s);
  return out;
}

}  // namespace tingan::api
