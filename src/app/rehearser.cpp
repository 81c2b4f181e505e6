#include "app/rehearser.h"

#include "codec/record_json.h"
#include "sim/scenario/timeline.h"

namespace tingan {
namespace {

using scenario::Entry;

constexpr std::size_t kEntriesMax = 5000;

void write_people(JsonWriter& out, const std::vector<PersonId>& people) {
  out.open('[');
  for (const PersonId person : people) {
    out.string(person.str());
    out.comma();
  }
  out.close(']');
}

// {"t", "people", "roles", "event", "text"}: one call that goes out.
void write_call(JsonWriter& out, const Entry& entry, Instant start) {
  out.open('{');
  out.key("t");
  scenario::write_seconds(out, entry.at - start);
  out.comma();
  out.key("event");
  out.string(entry.event);
  out.comma();
  out.key("people");
  write_people(out, entry.people);
  out.comma();
  out.key("roles");
  out.open('[');
  for (const RoleId role : entry.to) {
    out.string(role.str());
    out.comma();
  }
  out.close(']');
  out.comma();
  out.key("text");
  scenario::write_text(out, entry.text);
  out.comma();
  out.close('}');
}

template <class Take, class Write>
void write_list(JsonWriter& out, std::string_view key, const std::vector<Entry>& entries, const Take& take,
                const Write& write) {
  out.key(key);
  out.open('[');
  for (const Entry& entry : entries) {
    if (!take(entry)) continue;
    write(entry);
    out.comma();
  }
  out.close(']');
  out.comma();
}

std::string members_of(const std::vector<Entry>& entries, Instant start) {
  JsonWriter out;
  const auto all = [](const Entry&) { return true; };
  const auto called = [](const Entry& entry) { return entry.event == "told" || entry.event == "told-again"; };
  const auto nobody = [](const Entry& entry) { return entry.event == "nobody-found"; };
  const auto call = [&](const Entry& entry) { write_call(out, entry, start); };
  write_list(out, "events", entries, all, [&](const Entry& entry) { scenario::write_entry(out, entry, start); });
  write_list(out, "calls", entries, called, call);
  write_list(out, "nobody", entries, nobody, call);
  std::string members(out.view());
  members.pop_back();  // the last comma
  return members;
}

Expected<void> must(const Expected<Outcome>& outcome) {
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->refused) return tl::unexpected(*outcome->refused);
  return {};
}

Expected<void> set_the_stage(scenario::VirtualNode& node, const api::Rehearsal& wanted, scenario::Timeline& timeline) {
  for (const PersonId person : wanted.absent) {
    Submission away;
    away.unit = wanted.unit;
    away.command = UnitCommand(PresenceStated{person, false, wanted.start + wanted.length + std::chrono::hours{1}});
    if (auto done = must(node.act(std::move(away))); !done) return done;
  }
  const IncidentId id = node.new_id();
  timeline.name(id, wanted.plan.str());
  Submission declare;
  declare.person = wanted.declared_by;
  declare.incident = id;
  declare.command = IncidentCommand(
      Declare{.id = id, .unit = wanted.unit, .type = wanted.plan, .facts = wanted.facts, .drill = true});
  return must(node.act(std::move(declare)));
}

}  // namespace

Expected<std::shared_ptr<const scenario::Prepared>> Rehearser::prepare(const api::Rehearsal& wanted) {
  std::string all = wanted.organisation_yaml;
  for (const auto& [file, text] : wanted.plans) all += '\0' + file + '\0' + text;
  const std::string key = to_hex(sha256(all));
  const std::lock_guard lock(mutex_);
  if (key == key_) return prepared_;
  scenario::Setting setting{wanted.organisation_yaml, "organisation.yaml", {}};
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
  auto node = scenario::VirtualNode::start(**prepared, wanted.start);
  if (!node) return tl::unexpected(node.error());
  scenario::Timeline timeline;
  (*node)->on_commit([&timeline](const Commit& commit) { timeline.add(commit); });
  if (auto set = set_the_stage(**node, wanted, timeline); !set) return tl::unexpected(set.error());
  if (auto passed = (*node)->pass_until(wanted.start + wanted.length); !passed) return tl::unexpected(passed.error());
  if (timeline.entries().size() > kEntriesMax) {
    return fail("rehearsal.too-long", {"演练太长，请缩短时间", "Expected a shorter rehearsal: too much happens in it"},
                "/length");
  }
  return members_of(timeline.entries(), wanted.start);
}

}  // namespace tingan
