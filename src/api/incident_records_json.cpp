// Evidence and the headcount as the API gives them.
#include "api/incident_json.h"

namespace tingan::api {

const char* whereabouts_name(Whereabouts state) {
  static constexpr std::array kNames = {"unknown", "here", "missing"};
  return kNames[static_cast<std::size_t>(state)];
}

void write_customers(JsonOut& out, const std::optional<int>& here, const std::optional<int>& missing) {
  const auto number = [&out](const char* key, const std::optional<int>& value) {
    if (value) {
      out.field(key, *value);
    } else {
      out.null(key);
    }
  };
  out.begin_object("customers");
  number("here", here);
  number("missing", missing);
  out.end_object();
}

void write_evidence_rows(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader) {
  out.begin_array("evidence");
  for (std::size_t i = 0; i < incident.evidence.size(); ++i) {
    const EvidenceState& piece = incident.evidence[i];
    out.begin_object();
    out.field("n", i + 1);
    out.field("media", piece.media);
    out.field("bytes", piece.bytes);
    out.field("blob", piece.blob);
    out.time("at", piece.at, directory.zone());
    write_actor(out, "by", piece.by, directory, reader);
    out.end_object();
  }
  out.end_array();
}

void write_headcount(JsonOut& out, const IncidentState& incident, const Directory& directory, const Who* reader) {
  const HeadcountState& count = incident.headcount;
  if (count.at == kNever) return out.null("headcount");
  out.begin_object("headcount");
  out.time("at", count.at, directory.zone());
  write_actor(out, "by", count.by, directory, reader);
  out.begin_array("staff");
  for (const PersonCounted& one : count.staff) {
    out.begin_object();
    out.field("person", one.person.str());
    out.field("state", whereabouts_name(one.state));
    out.end_object();
  }
  out.end_array();
  const auto list = [&](const char* key, Whereabouts state) {
    out.begin_array(key);
    for (const PersonCounted& one : count.staff) {
      if (one.state == state) out.item(one.person.str());
    }
    out.end_array();
  };
  list("missing", Whereabouts::missing);
  list("not_counted", Whereabouts::unknown);
  write_customers(out, count.customers_here, count.customers_missing);
  out.end_object();
}

}  // namespace tingan::api
