#include "runtime/outbox/roster_news.h"

#include <array>

#include "core/incident/placeholders.h"
#include "model/vocabulary.h"
#include "runtime/outbox/lines.h"
#include "runtime/outbox/promises.h"

namespace tingan::outbox {
namespace {

// FNV-1a: the same change has the same id after a restart.
IncidentId id_of(PersonId person, PersonId other, Instant at) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char byte : person.str() + "/" + other.str()) {
    hash = (hash ^ static_cast<std::uint8_t>(byte)) * 1099511628211ULL;
  }
  std::array<std::uint8_t, 10> entropy{};
  for (std::size_t i = 0; i < 8; ++i) entropy[i] = static_cast<std::uint8_t>(hash >> (8 * i));
  return make_incident_id(to_millis(at), entropy);
}

std::string name_of(PersonId person, const Directory& directory) {
  const std::string name = recipient_of(person, directory).name;
  return name.empty() ? person.str() : name;
}

std::string moment_text(Instant at, Zone zone) {
  const LocalTime local = local_time(at, zone);
  return fmt::format("{:02}-{:02} {}", local.month, local.day, clock_time(at, zone));
}

Text line_of(const RosterNews& news, const Directory& directory) {
  const std::string other = name_of(news.other, directory);
  const std::string by = news.by.person.empty() ? "" : name_of(news.by.person, directory);
  const std::string until = moment_text(news.until, directory.zone());
  const Text role = role_name(news.role);
  switch (news.kind) {
    case RosterNewsKind::given:
      return {fmt::format("您的{}岗位已由{}交给{}，到 {} 为止。不是您的意思，请马上在系统里撤销", role.zh, by, other,
                          until),
              fmt::format("{} has handed your role of {} to {} until {}. If you did not mean that, undo it at once", by,
                          role.en, other, until)};
    case RosterNewsKind::taken:
      return {fmt::format("从现在起由您接{}的{}岗位，到 {} 为止", other, role.zh, until),
              fmt::format("From now on you hold the role of {} in place of {}, until {}", role.en, other, until)};
    case RosterNewsKind::given_undone:
      return {fmt::format("{}撤销了交接：{}岗位又是您的", by, role.zh),
              fmt::format("{} has undone the handover: the role of {} is yours again", by, role.en)};
    case RosterNewsKind::taken_undone:
      return {fmt::format("{}撤销了交接：{}岗位又是{}的", by, role.zh, other),
              fmt::format("{} has undone the handover: the role of {} is {}'s again", by, role.en, other)};
    case RosterNewsKind::stood_in_for:
      return {
          fmt::format("{} 到 {} 由{}替您的班", moment_text(news.from, directory.zone()), until, other),
          fmt::format("{} stands in for you from {} to {}", other, moment_text(news.from, directory.zone()), until)};
    case RosterNewsKind::stands_in:
      return {fmt::format("{} 到 {} 由您替{}的班", moment_text(news.from, directory.zone()), until, other),
              fmt::format("You stand in for {} from {} to {}", other, moment_text(news.from, directory.zone()), until)};
    case RosterNewsKind::away:
      return {fmt::format("{}登记您不在岗，到 {} 为止。您在的话，请马上在系统里改成在岗", by, until),
              fmt::format("{} has said that you are not here until {}. If you are, say so in the program at once", by,
                          until)};
  }
  return {};
}

void add(std::vector<RosterNews>& out, RosterNews news, bool always = false) {
  if (always || news.person != news.by.person) out.push_back(std::move(news));
}

}  // namespace

std::vector<RosterNews> news_of(const Handover& handover) {
  std::vector<RosterNews> out;
  const RoleHandedOver& set = handover.set;
  if (handover.undone_at == kNever) {
    const RosterNews given{RosterNewsKind::given, set.id,      set.unit,    set.role, set.from, set.to,
                           handover.by,           handover.at, handover.at, set.until};
    const RosterNews taken{RosterNewsKind::taken, set.id,      set.unit,    set.role, set.to, set.from,
                           handover.by,           handover.at, handover.at, set.until};
    add(out, given, true);
    add(out, taken);
    return out;
  }
  add(out, {RosterNewsKind::given_undone, set.id, set.unit, set.role, set.from, set.to, handover.undone_by,
            handover.undone_at, handover.at, set.until});
  add(out, {RosterNewsKind::taken_undone, set.id, set.unit, set.role, set.to, set.from, handover.undone_by,
            handover.undone_at, handover.at, set.until});
  return out;
}

std::vector<RosterNews> news_of(const StandIn& stand_in, UnitId unit) {
  std::vector<RosterNews> out;
  const SubstitutionSet& set = stand_in.set;
  const IncidentId id = id_of(set.person, set.stand_in, stand_in.at);
  add(out, {RosterNewsKind::stood_in_for,
            id,
            unit,
            {},
            set.person,
            set.stand_in,
            stand_in.by,
            stand_in.at,
            set.from,
            set.to});
  add(out,
      {RosterNewsKind::stands_in, id, unit, {}, set.stand_in, set.person, stand_in.by, stand_in.at, set.from, set.to});
  return out;
}

std::vector<RosterNews> news_of(const Presence& presence, UnitId unit) {
  std::vector<RosterNews> out;
  const PresenceStated& set = presence.set;
  if (set.present) return out;
  add(out, {RosterNewsKind::away,
            id_of(set.person, presence.by.person, presence.at),
            unit,
            {},
            set.person,
            {},
            presence.by,
            presence.at,
            presence.at,
            set.until});
  return out;
}

Moment moment_of(const RosterNews& news, const Directory& directory) {
  Moment moment;
  moment.about = news.about;
  moment.unit = news.unit;
  moment.news = std::make_shared<const RosterNews>(news);
  std::vector<RoleId> roles;
  if (!news.role.empty()) roles.push_back(news.role);
  const Person* person = directory.person(news.person);
  if (person != nullptr) roles.insert(roles.end(), person->roles.begin(), person->roles.end());
  const RoleId role = roles.empty() ? RoleId() : roles.front();
  moment.people.push_back({{static_cast<std::uint32_t>(news.kind), 0, news.person, role}, std::move(roles), {}});
  return moment;
}

std::vector<Moment> unfinished_roster(const Directory& directory, Instant now) {
  std::vector<Moment> out;
  const auto take = [&](const std::vector<RosterNews>& all) {
    for (const RosterNews& news : all) {
      if (news.at + kPromiseWindow >= now && now < news.until) out.push_back(moment_of(news, directory));
    }
  };
  const auto unit_of = [&](PersonId id) {
    const Person* person = directory.person(id);
    return person == nullptr ? UnitId() : person->unit;
  };
  for (const Handover& one : directory.changes().handovers) take(news_of(one));
  for (const StandIn& one : directory.changes().substitutions) take(news_of(one, unit_of(one.set.person)));
  for (const Presence& one : directory.changes().presence) take(news_of(one, unit_of(one.set.person)));
  return out;
}

std::string news_key(const RosterNews& news, ChannelId channel) {
  return fmt::format("roster {} {} {} {}", to_string(news.about), static_cast<int>(news.kind), news.person.str(),
                     channel.str());
}

std::optional<OutgoingNotice> compose(const Message& message, const RosterNews& news, const Directory& directory,
                                      const Audience& audience, std::vector<Piece>& told) {
  told.clear();
  if (audience.screen) return std::nullopt;
  told = message.pieces;
  OutgoingNotice out;
  out.id = fmt::format("{}.{}", to_string(news.about), static_cast<int>(news.kind));
  out.incident = news.about;
  out.unit = news.unit;
  const Unit* unit = directory.unit(news.unit);
  out.unit_name = unit == nullptr || unit->name.empty() ? Text{news.unit.str(), news.unit.str()} : unit->name;
  out.incident_title = {"值班变动", "Change of duty"};
  out.severity = "major";
  out.link = "/hall";
  out.queued = news.at;
  out.role = message.pieces.front().role;
  const Text line = line_of(news, directory);
  out.lines = {line};
  out.headline = {out.unit_name.zh + " " + out.incident_title.zh + "：" + line.zh,
                  out.incident_title.en + " at " + out.unit_name.en + ": " + line.en};
  out.to = recipient_of(news.person, directory);
  return out;
}

}  // namespace tingan::outbox
