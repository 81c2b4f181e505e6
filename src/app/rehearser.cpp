#include "app/rehearser.h"

#include "codec/record_json.h"
#include "sim/scenario/rehearsal.h"

namespace tingan {
namespace {

using scenario::Entry;

constexpr std::size_t kEntriesMax = 5000;

// {"t", "event", "people", "roles", "text"}: one call that goes out, or should.
void write_call(JsonWriter& out, Duration at, const std::string& event, const std::vector<PersonId>& people,
                const std::vector<RoleId>& roles, const Text& text) {
  const auto ids = [&out](std::string_view key, const auto& list) {
    out.key(key);
    out.open('[');
    for (const auto& id : list) {
      out.string(id.str());
      out.comma();
    }
    out.close(']');
    out.comma();
  };
  out.open('{');
  out.key("t");
  scenario::write_seconds(out, at);
  out.comma();
  out.key("event");
  out.string(event);
  out.comma();
  ids("people", people);
  ids("roles", roles);
  out.key("text");
  scenario::write_text(out, text);
  out.comma();
  out.close('}');
}

template <class List, class Write>
void write_list(JsonWriter& out, std::string_view key, const List& list, const Write& write) {
  out.key(key);
  out.open('[');
  for (const auto& one : list) {
    write(one);
    out.comma();
  }
  out.close(']');
  out.comma();
}

std::string members_of(const scenario::Rehearsal& rehearsal, Instant start) {
  JsonWriter out;
  write_list(out, "events", rehearsal.entries, [&](const Entry& one) { scenario::write_entry(out, one, start); });
  write_list(out, "calls", rehearsal.calls, [&](const scenario::Call& one) {
    write_call(out, one.at - start, one.event, {one.person}, one.roles, one.text);
  });
  write_list(out, "nobody", rehearsal.nobody,
             [&](const Entry& one) { write_call(out, one.at - start, one.event, one.people, one.to, one.text); });
  std::string members(out.view());
  members.pop_back();  // the last comma
  return members;
}

}  // namespace

Expected<std::shared_ptr<const scenario::Prepared>> Rehearser::prepare(const api::Rehearsal& wanted) {
  std::string all = wanted.organisation_yaml;
  for (const auto& [file, text] : wanted.plans) all += '\0' + file + '\0' + text;
  const std::string key = to_hex(sha256(all));
  const std::lock_guard lock(mutex_);
  if (key == key_) return prepared_;
  scenario::Setting setting{wanted.organisation_yaml, "organisation.yaml", {}, {}};
  for (const auto& [file, text] : wanted.plans) setting.plans.push_back({file, text});
  auto made = scenario::Prepared::make(setting);
  if (!made) return tl::unexpected(made.error());
  key_ = key;
  prepared_ = *made;
  return prepared_;
}

Expected<std::string> Rehearser::run(const api::Rehearsal& wanted) {
  const auto prepared = prepare(wanted);
  if (!prepared) return tl::unexpected(prepared.error());
  scenario::RehearsalRequest request{.type = wanted.plan, .unit = wanted.unit, .start = wanted.start};
  request.length = wanted.length;
  request.facts = wanted.facts;
  request.absent = wanted.absent;
  const auto rehearsal = scenario::rehearse(**prepared, request);
  if (!rehearsal) return tl::unexpected(rehearsal.error());
  if (rehearsal->entries.size() > kEntriesMax) {
    return fail("rehearsal.too-long", {"推演太长，请缩短时间", "Expected a shorter rehearsal: too much happens in it"},
                "/minutes");
  }
  return members_of(*rehearsal, wanted.start);
}

}  // namespace tingan
