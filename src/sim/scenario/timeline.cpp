#include "sim/scenario/timeline.h"

#include "sim/scenario/flatten.h"

namespace tingan::scenario {

const std::string& Timeline::name_of(IncidentId incident) const {
  static const std::string none;
  const auto found = names_.find(incident);
  return found == names_.end() ? none : found->second;
}

// A parent is named after the first hall that joins it, a chained incident after what caused it.
void Timeline::name_newcomers(const Commit& commit) {
  for (const CommittedRecord& record : commit.records) {
    if (record.incident == nullptr) continue;
    for (const AnyEvent& event : record.record->events) {
      const auto* of_incident = std::get_if<IncidentEvent>(&event);
      if (of_incident == nullptr) continue;
      if (const auto* joined = std::get_if<ChildJoined>(of_incident)) {
        names_.try_emplace(record.incident->id, name_of(joined->child) + ".parent");
      } else if (const auto* declared = std::get_if<IncidentDeclared>(of_incident); declared != nullptr) {
        if (declared->parent_role) continue;
        const std::string cause = declared->caused_by.none() ? "" : name_of(declared->caused_by) + ".";
        names_.try_emplace(record.incident->id, cause + declared->plan.str());
      }
    }
  }
}

void Timeline::add(const Commit& commit) {
  name_newcomers(commit);
  const auto name_of_order = [this](OrderId id) {
    const auto found = orders_.find(id);
    return found == orders_.end() ? std::string() : found->second;
  };
  for (const CommittedRecord& record : commit.records) {
    flatten_acceptance(*record.record, commit.registry->directory(), name_of_order, entries_);
    if (record.incident == nullptr) continue;
    flatten(*record.record, *record.incident, commit.registry->directory(), name_of(record.incident->id), entries_);
  }
}

void write_seconds(JsonWriter& out, Duration length) {
  out.integer(length.count() / 1000);
  if (length.count() % 1000 != 0) out.raw(fmt::format(".{:03}", length.count() % 1000));
}

void write_text(JsonWriter& out, const Text& text) {
  out.open('{');
  out.key("zh");
  out.string(text.zh);
  out.comma();
  out.key("en");
  out.string(text.en);
  out.comma();
  out.close('}');
}

namespace {

template <class Ids>
void write_ids(JsonWriter& out, std::string_view key, const Ids& ids) {
  out.key(key);
  out.open('[');
  for (const auto& id : ids) {
    out.string(id.str());
    out.comma();
  }
  out.close(']');
  out.comma();
}

void write_word(JsonWriter& out, std::string_view key, std::string_view word) {
  out.key(key);
  out.string(word);
  out.comma();
}

}  // namespace

void write_entry(JsonWriter& out, const Entry& entry, Instant start) {
  out.open('{');
  out.key("t");
  write_seconds(out, entry.at - start);
  out.comma();
  write_word(out, "unit", entry.unit.str());
  write_word(out, "incident", entry.name);
  if (!entry.incident.none()) write_word(out, "id", to_string(entry.incident));
  if (!entry.type.empty()) write_word(out, "type", entry.type.str());
  write_word(out, "event", entry.event);
  write_ids(out, "clauses", entry.clauses);
  if (!entry.part.empty()) write_word(out, entry.is_step ? "step" : "part", entry.part.str());
  if (!entry.to.empty()) write_ids(out, "to", entry.to);
  if (!entry.people.empty()) write_ids(out, "people", entry.people);
  if (entry.due) {
    out.key("due");
    write_seconds(out, *entry.due - start);
    out.comma();
  }
  if (!entry.by.person.empty()) {
    out.key("by");
    out.open('{');
    write_word(out, "person", entry.by.person.str());
    write_word(out, "role", entry.by.role.str());
    out.close('}');
    out.comma();
  }
  if (!entry.facts.empty()) {
    out.key("facts");
    out.open('{');
    for (const FactSetting& setting : entry.facts) write_word(out, setting.fact.str(), setting.value.str());
    out.close('}');
    out.comma();
  }
  if (!entry.code.empty()) write_word(out, "code", entry.code);
  out.key("text");
  write_text(out, entry.text);
  out.comma();
  out.close('}');
}

}  // namespace tingan::scenario
