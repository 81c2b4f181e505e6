#include "api/bodies.h"

#include "api/object_reader.h"

namespace tingan::api {
namespace {

void must_be_said(ObjectReader& in, std::string_view key, const std::string& text) {
  in.require(key);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    in.fail_at(
        key, "body.missing-field",
        {fmt::format("“{}”不能是空的", key), fmt::format("Expected '{}' to say something, but it is empty", key)});
  }
}

constexpr std::size_t kPasswordBytesMax = 1024;

}  // namespace

const std::vector<std::string>& report_contents() {
  static const std::vector<std::string> all = {"place", "time", "type", "effect", "measures", "outlook"};
  return all;
}

Expected<SignInBody> parse_sign_in(std::string_view text) {
  return read_body<SignInBody>(text, [](ObjectReader& in, SignInBody& body) {
    body.user = in.name("user");
    in.require("password");
    body.password = in.raw("password", kPasswordBytesMax);
  });
}

Expected<std::string> parse_confirm(std::string_view text) {
  return read_body<std::string>(text, [](ObjectReader& in, std::string& password) {
    in.require("password");
    password = in.raw("password", kPasswordBytesMax);
  });
}

Expected<PasswordBody> parse_password(std::string_view text) {
  return read_body<PasswordBody>(text, [](ObjectReader& in, PasswordBody& body) {
    in.require("old");
    in.require("new");
    body.old_password = in.raw("old", kPasswordBytesMax);
    body.new_password = in.raw("new", kPasswordBytesMax);
  });
}

Expected<DeclareBody> parse_declare(std::string_view text) {
  return read_body<DeclareBody>(text, [](ObjectReader& in, DeclareBody& body) {
    body.unit = in.name("unit");
    body.type = in.name("type");
    body.facts = in.settings("facts");
    body.note = in.text("note");
    body.drill = in.boolean("drill").value_or(false);
  });
}

Expected<FactsBody> parse_facts(std::string_view text) {
  return read_body<FactsBody>(text, [](ObjectReader& in, FactsBody& body) {
    in.require("set");
    body.set = in.settings("set");
    body.reason = in.text("reason");
    body.code = in.raw("code", kPasswordBytesMax);
    if (body.set.empty()) {
      in.fail_at("set", "body.missing-field",
                 {"“set”里没有事实", "Expected at least one fact in 'set', but there is none"});
    }
  });
}

Expected<StepBody> parse_step(std::string_view text) {
  return read_body<StepBody>(text, [](ObjectReader& in, StepBody& body) {
    const std::string state = in.name("state");
    body.note = in.text("note");
    body.reason = in.text("reason");
    if (state == "started") {
      body.state = StepStatus::started;
    } else if (state == "skipped") {
      body.state = StepStatus::skipped;
    } else if (state == "declined") {
      body.declined = true;
    } else if (state != "done") {
      in.fail_at("state", "body.unknown-value",
                 {fmt::format("步骤不能标记为“{}”；可以是 done、skipped、started、declined", state),
                  fmt::format("Expected done, skipped, started or declined, but got '{}'", state)});
    }
  });
}

Expected<ReasonBody> parse_reason(std::string_view text) {
  return read_body<ReasonBody>(text, [](ObjectReader& in, ReasonBody& body) { body.reason = in.text("reason"); });
}

Expected<ReasonBody> parse_retract(std::string_view text) {
  return read_body<ReasonBody>(text, [](ObjectReader& in, ReasonBody& body) {
    body.reason = in.text("reason");
    body.code = in.raw("code", kPasswordBytesMax);
  });
}

Expected<WordsBody> parse_words(std::string_view text) {
  return read_body<WordsBody>(text, [](ObjectReader& in, WordsBody& body) {
    in.require("password");
    body.password = in.raw("password", kPasswordBytesMax);
    body.stand_down = in.raw("stand_down", kPasswordBytesMax);
    body.duress = in.raw("duress", kPasswordBytesMax);
    if (body.stand_down.empty() != body.duress.empty()) {
      in.fail_at("duress", "body.missing-field", {"两个暗语要一起设，或一起取消", "Expected both words, or neither"});
    }
  });
}

Expected<ProgressBody> parse_progress(std::string_view text) {
  return read_body<ProgressBody>(text, [](ObjectReader& in, ProgressBody& body) {
    body.text = in.text("text");
    must_be_said(in, "text", body.text);
  });
}

Expected<ReportBody> parse_report(std::string_view text) {
  return read_body<ReportBody>(text, [](ObjectReader& in, ReportBody& body) {
    body.kind = in.optional_name("kind").value_or("");
    const JsonValue* content = in.object("content");
    if (content == nullptr) return;
    ObjectReader sections(*content, in.pointer("content"));
    for (const std::string& name : report_contents()) {
      std::string said = sections.text(name, 2 * kNoteCharactersMax);
      if (content->find(name) != nullptr) body.content[name] = std::move(said);
    }
    if (auto finished = sections.finish(); !finished) in.adopt(finished.error());
  });
}

Expected<FormBody> parse_form(std::string_view text) {
  return read_body<FormBody>(text, [](ObjectReader& in, FormBody& body) {
    in.require("content");
    if (const JsonValue* content = in.object("content")) body.content = write_json(*content);
  });
}

Expected<PlanBody> parse_plan_body(std::string_view text) {
  return read_body<PlanBody>(text, [](ObjectReader& in, PlanBody& body) {
    body.yaml = in.raw("yaml", kPlanBytesMax);
    must_be_said(in, "yaml", body.yaml);
  });
}

Expected<HandoverBody> parse_handover(std::string_view text) {
  return read_body<HandoverBody>(text, [](ObjectReader& in, HandoverBody& body) {
    body.unit = in.optional_name("unit");
    body.role = in.name("role");
    body.from = in.optional_name("from");
    body.to = in.name("to");
    body.until = in.time("until");
  });
}

Expected<SubstitutionBody> parse_substitution(std::string_view text) {
  return read_body<SubstitutionBody>(text, [](ObjectReader& in, SubstitutionBody& body) {
    body.person = in.optional_name("person");
    body.stand_in = in.name("stand_in");
    in.require("from");
    in.require("to");
    body.from = in.time("from").value_or(Instant{});
    body.to = in.time("to").value_or(Instant{});
    if (body.to <= body.from) {
      in.fail_at("to", "body.empty-span",
                 {"结束时间应当在开始时间之后", "Expected 'to' to be after 'from', but it is not"});
    }
  });
}

Expected<PresenceBody> parse_presence(std::string_view text) {
  return read_body<PresenceBody>(text, [](ObjectReader& in, PresenceBody& body) {
    body.person = in.optional_name("person");
    in.require("present");
    body.present = in.boolean("present").value_or(true);
    body.until = in.time("until");
  });
}

namespace {

void read_counted(ObjectReader& in, HeadcountBody& body) {
  const JsonValue::Array* staff = in.array("staff");
  if (staff == nullptr) return;
  for (std::size_t i = 0; i < staff->size(); ++i) {
    const std::string where = fmt::format("{}/{}", in.pointer("staff"), i);
    ObjectReader one((*staff)[i], where);
    const std::string person = one.name("person");
    const std::string state = one.name("state");
    Whereabouts there = Whereabouts::unknown;
    if (state == "here") {
      there = Whereabouts::here;
    } else if (state == "missing") {
      there = Whereabouts::missing;
    } else if (state != "unknown") {
      one.fail_at("state", "body.unknown-value",
                  {fmt::format("不能是“{}”；可以是 here、missing、unknown", state),
                   fmt::format("Expected here, missing or unknown, but got '{}'", state)});
    }
    if (auto finished = one.finish(); !finished) in.adopt(finished.error());
    body.staff.emplace_back(person, there);
  }
}

}  // namespace

Expected<HeadcountBody> parse_headcount(std::string_view text) {
  return read_body<HeadcountBody>(text, [](ObjectReader& in, HeadcountBody& body) {
    constexpr int kCustomersMax = 100000;
    read_counted(in, body);
    body.note = in.text("note");
    if (const JsonValue* customers = in.object("customers")) {
      ObjectReader counted(*customers, in.pointer("customers"));
      body.customers_here = counted.integer("here", 0, kCustomersMax);
      body.customers_missing = counted.integer("missing", 0, kCustomersMax);
      const std::string note = counted.text("note");
      if (!note.empty()) body.note += (body.note.empty() ? "" : "\n") + note;
      if (auto finished = counted.finish(); !finished) in.adopt(finished.error());
    }
    if (body.staff.empty() && !body.customers_here && !body.customers_missing && body.note.empty()) {
      in.fail_at("staff", "body.missing-field", {"没有清点任何人", "Expected somebody to be counted, but nobody is"});
    }
  });
}

Expected<void> parse_nothing(std::string_view text) {
  struct Nothing {};
  const auto read = read_body<Nothing>(text, [](ObjectReader&, Nothing&) {});
  if (!read) return tl::unexpected(read.error());
  return {};
}

}  // namespace tingan::api
