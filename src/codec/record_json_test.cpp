#include "codec/record_json.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/pfr/tuple_size.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "codec/described_sample.h"

namespace tingan {
namespace {

constexpr const char* kGolden = "tests/golden/events";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class RandomSource {
 public:
  bool flag() { return *rc::gen::arbitrary<bool>(); }
  template <class Integer>
  Integer integer() {
    return *rc::gen::arbitrary<Integer>();
  }
  Instant instant() { return from_millis(*rc::gen::arbitrary<std::int64_t>()); }
  std::size_t below(std::size_t limit) { return *rc::gen::inRange<std::size_t>(0, limit); }
  std::size_t length() { return below(4); }
  std::string symbol(std::string_view name) { return std::string(name) + std::to_string(below(9)); }
  std::string text(std::string_view) {
    static const std::vector<std::string> kPieces = {"a",    "\"", "\\", "\n", std::string(1, '\0'), "\x1f", "\x7f",
                                                     "厅安", "é",  "😀",  "/",  "\xef\xbf\xbf"};
    std::string text;
    for (std::size_t n = below(9); n > 0; --n) text += kPieces[below(kPieces.size())];
    return text;
  }
};

Record arbitrary_record() {
  RandomSource source;
  Record record;
  const std::size_t chosen =
      source.below(boost::mp11::mp_size<IncidentEvent>::value + boost::mp11::mp_size<UnitEvent>::value +
                   boost::mp11::mp_size<AcceptanceEvent>::value);
  std::size_t index = 0;
  for_each_event_type([&](auto family, auto id) {
    if (index++ != chosen) return;
    typename decltype(id)::type event{};
    fill(source, "event", event);
    record = record_around(source, typename decltype(family)::type(event));
  });
  return record;
}

Record declared() {
  PlainSource source;
  IncidentDeclared event;
  fill(source, "", event);
  return record_around(source, IncidentEvent(event));
}

std::string code_of(std::string_view bytes) {
  const auto record = decode_record(bytes);
  return record ? "" : record.error().code;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// A member that is not described would silently be missing from the log.
template <class T>
constexpr bool fully_described() {
  return boost::pfr::tuple_size_v<T> == boost::mp11::mp_size<MembersOf<T>>::value;
}
static_assert(fully_described<FactSetting>() && fully_described<StepOpening>() && fully_described<LateStep>());
static_assert(fully_described<StepPassed>());
static_assert(fully_described<Reason>() && fully_described<NewNotice>() && fully_described<SealedPerson>());
static_assert(fully_described<Actor>() && fully_described<Sealed>());

}  // namespace

TEST(RecordJson, EveryEventHasAGoldenFile) {
  for_each_event_type([](auto family, auto id) {
    using E = typename decltype(id)::type;
    static_assert(fully_described<E>());
    PlainSource source;
    E event{};
    fill(source, "", event);
    const Record record = record_around(source, typename decltype(family)::type(event));
    const auto path = std::filesystem::path(kGolden) / fmt::format("{}.v{}.json", E::kName, E::kVersion);
    const std::string bytes = encode_record(record);
    if (std::getenv("TINGAN_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << bytes << '\n';
    const std::string golden = read_file(path);
    EXPECT_EQ(golden, bytes + "\n") << path << ": written by TINGAN_WRITE_GOLDEN=1; a change of a released version "
                                    << "wants a new version instead";
    const auto decoded = decode_record(bytes);
    ASSERT_TRUE(decoded) << to_string(decoded.error());
    EXPECT_TRUE(decoded->events == record.events) << E::kName;
    EXPECT_EQ(event_name(decoded->events.front()), E::kName);
  });
}

// Also those of versions that this program no longer writes.
TEST(RecordJson, EveryGoldenFileIsReadable) {
  for (const auto& file : std::filesystem::directory_iterator(kGolden)) {
    std::string bytes = read_file(file.path());
    ASSERT_FALSE(bytes.empty());
    bytes.pop_back();
    EXPECT_TRUE(decode_record(bytes)) << file.path();
  }
}

TEST(RecordJson, AnyRecordComesBackTheSame) {
  EXPECT_TRUE(rc::check("decode(encode(record)) == record", [] {
    const Record record = arbitrary_record();
    const std::string bytes = encode_record(record);
    const auto decoded = decode_record(bytes);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(decoded->events == record.events);
    RC_ASSERT(decoded->unit == record.unit);
    RC_ASSERT(decoded->time == record.time);
    RC_ASSERT(decoded->prev == record.prev);
    RC_ASSERT(decoded->by == record.by);
    RC_ASSERT(decoded->incident == record.incident);
    RC_ASSERT(encode_record(*decoded) == bytes);
  }));
}

// Whatever one byte becomes: it is refused, or it is another record with another hash. It never reads as the same one.
TEST(RecordJson, AnyChangedByteIsRefusedOrHashesDifferently) {
  EXPECT_TRUE(rc::check("changed byte", [] {
    const std::string bytes = encode_record(arbitrary_record());
    std::string changed = bytes;
    changed[*rc::gen::inRange<std::size_t>(0, bytes.size())] ^= static_cast<char>(*rc::gen::inRange(1, 256));
    RC_ASSERT(sha256(changed) != sha256(bytes));
    if (const auto decoded = decode_record(changed)) RC_ASSERT(encode_record(*decoded) == changed);
  }));
}

TEST(RecordJson, SaysWhatIsCanonical) {
  Record record;
  record.unit = UnitId("hall-a");
  record.seq = 7;
  record.time = {from_millis(1795226400123), 2};
  record.by = {PersonId("p1"), RoleId("clerk")};
  record.events = {IncidentEvent(PlanAdvanced{.answered = {PartId("q")}, .silent = false}),
                   UnitEvent(PresenceStated{})};
  EXPECT_EQ(encode_record(record),
            R"({"unit":"hall-a","seq":7,"t":[1795226400123,2],)"
            R"("prev":"0000000000000000000000000000000000000000000000000000000000000000",)"
            R"("by":{"person":"p1","role":"clerk"},"events":[{"type":"plan-advanced","v":1,"answered":["q"],)"
            R"("silent":false},{"type":"presence-stated","v":1,"present":true,"until":0}]})");
  EXPECT_EQ(encode_event(record.events[1]), R"({"type":"presence-stated","v":1,"present":true,"until":0})");
}

// `present` is true where nobody says otherwise; its absence in the bytes still means false.
TEST(RecordJson, AbsentMeansEmptyWhateverTheDefaultIs) {
  Record record = declared();
  record.events = {UnitEvent(PresenceStated{.present = false})};
  const auto decoded = decode_record(encode_record(record));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->events == record.events);
}

TEST(RecordJson, RefusesWhatIsNotCanonical) {
  const std::string bytes = encode_record(declared());
  ASSERT_EQ(code_of(bytes), "");
  EXPECT_EQ(code_of(bytes + " "), "log.not-canonical");
  EXPECT_EQ(code_of(replaced(bytes, ",\"seq\"", ", \"seq\"")), "log.not-canonical");
  EXPECT_EQ(code_of(replaced(bytes, "\"unit-", "\"\\u0075nit-")), "log.not-canonical");
  EXPECT_EQ(code_of(replaced(bytes, "\"plan_version\"", "\"drill\":false,\"plan_version\"")), "log.not-canonical");
  EXPECT_EQ(code_of(replaced(bytes, "\"v\":1,", "\"v\":1,\"extra\":1,")), "log.not-canonical");
  EXPECT_EQ(code_of(replaced(bytes, "\"v\":1,", "\"v\":1,\"plan_version\":3,")), "log.not-canonical");
  EXPECT_EQ(code_of(replaced(bytes, "{\"unit\"", "{\"seq\":1,\"unit\"")), "log.not-canonical");
  EXPECT_EQ(code_of(replaced(bytes, "\"t\":[", "\"t\":[-0")), "log.malformed");
}

TEST(RecordJson, RefusesWhatIsMalformed) {
  const std::string bytes = encode_record(declared());
  EXPECT_EQ(code_of(""), "log.malformed");
  EXPECT_EQ(code_of("[]"), "log.malformed");
  EXPECT_EQ(code_of("{}"), "log.malformed");
  EXPECT_EQ(code_of(std::string(100000, '[')), "log.malformed");
  EXPECT_EQ(code_of(bytes.substr(0, bytes.size() - 1)), "log.malformed");
  EXPECT_EQ(code_of(replaced(bytes, "\"unit-", "\"\xff\xfe-")), "log.malformed");
  EXPECT_EQ(code_of(replaced(bytes, "\"unit-", "\"\xed\xa0\x80-")), "log.malformed");  // a surrogate in UTF-8
  EXPECT_EQ(code_of(replaced(bytes, "\"v\":1", "\"v\":0")), "log.malformed");
  EXPECT_EQ(code_of(replaced(bytes, "\"v\":1", "\"v\":1.5")), "log.malformed");
  EXPECT_EQ(code_of(replaced(bytes, "\"plan_version\":", "\"plan_version\":99999999999")), "log.malformed");
}

TEST(RecordJson, StopsAtEventsOfANewerProgram) {
  const std::string bytes = encode_record(declared());
  EXPECT_EQ(code_of(replaced(bytes, "\"v\":1", "\"v\":2")), "log.unknown-event");
  EXPECT_EQ(code_of(replaced(bytes, "incident-declared", "incident-foreseen")), "log.unknown-event");
}

TEST(RecordJson, NamesThePlace) {
  const auto bad = decode_record(replaced(encode_record(declared()), "\"value\":\"", "\"value\":1,\"x\":\""));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().where, "events[0].facts[0].value");
}

TEST(RecordJson, BrokenTextIsStillReadable) {
  Record record = declared();
  record.events = {IncidentEvent(ReportMissed{.kind = "a\xff\xe5\x8e"})};
  const auto decoded = decode_record(encode_record(record));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::get<ReportMissed>(std::get<IncidentEvent>(decoded->events[0])).kind,
            "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Sha256, IsTheOneOfTheStandard) {
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(parse_hash(to_hex(sha256("abc"))), sha256("abc"));
  EXPECT_FALSE(parse_hash("BA"));
  EXPECT_FALSE(parse_hash(std::string(64, 'A')));
}

}  // namespace tingan
