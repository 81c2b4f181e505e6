// The bodies of what administrators send.
#include "api/bodies.h"
#include "api/object_reader.h"
#include "api/unit_editing.h"
#include "model/vocabulary.h"

namespace tingan::api {
namespace {

// "08:30"; 24:00 is the end of the day.
std::optional<int> minute_of(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : -1; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t at : {0, 1, 3, 4}) {
    if (digit(at) < 0) return std::nullopt;
  }
  const int minute = (digit(0) * 10 + digit(1)) * 60 + digit(3) * 10 + digit(4);
  if (digit(3) > 5 || minute > 24 * 60) return std::nullopt;
  return minute;
}

int read_minute(ObjectReader& in, std::string_view key) {
  const std::string text = in.name(key);
  const auto minute = minute_of(text);
  if (!minute) {
    in.fail_at(
        key, "body.malformed-time",
        {fmt::format("“{}”应写成 08:30 这样", key), fmt::format("Expected '{}' like 08:30, but it is not", key)});
  }
  return minute.value_or(0);
}

Weekdays read_days(ObjectReader& in) {
  static constexpr std::array kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  Weekdays days = 0;
  in.require("days");
  const JsonValue::Array* list = in.array("days");
  bool good = list != nullptr && !list->empty();
  for (std::size_t i = 0; good && i < list->size(); ++i) {
    const auto* text = (*list)[i].as<std::string>();
    const auto day = text == nullptr ? kDays.end() : std::find(kDays.begin(), kDays.end(), std::string_view(*text));
    good = day != kDays.end();
    if (good) days |= 1U << (day - kDays.begin());
  }
  if (!good) {
    in.fail_at("days", "body.unknown-value",
               {"days 应列出 mon 到 sun 中的几天", "Expected 'days' to list some of mon to sun, but it does not"});
  }
  return days;
}

std::vector<std::string> read_names(ObjectReader& in, std::string_view key, const JsonValue::Array& list) {
  std::vector<std::string> out;
  for (const JsonValue& one : list) {
    const auto* text = one.as<std::string>();
    if (text != nullptr && !text->empty() && text->size() <= kNameBytesMax) {
      out.push_back(*text);
    } else {
      in.fail_at(key, "body.malformed-name",
                 {fmt::format("“{}”里有不是名字的东西", key), fmt::format("Expected names in '{}'", key)});
    }
  }
  return out;
}

void read_shift_people(ObjectReader& in, Shift& shift) {
  in.require("people");
  const JsonValue* people = in.object("people");
  if (people == nullptr) return;
  for (const auto& [role, list] : *people->as<JsonValue::Object>()) {
    const auto id = RoleId::find(role);
    const auto* names = list.as<JsonValue::Array>();
    if (!id || names == nullptr) {
      in.fail_at("people", "role.unknown",
                 {fmt::format("没有岗位“{}”，或名单不是列表", role),
                  fmt::format("Expected a known role with a list of people, but got '{}'", role)});
      return;
    }
    for (const std::string& name : read_names(in, "people", *names)) {
      const auto person = PersonId::find(name);
      if (!person) {
        in.fail_at("people", "roster.unknown-person",
                   {fmt::format("没有人员“{}”", name), fmt::format("Expected a known person, but got '{}'", name)});
        return;
      }
      shift.people[*id].push_back(*person);
    }
  }
}

Text read_text(ObjectReader& in, std::string_view key) {
  const JsonValue* value = in.any(key);
  if (value == nullptr || std::holds_alternative<std::nullptr_t>(value->value)) return {};
  ObjectReader parts(*value, in.pointer(key));
  Text text{parts.text("zh", kNameBytesMax), parts.text("en", kNameBytesMax)};
  if (auto finished = parts.finish(); !finished) in.adopt(finished.error());
  if (text.zh.empty() != text.en.empty()) {
    in.fail_at(key, "body.missing-field",
               {fmt::format("“{}”要有中文也要有英文", key), fmt::format("Expected '{}' in both languages", key)});
  }
  return text;
}

void read_numbers(ObjectReader& in, Unit& unit) {
  for (const auto& [party, number] : in.settings("numbers")) {
    const auto id = PartId::find(party);
    if (!id || find_outside_party(*id) == nullptr) {
      in.fail_at("numbers", "unit.unknown-party",
                 {fmt::format("没有“{}”这个外部单位", party),
                  fmt::format("Expected a known outside party, but got '{}'", party)});
      return;
    }
    unit.numbers[*id] = number;
  }
}

}  // namespace

Expected<OrganisationBody> parse_organisation_body(std::string_view text) {
  return read_body<OrganisationBody>(text, [](ObjectReader& in, OrganisationBody& body) {
    in.require("yaml");
    body.yaml = in.document("yaml", kOrganisationBytesMax);
    body.base = in.integer("base", 0, 1 << 30).value_or(0);
  });
}

Expected<ShiftsBody> parse_shifts(std::string_view text) {
  return read_body<ShiftsBody>(text, [](ObjectReader& in, ShiftsBody& body) {
    body.unit = in.name("unit");
    body.base = in.integer("base", 0, 1 << 30).value_or(0);
    in.require("shifts");
    const JsonValue::Array* shifts = in.array("shifts");
    for (std::size_t i = 0; shifts != nullptr && i < shifts->size(); ++i) {
      ObjectReader one((*shifts)[i], fmt::format("{}/{}", in.pointer("shifts"), i));
      Shift shift;
      shift.days = read_days(one);
      shift.span = {read_minute(one, "from"), read_minute(one, "to")};
      shift.on_call = one.boolean("on_call").value_or(false);
      read_shift_people(one, shift);
      if (auto finished = one.finish(); !finished) in.adopt(finished.error());
      body.shifts.push_back(std::move(shift));
    }
  });
}

Expected<UnitBody> parse_unit(std::string_view text) {
  return read_body<UnitBody>(text, [](ObjectReader& in, UnitBody& body) {
    body.base = in.integer("base", 0, 1 << 30).value_or(0);
    in.require("name");
    body.unit.name = read_text(in, "name");
    body.unit.address = read_text(in, "address");
    body.unit.landmarks = read_text(in, "landmarks");
    body.unit.assembly_point = read_text(in, "assembly_point");
    body.unit.phone = in.optional_name("phone").value_or("");
    read_numbers(in, body.unit);
    const JsonValue::Array* hours = in.array("hours");
    for (std::size_t i = 0; hours != nullptr && i < hours->size(); ++i) {
      ObjectReader one((*hours)[i], fmt::format("{}/{}", in.pointer("hours"), i));
      body.unit.hours.push_back({read_days(one), {read_minute(one, "from"), read_minute(one, "to")}});
      if (auto finished = one.finish(); !finished) in.adopt(finished.error());
    }
  });
}

Expected<RehearsalBody> parse_rehearsal(std::string_view text) {
  return read_body<RehearsalBody>(text, [](ObjectReader& in, RehearsalBody& body) {
    constexpr int kMinutesMax = 48 * 60;
    body.plan = in.optional_name("plan").value_or("");
    body.yaml = in.document("yaml", kPlanBytesMax);
    if (body.plan.empty() == body.yaml.empty()) {
      in.fail_at("plan", "body.missing-field",
                 {"请给出 plan 或 yaml 之一", "Expected either 'plan' or 'yaml', one of them"});
    }
    body.unit = in.name("unit");
    in.require("start");
    body.start = in.time("start").value_or(Instant{});
    body.minutes = in.integer("minutes", 1, kMinutesMax).value_or(180);
    body.facts = in.settings("facts");
    if (const JsonValue::Array* absent = in.array("absent")) body.absent = read_names(in, "absent", *absent);
  });
}

Expected<PersonBody> parse_person(std::string_view text) {
  return read_body<PersonBody>(text, [](ObjectReader& in, PersonBody& body) {
    body.name = in.name("name");
    body.unit = in.name("unit");
    in.require("roles");
    if (const JsonValue::Array* roles = in.array("roles")) body.roles = read_names(in, "roles", *roles);
    body.phone = in.optional_name("phone");
    body.email = in.optional_name("email");
  });
}

}  // namespace tingan::api
