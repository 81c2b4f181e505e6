#include "codec/record_json.h"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <unordered_map>

#include "codec/describe_json.h"

namespace tingan {
namespace {

namespace json = boost::json;

void write_any(JsonWriter& out, const AnyEvent& any) {
  std::visit([&](const auto& family) { std::visit([&](const auto& event) { write_event(out, event); }, family); }, any);
}

void write_record(JsonWriter& out, const Record& record) {
  out.raw("{\"unit\":");
  out.string(record.unit.str());
  out.raw(",\"seq\":");
  out.integer(record.seq);
  out.raw(",\"t\":[");
  out.integer(to_millis(record.time.at));
  out.comma();
  out.integer(record.time.counter);
  out.raw("],\"prev\":");
  out.hex(record.prev.data(), record.prev.size());
  out.raw(",\"by\":");
  write_json(out, record.by);
  if (!record.incident.none()) {
    out.raw(",\"incident\":");
    out.uuid(record.incident.bytes);
  }
  out.raw(",\"events\":[");
  for (const AnyEvent& event : record.events) {
    write_any(out, event);
    out.comma();
  }
  out.close(']');
  out.character('}');
}

// One writer a thread: its buffer keeps the size of the largest record so far.
JsonWriter& fresh_writer() {
  thread_local JsonWriter writer;
  writer.clear();
  return writer;
}

// "type" and "v" are the envelope's: a member of that name would be a second key of the same name.
template <class E>
constexpr bool leaves_envelope_keys() {
  bool free = true;
  boost::mp11::mp_for_each<MembersOf<E>>([&](auto d) {
    const std::string_view name = d.name;
    free = free && name != "type" && name != "v";
  });
  return free;
}

struct EventReader {
  int version;
  bool (*read)(const json::object& from, JsonCursor at, AnyEvent& to, JsonProblem& problem);
};

template <class Family, class E>
bool read_event_as(const json::object& from, JsonCursor at, AnyEvent& to, JsonProblem& problem) {
  return read_members(from, at, std::get<E>(std::get<Family>(to = AnyEvent(Family(E{})))), problem);
}

template <class Family>
void register_family(std::unordered_map<std::string_view, EventReader>& readers) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, Family>>([&](auto id) {
    using E = typename decltype(id)::type;
    static_assert(leaves_envelope_keys<E>());
    const bool fresh = readers.emplace(E::kName, EventReader{E::kVersion, &read_event_as<Family, E>}).second;
    CHECK(fresh);  // two events of one name
  });
}

const std::unordered_map<std::string_view, EventReader>& event_readers() {
  static const auto readers = [] {
    std::unordered_map<std::string_view, EventReader> all;
    register_family<IncidentEvent>(all);
    register_family<UnitEvent>(all);
    register_family<AcceptanceEvent>(all);
    return all;
  }();
  return readers;
}

bool unknown_event(std::string_view name, std::int64_t version, JsonProblem& problem) {
  return problem.is(
      "log.unknown-event",
      {fmt::format("不认识的事件“{}”第 {} 版：此日志由更新的程序写成，请升级本程序", name, version),
       fmt::format("Expected a known event, but got '{}' version {}: a newer program wrote this log, update this one",
                   name, version)});
}

bool read_event(const json::value& from, AnyEvent& to, JsonProblem& problem) {
  const json::object* object = from.if_object();
  if (object == nullptr) return problem.malformed("对象", "an object");
  auto at = object->begin();
  if (at == object->end() || at->key() != "type" || !at->value().is_string()) {
    return problem.malformed("以 type 开头的事件", "an event that begins with its type");
  }
  const json::string& text = at->value().get_string();
  const std::string_view name(text.data(), text.size());
  ++at;
  std::int64_t version = 0;
  if (at == object->end() || at->key() != "v" || !read_integer(at->value(), version, problem) || version < 1) {
    return problem.malformed("事件版本 v", "the event's version v");
  }
  ++at;
  const auto reader = event_readers().find(name);
  if (reader == event_readers().end() || reader->second.version != version) {
    return unknown_event(name, version, problem);
  }
  return reader->second.read(*object, at, to, problem);
}

bool read_time(const json::value& from, HybridTime& to, JsonProblem& problem) {
  const json::array* pair = from.if_array();
  if (pair == nullptr || pair->size() != 2) return problem.malformed("[毫秒, 计数]", "[milliseconds, counter]");
  return read_json((*pair)[0], to.at, problem) && read_json((*pair)[1], to.counter, problem);
}

bool read_prev(const json::value& from, Hash& to, JsonProblem& problem) {
  std::string hex;
  if (!read_json(from, hex, problem)) return false;
  const auto hash = parse_hash(hex);
  if (!hash) return problem.is(hash.error().code, hash.error().message);
  to = *hash;
  return true;
}

bool read_events(const json::value& from, std::vector<AnyEvent>& to, JsonProblem& problem) {
  const json::array* items = from.if_array();
  if (items == nullptr) return problem.malformed("列表", "a list");
  to.resize(items->size());
  for (std::size_t i = 0; i < items->size(); ++i) {
    if (!read_event((*items)[i], to[i], problem)) return problem.within(i);
  }
  return true;
}

// Takes the next key where it is `name`; any other key there is a failure.
template <class Read>
bool take(const json::object& from, JsonCursor& at, std::string_view name, JsonProblem& problem, Read read) {
  if (at == from.end() || std::string_view(at->key().data(), at->key().size()) != name) {
    problem.is(from.contains({name.data(), name.size()}) ? "log.not-canonical" : "log.malformed",
               {"缺少此项，或次序不对", "Expected this key here, but it is missing or out of order"});
    return problem.within(name);
  }
  if (!read(at->value())) return problem.within(name);
  ++at;
  return true;
}

bool read_record(const json::value& from, Record& to, JsonProblem& problem) {
  const json::object* object = from.if_object();
  if (object == nullptr) return problem.malformed("对象", "an object");
  auto at = object->begin();
  const auto plain = [&](std::string_view name, auto& field) {
    return take(*object, at, name, problem, [&](const auto& value) { return read_json(value, field, problem); });
  };
  if (!plain("unit", to.unit) || !plain("seq", to.seq)) return false;
  if (!take(*object, at, "t", problem, [&](const auto& value) { return read_time(value, to.time, problem); }) ||
      !take(*object, at, "prev", problem, [&](const auto& value) { return read_prev(value, to.prev, problem); }) ||
      !plain("by", to.by)) {
    return false;
  }
  if (at != object->end() && at->key() == "incident" && !plain("incident", to.incident)) return false;
  return take(*object, at, "events", problem,
              [&](const auto& value) { return read_events(value, to.events, problem); });
}

tl::unexpected<Error> refuse(JsonProblem problem) {
  if (problem.path.starts_with('.')) problem.path.erase(0, 1);
  return fail(std::move(problem.code), std::move(problem.message), std::move(problem.path));
}

Expected<Record> parse_record(std::string_view bytes) {
  std::array<unsigned char, 16384> scratch;
  json::monotonic_resource memory(scratch.data(), scratch.size());
  json::error_code error;
  const json::value parsed = json::parse({bytes.data(), bytes.size()}, error, &memory);
  if (error) {
    return fail("log.malformed", {fmt::format("不是有效的 JSON：{}", error.message()),
                                  fmt::format("Expected JSON, but {}", error.message())});
  }
  Record record;
  JsonProblem problem;
  if (!read_record(parsed, record, problem)) return refuse(std::move(problem));
  return record;
}

}  // namespace

std::string encode_record(const Record& record) {
  JsonWriter& out = fresh_writer();
  write_record(out, record);
  return std::string(out.view());
}

Expected<Record> decode_record(std::string_view bytes) {
  Expected<Record> record;
  try {
    record = parse_record(bytes);
  } catch (const std::exception& problem) {  // the JSON library, on sizes that it cannot hold
    return fail("log.malformed", {fmt::format("无法读取：{}", problem.what()),
                                  fmt::format("Expected a record, but {}", problem.what())});
  }
  if (!record) return record;
  // The one test of the canonical form that cannot be fooled: write it again.
  JsonWriter& out = fresh_writer();
  write_record(out, *record);
  if (out.view() != bytes) {
    return fail("log.not-canonical", {"不是规范形式（空白、键的次序、转义或多余的空项）",
                                      "Expected the canonical form, but white space, key order, escapes or empty "
                                      "members differ"});
  }
  return record;
}

std::string encode_event(const AnyEvent& event) {
  JsonWriter& out = fresh_writer();
  write_any(out, event);
  return std::string(out.view());
}

std::string_view event_name(const AnyEvent& event) {
  return std::visit(
      [](const auto& family) {
        return std::visit([](const auto& one) -> std::string_view { return std::remove_cvref_t<decltype(one)>::kName; },
                          family);
      },
      event);
}

}  // namespace tingan
