// A business system to enter orders into, for demos and tests: it can be slow, lossy, busy, down, blind to keys, or
// lie. A pure model: no I/O, no clock; the same orders, times and dice give the same answers. What was entered is
// counted by key, so that "each exactly once" is a comparison of numbers.
#pragma once
#include <map>
#include <set>
#include <vector>

#include "base/rate_window.h"
#include "ports/back_office.h"
#include "sim/seeded_random.h"

namespace tingan::sim {

// What it is like. Rates are per mille of the occasions named.
struct OfficeTemper {
  bool down = false;     // nothing reaches it
  int lose_request = 0;  // on the way there: nothing happened
  int lose_answer = 0;   // on the way back: it happened, and nobody hears of it
  int busy = 0;          // "later", and certainly not entered
  int refuse = 0;        // of all keys: refused for good, whenever they come ("account-closed")
  int per_second = 0;    // more are "busy"; 0: no limit
  // Each way. A request may so take effect after its sender has given up and asked.
  Duration slow_least{0};
  Duration slow_most{0};
  bool heeds_keys = true;      // false: the same key is entered a second time
  bool refuses_twins = false;  // the same content under another key: refused ("twin"), else counted
  // Lies.
  int false_entered = 0;    // says "entered" and has not
  int false_absent = 0;     // asked: says "absent" and has it
  int wrong_reference = 0;  // names the number of another entry
};

// What stands in its books for one key. No personal data.
struct OfficeEntry {
  std::string key;
  std::string number;
  std::string business;
  std::string reference;    // "bo-00000017", of the first time
  std::string fingerprint;  // hash of the content
  std::int64_t amount_fen = 0;
  int times = 1;  // more than one: doubled
  Instant at{};
};

struct OfficeCounts {
  std::uint64_t entries = 0;  // with every doubling
  std::uint64_t keys = 0;
  std::uint64_t doubled = 0;  // keys entered more than once
  std::uint64_t twins = 0;    // keys whose content stands there under an earlier key
  std::int64_t amount_fen = 0;
  // Since this object was made; not part of the books.
  std::uint64_t sent = 0;
  std::uint64_t asked = 0;
  std::uint64_t refused = 0;
  std::uint64_t lost = 0;
  std::uint64_t lies = 0;
};

struct OfficeAnswer {
  std::optional<EntryResult> result;   // nothing: lost, nobody hears anything
  std::optional<OfficeEntry> entered;  // what must be kept before anybody hears of it
};

struct OfficeTravel {
  Duration there{0};
  Duration back{0};
};

// One thread at a time.
class ReferenceBackOffice {
 public:
  explicit ReferenceBackOffice(OfficeTemper temper = {}) : temper_(temper), pace_(temper.per_second, Duration{1000}) {}

  // How long one request is on its way. send() and ask() are to be called when it has arrived.
  OfficeTravel travel(SeededRandom& dice) const;
  // Enters the order at most once a key, unless it does not heed keys. The order's `personal` is JSON with `name` and
  // `mobile`. Refuses with `number-missing`, `business-missing`, `content-unreadable`, `name-missing`,
  // `mobile-malformed`, `amount-malformed`, `account-closed`, `twin`.
  OfficeAnswer send(const OrderToEnter& order, Instant now, SeededRandom& dice);
  OfficeAnswer ask(const std::string& key, SeededRandom& dice);
  // An entry of a former life, from wherever it was kept.
  void restore(const OfficeEntry& entry);
  // Changes its ways; the books stay.
  void become(OfficeTemper temper);

  const OfficeTemper& temper() const { return temper_; }
  OfficeCounts counts() const { return counts_; }
  // 0 where it does not have the key.
  int times(const std::string& key) const;
  // By key.
  const std::map<std::string, OfficeEntry>& entries() const { return entries_; }

 private:
  std::optional<EntryResult> turned_away(const OrderToEnter& order, Instant now, SeededRandom& dice);
  EntryResult known(const OfficeEntry& entry, EntryOutcome outcome, SeededRandom& dice);
  std::string next_reference() const;
  OfficeAnswer reply(EntryResult result, SeededRandom& dice);

  OfficeTemper temper_;
  RateWindow pace_;
  std::map<std::string, OfficeEntry> entries_;
  std::map<std::string, std::string> first_key_of_;  // by fingerprint
  OfficeCounts counts_;
};

}  // namespace tingan::sim
