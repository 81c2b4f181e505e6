// Who stands at the assembly point, and who is missing.
#include "core/incident/decide.h"
#include "model/vocabulary.h"

namespace tingan::detail {
namespace {

constexpr int kCustomersMax = 100000;

Expected<void> check_people(const TakeHeadcount& command, const Directory& directory) {
  for (std::size_t i = 0; i < command.staff.size(); ++i) {
    const PersonId person = command.staff[i].person;
    if (directory.person(person) == nullptr) {
      return fail("headcount.unknown-person",
                  {fmt::format("没有人员“{}”", person.str()),
                   fmt::format("Expected a known person, but got '{}'", person.str())},
                  fmt::format("/staff/{}/person", i));
    }
    const bool twice = std::any_of(command.staff.begin(), command.staff.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const PersonCounted& other) { return other.person == person; });
    if (twice) {
      return fail("headcount.impossible",
                  {fmt::format("“{}”数了两次", person.str()),
                   fmt::format("Expected each person once, but '{}' is there twice", person.str())},
                  fmt::format("/staff/{}/person", i));
    }
  }
  for (const auto& count : {command.customers_here, command.customers_missing}) {
    if (count && (*count < 0 || *count > kCustomersMax)) {
      return fail("headcount.impossible",
                  {fmt::format("客户人数应在 0 到 {} 之间", kCustomersMax),
                   fmt::format("Expected 0 to {} customers, but got {}", kCustomersMax, *count)},
                  "/customers");
    }
  }
  return {};
}

// Whom the roster of this hour wants there and nobody has counted yet.
void add_uncounted(const IncidentState& state, const DecideContext& context, std::vector<PersonCounted>& staff) {
  for (const PersonId person : expected_at_assembly(context.directory, state.unit, context.now)) {
    const bool counted =
        std::any_of(staff.begin(), staff.end(), [&](const PersonCounted& known) { return known.person == person; });
    if (!counted) staff.push_back({person, Whereabouts::unknown});
  }
}

}  // namespace

Expected<Decision> take_headcount(const IncidentState& state, const TakeHeadcount& command,
                                  const DecideContext& context) {
  if (is_ended(state)) return ended();
  if (!may_add_to(context.directory, context.who, state)) {
    return not_allowed({"您不能清点这个事件的人数", "Expected someone concerned with this incident, but you are not"});
  }
  if (auto good = check_people(command, context.directory); !good) return tl::unexpected(good.error());
  HeadcountTaken event{command.staff, command.customers_here, command.customers_missing, command.note};
  if (state.headcount.at == kNever) add_uncounted(state, context, event.staff);
  Draft draft(state, context, {context.who.person, acting_role(context.who)});
  draft.emit(std::move(event));
  return std::move(draft).finish();
}

}  // namespace tingan::detail

namespace tingan {

std::vector<PersonId> expected_at_assembly(const Directory& directory, UnitId unit, Instant now) {
  Found found = directory.who(unit, staff_role(), now);
  return found.via == FoundBy::roster ? std::move(found.people) : std::vector<PersonId>{};
}

}  // namespace tingan
