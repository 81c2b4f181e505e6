// What machines send. Their formats are not ours: unknown keys are passed over, but what we read must have its shape.
#include "api/bodies.h"
#include "api/object_reader.h"

namespace tingan::api {
namespace {

constexpr std::size_t kLabelsMax = 64;

void read_labels(ObjectReader& in, Alarm& alarm) {
  const JsonValue* labels = in.object("labels");
  if (labels == nullptr) return;
  const auto& members = *labels->as<JsonValue::Object>();
  if (members.size() > kLabelsMax) {
    in.fail_at("labels", "body.too-many",
               {fmt::format("标签最多 {} 个", kLabelsMax), fmt::format("Expected at most {} labels", kLabelsMax)});
    return;
  }
  for (const auto& [name, value] : members) {
    if (const auto* word = value.as<std::string>()) {
      alarm.labels[name] = *word;
    } else {
      in.fail_at("labels", "body.wrong-type",
                 {fmt::format("标签“{}”应当是文字", name), fmt::format("Expected label '{}' to be a string", name)});
    }
  }
}

// The same alert that fires again after it was resolved is another one: it has another start.
void read_firing(ObjectReader& in, Alarm& alarm) {
  const auto fingerprint = in.optional_name("fingerprint");
  const auto starts = in.optional_name("startsAt");
  if (!fingerprint) return;
  alarm.one_firing = starts.has_value();
  alarm.fingerprint = starts ? *fingerprint + "@" + *starts : *fingerprint;
}

Expected<std::vector<Alarm>> read_alertmanager(const JsonValue& json) {
  ObjectReader in(json);
  in.allow_others();
  std::vector<Alarm> alarms;
  const auto* alerts = in.array("alerts");
  if (auto finished = in.finish(); !finished) return tl::unexpected(finished.error());
  if (alerts == nullptr) return alarms;
  if (alerts->size() > kAlarmsMax) {
    return fail("body.too-many",
                {fmt::format("一次最多 {} 条告警", kAlarmsMax),
                 fmt::format("Expected at most {} alerts in one message, but there are more", kAlarmsMax)},
                "/alerts");
  }
  for (std::size_t i = 0; i < alerts->size(); ++i) {
    ObjectReader one((*alerts)[i], fmt::format("/alerts/{}", i));
    one.allow_others();
    Alarm alarm;
    alarm.source = "alertmanager";
    read_labels(one, alarm);
    read_firing(one, alarm);
    alarm.resolved = one.optional_name("status").value_or("firing") == "resolved";
    if (auto finished = one.finish(); !finished) return tl::unexpected(finished.error());
    alarms.push_back(std::move(alarm));
  }
  return alarms;
}

Expected<std::vector<Alarm>> read_simple(const JsonValue& json) {
  ObjectReader in(json);
  Alarm alarm;
  alarm.source = in.name("source");
  in.require("labels");
  read_labels(in, alarm);
  alarm.fingerprint = in.optional_name("fingerprint").value_or("");
  if (auto finished = in.finish(); !finished) return tl::unexpected(finished.error());
  return std::vector<Alarm>{std::move(alarm)};
}

}  // namespace

Expected<std::vector<Alarm>> parse_alarms(std::string_view text) {
  const auto json = parse_json(text);
  if (!json) return tl::unexpected(json.error());
  return json->find("alerts") != nullptr ? read_alertmanager(*json) : read_simple(*json);
}

}  // namespace tingan::api
