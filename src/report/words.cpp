#include "report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/vocabulary.h"

namespace tingan::report {
namespace {

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int second_of(Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count() % 60;
  return static_cast<int>(seconds < 0 ? seconds + 60 : seconds);
}

}  // namespace

Text role_name(RoleId id) {
  if (id == staff_role()) return {"厅内人员", "Staff of the hall"};
  if (id == admin_role()) return {"管理员", "Administrator"};
  if (id == auditor_role()) return {"审计员", "Auditor"};
  if (id == program_actor().role) return {"系统", "The program"};
  const RoleInfo* role = find_role(id);
  return role == nullptr ? Text{id.str(), id.str()} : role->name;
}

Text party_name(PartId id) {
  if (const OutsideParty* party = find_outside_party(id)) return party->name;
  return role_name(RoleId(id.str()));
}

Text role_names(const std::vector<RoleId>& ids) {
  std::vector<Text> names;
  for (const RoleId id : ids) names.push_back(role_name(id));
  return join(names, {"、", ", "});
}

Text kind_title(const std::string& kind) {
  if (kind == "initial") return {"初报", "Initial report"};
  if (kind == "follow-up") return {"续报", "Follow-up report"};
  if (kind == "final") return {"终报", "Final report"};
  return {kind, kind};
}

Text status_name(IncidentStatus status) {
  switch (status) {
    case IncidentStatus::open:
      return {"处置中", "Being dealt with"};
    case IncidentStatus::contained:
      return {"已得到控制", "Contained"};
    case IncidentStatus::closed:
      return {"已结案", "Closed"};
    case IncidentStatus::retracted:
      return {"已撤回", "Retracted"};
  }
  return {};
}

Text step_status_name(StepStatus status) {
  switch (status) {
    case StepStatus::waiting:
      return {"未到时候", "Waiting"};
    case StepStatus::open:
      return {"待办", "To do"};
    case StepStatus::started:
      return {"进行中", "Started"};
    case StepStatus::done:
      return {"已完成", "Done"};
    case StepStatus::skipped:
      return {"未执行", "Skipped"};
    case StepStatus::withdrawn:
      return {"不再需要", "No longer needed"};
  }
  return {};
}

Text value_label(const Fact& fact, ValueId value) {
  const auto place =
      static_cast<std::size_t>(std::find(fact.values.begin(), fact.values.end(), value) - fact.values.begin());
  if (place < fact.labels.size() && !fact.labels[place].empty()) return fact.labels[place];
  if (fact.boolean()) return value.str() == "true" ? Text{"是", "yes"} : Text{"否", "no"};
  return {value.str(), value.str()};
}

Text say_fact(const Fact& fact, ValueId value) { return fact.title + Text{"：", ": "} + value_label(fact, value); }

Text not_known_yet() { return {"尚不清楚", "Not known yet"}; }

Text say_time(Instant at, Zone zone) {
  const LocalTime t = local_time(at, zone);
  return {fmt::format("{}年{}月{}日{}时{:02}分", t.year, t.month, t.day, t.minute / 60, t.minute % 60),
          fmt::format("{} {} {}, {:02}:{:02}", t.day, kMonths[static_cast<std::size_t>(t.month - 1)], t.year,
                      t.minute / 60, t.minute % 60)};
}

Text say_clock(Instant at, Instant day, Zone zone) {
  const LocalTime t = local_time(at, zone);
  const LocalTime d = local_time(day, zone);
  const std::string clock_zh = fmt::format("{}时{:02}分", t.minute / 60, t.minute % 60);
  const std::string clock_en = fmt::format("{:02}:{:02}", t.minute / 60, t.minute % 60);
  if (t.year == d.year && t.month == d.month && t.day == d.day) return {clock_zh, clock_en};
  return {fmt::format("{}月{}日{}", t.month, t.day, clock_zh),
          fmt::format("{} {}, {}", t.day, kMonths[static_cast<std::size_t>(t.month - 1)], clock_en)};
}

std::string table_minute(Instant at, Zone zone) {
  const LocalTime t = local_time(at, zone);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", t.year, t.month, t.day, t.minute / 60, t.minute % 60);
}

std::string table_second(Instant at, Zone zone) {
  const LocalTime t = local_time(at, zone);
  return fmt::format("{:02}-{:02} {:02}:{:02}:{:02}", t.month, t.day, t.minute / 60, t.minute % 60, second_of(at));
}

const std::string& in(const Text& text, const std::string& language) {
  if (language == "en") return text.en.empty() ? text.zh : text.en;
  return text.zh.empty() ? text.en : text.zh;
}

Text join(const std::vector<Text>& parts, const Text& between) {
  Text out;
  for (const Text& part : parts) {
    if (!out.empty()) out = out + between;
    out = out + part;
  }
  return out;
}

Text operator+(const Text& a, const Text& b) { return {a.zh + b.zh, a.en + b.en}; }

}  // namespace tingan::report
