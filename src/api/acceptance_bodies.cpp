#include "api/acceptance_bodies.h"

#include "api/object_reader.h"
#include "base/encoding.h"

namespace tingan::api {
namespace {

constexpr std::size_t kSignatureBytesMax = 64 * 1024;
constexpr std::size_t kListMax = 20;

std::int64_t integer(ObjectReader& reader, std::string_view key, std::int64_t usual) {
  const JsonValue* value = reader.any(key);
  if (value == nullptr) return usual;
  const auto* number = value->as<std::int64_t>();
  if (number != nullptr && *number >= 0 && *number <= 4000000000) return *number;
  reader.fail_at(
      key, "body.wrong-type",
      {fmt::format("“{}”应为非负整数", key), fmt::format("Expected '{}' to be a whole number, not negative", key)});
  return usual;
}

std::vector<std::string> words(ObjectReader& reader, std::string_view key) {
  std::vector<std::string> out;
  const JsonValue::Array* items = reader.array(key);
  if (items == nullptr) return out;
  for (const JsonValue& item : *items) {
    const auto* word = item.as<std::string>();
    if (word != nullptr && word->size() <= kNameBytesMax && out.size() < kListMax) {
      out.push_back(*word);
      continue;
    }
    reader.fail_at(key, "body.wrong-type",
                   {fmt::format("“{}”应为不超过 {} 个短字符串的列表", key, kListMax),
                    fmt::format("Expected '{}' to be a list of at most {} short strings", key, kListMax)});
  }
  return out;
}

std::map<std::string, std::string> fields_of(ObjectReader& reader) {
  std::map<std::string, std::string> out;
  const JsonValue* object = reader.object("fields");
  if (object == nullptr) return out;
  for (const auto& [id, value] : *object->as<JsonValue::Object>()) {
    const auto* text = value.as<std::string>();
    if (text != nullptr && id.size() <= kNameBytesMax && text->size() <= kSignatureBytesMax) {
      out[id] = without_hidden(*text);
      continue;
    }
    reader.fail_at("fields", "body.wrong-type",
                   {fmt::format("“{}”应为文字", id), fmt::format("Expected '{}' to be a string", id)});
  }
  return out;
}

Filled filled_of(ObjectReader& reader) {
  Filled filled;
  filled.name = reader.text("name", 100);
  filled.mobile = reader.text("mobile", 40);
  filled.fields = fields_of(reader);
  filled.documents = words(reader, "documents");
  if (const JsonValue* signature = reader.any("signature"); signature != nullptr) {
    const auto* drawn = signature->as<std::string>();
    if (drawn != nullptr && drawn->size() <= kSignatureBytesMax) {
      filled.signature = *drawn;
    } else {
      reader.fail_at("signature", "body.wrong-type",
                     {"签名太大或不是文字", "Expected 'signature' to be a string of at most 64 KiB"});
    }
  }
  return filled;
}

Instant required_time(ObjectReader& reader, std::string_view key) {
  reader.require(key);
  return reader.time(key).value_or(Instant{});
}

}  // namespace

Expected<TakeOrderBody> parse_take_order(std::string_view text) {
  return read_body<TakeOrderBody>(text, [](ObjectReader& reader, TakeOrderBody& body) {
    body.id = reader.optional_name("id").value_or("");
    body.unit = reader.optional_name("unit");
    body.business = reader.name("business");
    body.number = integer(reader, "number", 0);
    body.device = reader.token("device").value_or("");
    body.pack = integer(reader, "pack", 0);
    body.incident = reader.optional_name("incident");
    body.handed_over = reader.boolean("handed_over").value_or(false);
    body.taken_at = reader.time("taken_at");
    body.promise = reader.optional_name("promise");
    body.promise_due = reader.time("promise_due");
    body.district = reader.text("district", 40);
    body.filled = filled_of(reader);
    body.photos = words(reader, "photos");
  });
}

Expected<RepairBody> parse_repair(std::string_view text) {
  return read_body<RepairBody>(text, [](ObjectReader& reader, RepairBody& body) {
    body.filled = filled_of(reader);
    body.reason = reader.text("reason");
  });
}

Expected<EnterBody> parse_enter(std::string_view text) {
  return read_body<EnterBody>(text,
                              [](ObjectReader& reader, EnterBody& body) { body.reference = reader.name("reference"); });
}

Expected<CodedBody> parse_coded(std::string_view text) {
  return read_body<CodedBody>(text, [](ObjectReader& reader, CodedBody& body) {
    body.code = reader.token("code").value_or("other");
    reader.require("reason");
    body.reason = reader.text("reason");
  });
}

Expected<PromiseBody> parse_promise(std::string_view text) {
  return read_body<PromiseBody>(text, [](ObjectReader& reader, PromiseBody& body) {
    body.promise = reader.optional_name("promise").value_or("");
    body.due = required_time(reader, "due");
  });
}

Expected<VisitBody> parse_visit(std::string_view text) {
  return read_body<VisitBody>(text, [](ObjectReader& reader, VisitBody& body) {
    body.person = reader.name("person");
    body.due = required_time(reader, "due");
  });
}

Expected<CallBody> parse_call_note(std::string_view text) {
  return read_body<CallBody>(text, [](ObjectReader& reader, CallBody& body) {
    body.reached = reader.boolean("reached").value_or(false);
    body.note = reader.text("note");
  });
}

Expected<BlockBody> parse_block(std::string_view text) {
  return read_body<BlockBody>(text, [](ObjectReader& reader, BlockBody& body) {
    body.unit = reader.optional_name("unit");
    body.device = reader.token("device").value_or("");
    body.business = reader.optional_name("business").value_or("");
    body.size = integer(reader, "size", 50);
  });
}

Expected<VoidBody> parse_void(std::string_view text) {
  return read_body<VoidBody>(text, [](ObjectReader& reader, VoidBody& body) {
    body.unit = reader.optional_name("unit");
    body.first = integer(reader, "first", 0);
    body.last = integer(reader, "last", 0);
    reader.require("reason");
    body.reason = reader.text("reason");
  });
}

Expected<VisitPrintBody> parse_visit_print(std::string_view text) {
  return read_body<VisitPrintBody>(text, [](ObjectReader& reader, VisitPrintBody& body) {
    body.unit = reader.optional_name("unit");
    body.visitor = reader.optional_name("visitor").value_or("");
    body.district = reader.text("district", 40);
  });
}

Expected<ReplayBody> parse_replay(std::string_view text) {
  return read_body<ReplayBody>(text, [](ObjectReader& reader, ReplayBody& body) {
    body.unit = reader.optional_name("unit");
    body.rate_per_minute = integer(reader, "rate_per_minute", 0);
  });
}

}  // namespace tingan::api
