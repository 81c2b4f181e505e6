// What machines report: panic buttons, fire panels, monitoring. The organisation says what each means; what it does not
// know is counted and let go. The answer never says what was started: a silent alarm must stay silent on its own line.
#include "api/bodies.h"
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "codec/record_json.h"

namespace tingan::api {
namespace {

bool label_matches(const std::string& pattern, const std::string& value) {
  if (!pattern.ends_with('*')) return pattern == value;
  return value.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1));
}

bool fits(const AlarmMapping& mapping, const Alarm& alarm) {
  if (mapping.source != alarm.source) return false;
  return std::all_of(mapping.match.begin(), mapping.match.end(), [&](const auto& wanted) {
    const auto found = alarm.labels.find(wanted.first);
    return found != alarm.labels.end() && label_matches(wanted.second, found->second);
  });
}

// An alarm that means something here.
struct Meant {
  Alarm alarm;
  AlarmMapping mapping;
  UnitId unit;
  std::string fingerprint;
};

std::string fingerprint_of(const Alarm& alarm) {
  if (!alarm.fingerprint.empty()) return alarm.fingerprint;
  std::string labels;
  for (const auto& [name, value] : alarm.labels) labels += fmt::format("{}:{}={};", name.size(), name, value);
  return "labels-" + to_hex(sha256(labels)).substr(0, 32);
}

std::optional<Meant> meaning_of(const Call& call, const Alarm& alarm) {
  for (const AlarmMapping& mapping : call.directory().organisation().alarms) {
    if (!fits(mapping, alarm)) continue;
    UnitId unit = mapping.unit;
    if (!mapping.unit_label.empty()) {
      const auto label = alarm.labels.find(mapping.unit_label);
      const auto named = label == alarm.labels.end() ? std::nullopt : UnitId::find(label->second);
      if (!named) continue;
      unit = *named;
    }
    if (call.directory().unit(unit) == nullptr || call.registry->plan(mapping.type) == nullptr) continue;
    return Meant{alarm, mapping, unit, fingerprint_of(alarm)};
  }
  return std::nullopt;
}

// All alarms of one request; answers once the last of them is durable.
class AlarmRun : public std::enable_shared_from_this<AlarmRun> {
 public:
  AlarmRun(Service& service, CallPtr call) : service_(service), call_(std::move(call)) {}

  std::size_t ignored = 0;
  std::size_t resolved = 0;

  void start(const std::vector<Meant>& all) {
    accepted_ = all.size();
    pending_ = all.size() + 1;  // one for this function: nothing is answered before all were handed over
    for (const Meant& one : all) {
      if (one.mapping.suspicion) {
        suspect(one);
      } else {
        declare(one, 0);
      }
    }
    settled("", std::nullopt);
  }

 private:
  void suspect(const Meant& one) {
    const auto& known = call_->registry->suspicions();
    const bool told_before =
        one.alarm.one_firing && std::any_of(known.begin(), known.end(), [&](const auto& entry) {
          return entry.second.raised.source == one.alarm.source && entry.second.raised.fingerprint == one.fingerprint;
        });
    if (told_before) return settled("repeated", std::nullopt);
    Submission submission;
    submission.unit = one.unit;
    submission.command = UnitCommand(RaiseSuspicion{.id = new_incident_id(service_.now(), service_.ports.random),
                                                    .unit = one.unit,
                                                    .type = one.mapping.type,
                                                    .facts = one.mapping.facts,
                                                    .source = one.alarm.source,
                                                    .fingerprint = one.fingerprint,
                                                    .confirm_by = one.mapping.confirm_by});
    submission.done = [run = shared_from_this()](const Outcome& outcome) {
      run->settled(outcome.suspicion ? "suspected" : "repeated", outcome.refused);
    };
    service_.ports.submit(std::move(submission));
  }

  // `round` counts how often this thing has fired before: the same press does not declare twice, but a new press after
  // the incident has ended does.
  void declare(const Meant& one, int round) {
    const IncidentId id = new_incident_id(service_.now(), service_.ports.random);
    std::string words = "source: " + one.alarm.source;
    for (const auto& [name, value] : one.alarm.labels) words += fmt::format("\n{}: {}", name, value);
    auto note = service_.ports.sealer.seal("incident:" + to_string(id), words);
    if (!note) return settled("", note.error());
    Submission submission;
    submission.incident = id;
    submission.unit = one.unit;
    submission.command = IncidentCommand(Declare{
        .id = id, .unit = one.unit, .type = one.mapping.type, .facts = one.mapping.facts, .note = std::move(*note)});
    submission.key_scope = "alarm " + one.alarm.source;
    submission.key = fmt::format("{}.{}", to_hex(sha256(one.fingerprint)), round);
    submission.body_hash = "alarm";
    submission.render = [id](const Outcome& outcome, const Registry&) {
      return Answer{outcome.refused ? status_of(outcome.refused->code) : 202, to_string(id)};
    };
    submission.done = [run = shared_from_this(), one, round](const Outcome& outcome) {
      run->declared(one, round, outcome);
    };
    service_.ports.submit(std::move(submission));
  }

  void declared(const Meant& one, int round, const Outcome& outcome) {
    if (!outcome.replayed) return settled("declared", outcome.refused);
    constexpr int kRoundsMax = 100'000;
    const auto id = parse_incident_id(outcome.answer.body);
    const IncidentPtr before = id ? service_.ports.view.find(*id) : nullptr;
    // Refused at that time (no incident came of it), or over by now.
    // As the hall sees it: after a stand-down under duress a new press is answered as after any other.
    const bool over = before == nullptr || (before->cover.empty() ? *before : before->cover.front()).ended_at != kNever;
    if (one.alarm.one_firing || !over || round >= kRoundsMax) return settled("repeated", std::nullopt);
    // On the engine's thread here; sealing waits for the disk.
    const bool taken = service_.pool.post([run = shared_from_this(), one, round] { run->declare(one, round + 1); });
    if (!taken) settled("", Error{"node.busy", {"系统忙，请稍后再试", "Expected room for one more request"}, {}});
  }

  void settled(const char* result, const std::optional<Error>& error) {
    if (error) {
      service_.metrics.alarm("refused");
      const std::lock_guard lock(mutex_);
      if (!failure_ || status_of(error->code) == 503) failure_ = error;
    } else if (*result != '\0') {
      service_.metrics.alarm("accepted");
    }
    if (--pending_ > 0) return;
    if (failure_) return service_.refuse(*call_, *failure_);
    JsonOut out;
    out.begin_object();
    out.field("accepted", accepted_);
    out.field("ignored", ignored);
    out.field("resolved", resolved);
    out.end_object();
    service_.finish(*call_, json_response(202, out.take()));
  }

  Service& service_;
  CallPtr call_;
  std::size_t accepted_ = 0;
  std::atomic<std::size_t> pending_{0};
  std::mutex mutex_;
  std::optional<Error> failure_;
};

}  // namespace

void take_alarms(Service& service, const CallPtr& call) {
  const auto alarms = read_body_of(*call, parse_alarms);
  if (!alarms) return service.refuse(*call, alarms.error());
  const auto run = std::make_shared<AlarmRun>(service, call);
  std::vector<Meant> meant;
  for (const Alarm& alarm : *alarms) {
    if (alarm.resolved) {
      ++run->resolved;
      service.metrics.alarm("resolved");
      continue;
    }
    auto one = meaning_of(*call, alarm);
    if (!one) {
      ++run->ignored;
      service.metrics.alarm("ignored");
      continue;
    }
    if (!may_declare(call->directory(), call->who, one->unit)) {
      return service.refuse(*call, {"incident.not-allowed",
                                    {"您不能为这个单位报警", "Expected someone who may raise alarms for this unit"},
                                    {}});
    }
    meant.push_back(std::move(*one));
  }
  service.on_pool(call, [run, meant = std::move(meant)] { run->start(meant); });
}

}  // namespace tingan::api
