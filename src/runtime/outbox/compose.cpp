#include "runtime/outbox/compose.h"

#include "runtime/outbox/lines.h"

namespace tingan::outbox {
namespace {

const char* severity_name(Severity severity) {
  switch (severity) {
    case Severity::danger:
      return "danger";
    case Severity::major:
      return "major";
    case Severity::minor:
      return "minor";
  }
  return "major";
}

bool is_ended(const IncidentState& state) {
  return state.status == IncidentStatus::closed || state.status == IncidentStatus::retracted;
}

bool is_work(ReasonKind kind) {
  return kind == ReasonKind::step || kind == ReasonKind::late || kind == ReasonKind::escalation ||
         kind == ReasonKind::report;
}

Text unit_name(UnitId unit, const Directory& directory) {
  const Unit* known = directory.unit(unit);
  return known == nullptr || known->name.empty() ? Text{unit.str(), unit.str()} : known->name;
}

Text headline(const Text& where, const Text& what, const Text& act) {
  return {where.zh + " " + what.zh + (act.zh.empty() ? "" : "：" + act.zh),
          what.en + " at " + where.en + (act.en.empty() ? "" : ": " + act.en)};
}

// In a group it must be said whose a line is: by name where it is one person's, else by role.
Text addressed(const Line& line, const Directory& directory) {
  Text who = role_name(line.people.front().second);
  if (line.people.size() == 1) {
    const std::string name = recipient_of(line.people.front().first, directory).name;
    if (!name.empty()) who = {name, name};
  }
  return {who.zh + "：" + line.text.zh, who.en + ": " + line.text.en};
}

void set_people(OutgoingNotice& out, const std::vector<Piece>& told, const Directory& directory, UnitId unit,
                const Audience& audience) {
  std::vector<PersonId> seen;
  for (const Piece& piece : told) {
    if (std::find(seen.begin(), seen.end(), piece.person) != seen.end()) continue;
    seen.push_back(piece.person);
    Recipient to = recipient_of(piece.person, directory);
    const Person* person = directory.person(piece.person);
    // A group chat calls by mobile number: no phone in the hall rings because of us.
    if (audience.group && out.silent && person != nullptr && person->unit == unit) to.phone.clear();
    if (seen.size() == 1) {
      out.to = std::move(to);
    } else {
      out.others.push_back(std::move(to));
    }
  }
}

void set_identity(OutgoingNotice& out, const Message& message, const std::vector<Piece>& told) {
  // First messages name the notice: a receiver that drops doubles must not drop what is new.
  const auto lead = std::min_element(told.begin(), told.end(), [](const Piece& a, const Piece& b) {
    return std::tuple(a.round > 0, a.n) < std::tuple(b.round > 0, b.n);
  });
  out.id = to_string(NoticeId{message.about, lead->n});
  out.round = lead->round;
  out.role = lead->role;
}

}  // namespace

Recipient recipient_of(PersonId person, const Directory& directory) {
  const Person* known = directory.person(person);
  if (known == nullptr) return {person, {}, {}, {}};
  return {person, known->name, known->phone, known->email};
}

bool is_worth_telling(const IncidentState& state, const Piece& piece) {
  if (piece.n == 0 || piece.n > state.notices.size()) return false;
  const NoticeState& notice = state.notices[piece.n - 1];
  if (notice.acknowledged != kNever) return false;
  const auto any_telling = [&](const auto& holds) {
    return std::any_of(state.tellings.begin(), state.tellings.end(), [&](const TellingState& telling) {
      return std::find(telling.notices.begin(), telling.notices.end(), piece.n) != telling.notices.end() &&
             holds(telling);
    });
  };
  if (is_ended(state)) {
    // What was told at the end or after it, and is no work to do.
    return notice.queued >= state.ended_at && any_telling([](const TellingState& telling) {
             return std::any_of(telling.reasons.begin(), telling.reasons.end(),
                                [](const Reason& reason) { return !is_work(reason.kind); });
           });
  }
  // One that stands in no telling any more is void: the person has left, and somebody else was told instead.
  return any_telling([&](const TellingState& telling) { return piece.round == 0 || !telling.ended; });
}

std::optional<OutgoingNotice> compose(const Message& message, const IncidentState& state, const Directory& directory,
                                      const Audience& audience, std::vector<Piece>& told) {
  told.clear();
  if (audience.screen && state.silent) return std::nullopt;
  for (const Piece& piece : message.pieces) {
    if (is_worth_telling(state, piece)) told.push_back(piece);
  }
  if (told.empty()) return std::nullopt;
  OutgoingNotice out;
  set_identity(out, message, told);
  out.incident = state.id;
  out.unit = state.unit;
  out.unit_name = unit_name(state.unit, directory);
  out.incident_title = state.plan->title;
  out.drill = state.drill;
  out.silent = state.silent;
  out.severity = severity_name(state.plan->severity);
  out.link = "/incidents/" + to_string(state.id);
  out.queued = state.notices[told.front().n - 1].queued;
  for (const Piece& piece : told) out.queued = std::min(out.queued, state.notices[piece.n - 1].queued);
  std::vector<Line> lines = lines_of(state, directory, told);
  if (lines.empty()) {
    // It happened, and the person has a right to know; what was to be done is done by now.
    lines.push_back(
        {{"正在处置，现在没有要您做的", "It is being handled; there is nothing for you to do now"}, kNever, {}, 0, {}});
    for (const Piece& piece : told) lines.back().people.emplace_back(piece.person, piece.role);
  }
  Instant due = kNever;
  for (const Line& line : lines) {
    out.lines.push_back(audience.group ? addressed(line, directory) : line.text);
    due = std::min(due, line.due);
    for (const ClauseId clause : line.clauses) {
      if (std::find(out.clauses.begin(), out.clauses.end(), clause.str()) == out.clauses.end())
        out.clauses.push_back(clause.str());
    }
  }
  if (due != kNever) out.due = due;
  out.headline = headline(out.unit_name, out.incident_title, lines.front().text);
  set_people(out, told, directory, state.unit, audience);
  return out;
}

std::optional<OutgoingNotice> compose(const Message& message, const Suspicion& suspicion, const Registry& registry,
                                      const Audience& audience, std::vector<Piece>& told) {
  told.clear();
  const PlanPtr plan = registry.plan(suspicion.raised.plan);
  if (suspicion.settled || plan == nullptr) return std::nullopt;
  // Whether it would be silent is not known before it is real: what may be silent is kept off the screens.
  const bool silent = plan->silent.has_value();
  if (audience.screen && silent) return std::nullopt;
  told = message.pieces;
  const Directory& directory = registry.directory();
  OutgoingNotice out;
  set_identity(out, message, told);
  out.incident = message.about;
  out.unit = suspicion.raised.unit;
  out.unit_name = unit_name(out.unit, directory);
  out.incident_title = plan->title;
  out.silent = silent;
  out.severity = severity_name(plan->severity);
  out.link = "/suspicions/" + to_string(message.about);
  out.queued = suspicion.at;
  out.lines = {{"疑似警情，请立即核实，并在系统中确认或排除",
                "Something may be wrong: check at once, then confirm or dismiss it in the program"}};
  out.headline = headline(out.unit_name, out.incident_title, out.lines.front());
  set_people(out, told, directory, out.unit, audience);
  return out;
}

}  // namespace tingan::outbox
