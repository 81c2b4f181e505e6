// What people on the spot bring in: photos and voice notes, and the count at the assembly point. Part of
// model/incident_event.h.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ids.h"
#include "model/sealed.h"

namespace tingan {

// A photo or a voice note. The bytes lie sealed under the incident's key in the blob store, under the name `blob`,
// which is the SHA-256 of what lies there: the chain proves them.
struct EvidenceAdded {
  static constexpr const char* kName = "evidence-added";
  static constexpr int kVersion = 1;
  std::uint32_t n = 0;     // 1, 2, 3 ... within the incident
  std::string media;       // "image/jpeg"
  std::int64_t bytes = 0;  // as it is kept, before sealing
  std::string blob;        // 64 lower-case hex digits
  Sealed details;  // {"caption","sha256","as_taken_sha256"?}: hashes of the bytes as they are kept, as they were taken
  friend bool operator==(const EvidenceAdded&, const EvidenceAdded&) = default;
};
BOOST_DESCRIBE_STRUCT(EvidenceAdded, (), (n, media, bytes, blob, details))

// The first look of each person at a piece of evidence that another took.
struct EvidenceSeen {
  static constexpr const char* kName = "evidence-seen";
  static constexpr int kVersion = 1;
  std::uint32_t n = 0;
  friend bool operator==(const EvidenceSeen&, const EvidenceSeen&) = default;
};
BOOST_DESCRIBE_STRUCT(EvidenceSeen, (), (n))

enum class Whereabouts : std::uint8_t { unknown, here, missing };
BOOST_DESCRIBE_ENUM(Whereabouts, unknown, here, missing)

struct PersonCounted {
  PersonId person;
  Whereabouts state = Whereabouts::unknown;
  friend bool operator==(const PersonCounted&, const PersonCounted&) = default;
};
BOOST_DESCRIBE_STRUCT(PersonCounted, (), (person, state))

// A count at the assembly point. The first one also names everybody of that hour's roster who was not counted; a later
// one says only what has changed.
struct HeadcountTaken {
  static constexpr const char* kName = "headcount-taken";
  static constexpr int kVersion = 1;
  std::vector<PersonCounted> staff;
  std::optional<int> customers_here;
  std::optional<int> customers_missing;
  Sealed note;
  friend bool operator==(const HeadcountTaken&, const HeadcountTaken&) = default;
};
BOOST_DESCRIBE_STRUCT(HeadcountTaken, (), (staff, customers_here, customers_missing, note))

}  // namespace tingan
