// What a person types never stands in an event as it is: walks every member of every event. A new text is either
// Sealed, or stands here with the reason why no person's words can be in it.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "codec/described_sample.h"

namespace tingan {
namespace {

const std::map<std::string, std::string>& plain_texts() {
  static const std::map<std::string, std::string> known = {
      {"telling-ended.why", "one of the program's codes"},
      {"notice-progressed.error", "stable code of the program's own error"},
      {"report-drafted.kind", "id of a report in the plan; others are refused"},
      {"report-filed.kind", "id of a report in the plan; others are refused"},
      {"report-missed.kind", "id of a report in the plan"},
      {"evidence-added.media", "one of the media types that are taken"},
      {"evidence-added.blob", "SHA-256 of sealed bytes"},
      {"stood-down-under-duress.how", "one of the program's codes"},
      {"cover-lifted.why", "one of the program's codes"},
      {"plan-published.hash", "SHA-256"},
      {"plan-published.yaml", "a plan is published for everybody to read, for good; it names roles, not people"},
      {"organisation-published.hash", "SHA-256"},
      {"organisation-published.yaml", "names, phones and addresses were taken out and are sealed"},
      {"suspicion-raised.source", "name of a machine; only those that the organisation's text maps raise one"},
      {"suspicion-raised.fingerprint", "SHA-256 of what the machine calls the alarm"},
      {"order-taken.device", "a token that the device makes (ObjectReader::token)"},
      {"order-taken.photos", "SHA-256 of sealed bytes"},
      {"order-taken.fingerprint", "keyed hash"},
      {"order-taken.doubts", "codes of the checks, with a field's id"},
      {"order-taken.connector", "id of a connector in the business type"},
      {"order-repaired.fingerprint", "keyed hash"},
      {"outcome-unknown.why", "one of the program's codes"},
      {"order-entered.reference", "number that the back office's machine gave; a person's goes into `typed`"},
      {"order-rejected.code", "a token (ObjectReader::token); words go into `reason`"},
      {"order-set-aside.code", "a token of the connector; words go into `reason`"},
      {"order-left-to-person.code", "one of the program's codes"},
      {"block-granted.device", "a token that the device makes (ObjectReader::token)"},
      {"security-noted.notes.kind", "one of the program's codes"},
      {"security-noted.notes.target", "id of a person, unit, channel or plan, or the pattern of a route"},
      {"security-noted.notes.code", "one of the program's codes"},
      {"security-noted.notes.from", "an address without its last part"},
      {"replay-paused.why", "one of the program's codes"},
  };
  return known;
}

void walk(const std::string& path, std::set<std::string>& found, auto type) {
  using T = typename decltype(type)::type;
  if constexpr (std::same_as<T, std::string>) {
    found.insert(path);
  } else if constexpr (std::same_as<T, Sealed> || std::same_as<T, Instant> || kIsSymbol<T> || kIsUuid<T> ||
                       std::is_arithmetic_v<T> || std::is_enum_v<T>) {
    // Sealed, a number, or a name that something else has given: ids are checked where they come in.
  } else if constexpr (kIsOptional<T> || kIsVector<T>) {
    walk(path, found, std::type_identity<typename T::value_type>{});
  } else if constexpr (kIsEvents<T>) {
    // Each of these is walked by itself.
  } else {
    static_assert(Described<T>, "a member that the walk does not know");
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
      using Member = std::remove_cvref_t<decltype(std::declval<T&>().*d.pointer)>;
      walk(path + "." + d.name, found, std::type_identity<Member>{});
    });
  }
}

std::set<std::string> texts_in_events() {
  std::set<std::string> found;
  for_each_event_type([&](auto, auto id) {
    using E = typename decltype(id)::type;
    walk(E::kName, found, std::type_identity<E>{});
  });
  return found;
}

}  // namespace

TEST(FreeText, EveryPlainTextOfAnEventIsKnownAndHasAReason) {
  for (const std::string& path : texts_in_events()) {
    EXPECT_TRUE(plain_texts().contains(path)) << path << " is a plain text: make it Sealed, or say here why it may not "
                                              << "hold a person's words";
  }
}

TEST(FreeText, TheListNamesNothingThatIsGone) {
  const auto found = texts_in_events();
  for (const auto& [path, reason] : plain_texts()) {
    EXPECT_TRUE(found.contains(path)) << path;
    EXPECT_GT(reason.size(), 5U) << path;
  }
}

}  // namespace tingan
