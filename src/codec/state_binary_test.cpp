#include "codec/state_binary.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/pfr/tuple_size.hpp>

#include "codec/describe_binary.h"
#include "codec/described_sample.h"

namespace tingan {
namespace {

// The members of the state and of all in it; `plan` is left out, and `cover` is written by itself.
template <class T, std::size_t kLeftOut = 0>
constexpr bool fully_described() {
  return boost::pfr::tuple_size_v<T> == boost::mp11::mp_size<MembersOf<T>>::value + kLeftOut;
}
static_assert(fully_described<IncidentState, 2>());
static_assert(fully_described<FactState>() && fully_described<StepState>() && fully_described<EscalationState>());
static_assert(fully_described<NoticeState>() && fully_described<TellingState>() && fully_described<ReportState>());
static_assert(fully_described<OrderState>() && fully_described<AcceptanceHall>() && fully_described<OrderLook>());
static_assert(fully_described<OrderMoment>() && fully_described<NumberBlock>() && fully_described<NumberSpan>());
static_assert(fully_described<ReplayState>());
static_assert(fully_described<FormState>() && fully_described<ChildLink>() && fully_described<ChainLink>());

IncidentState sample() {
  PlainSource source;
  IncidentState state;
  fill(source, "", state);
  state.ended_at = kNever;
  state.parent = {};
  return state;
}

struct Before {
  int count = 0;
};
BOOST_DESCRIBE_STRUCT(Before, (), (count))
struct Renamed {
  int number = 0;
};
BOOST_DESCRIBE_STRUCT(Renamed, (), (number))
struct Wider {
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(Wider, (), (count))

}  // namespace

TEST(StateBinary, ComesBackTheSame) {
  const IncidentState state = sample();
  const auto decoded = decode_state(encode_state(state));
  ASSERT_TRUE(decoded) << to_string(decoded.error());
  EXPECT_TRUE(*decoded == state);
  const IncidentState fresh;
  EXPECT_TRUE(*decode_state(encode_state(fresh)) == fresh);
}

TEST(StateBinary, OrdersAndHallsComeBackTheSame) {
  PlainSource source;
  OrderState order;
  fill(source, "", order);
  const auto decoded = decode_order(encode_order(order));
  ASSERT_TRUE(decoded) << to_string(decoded.error());
  EXPECT_TRUE(*decoded == order);
  AcceptanceHall hall;
  fill(source, "", hall);
  const auto known = decode_hall(encode_hall(hall));
  ASSERT_TRUE(known) << to_string(known.error());
  EXPECT_TRUE(*known == hall);
  EXPECT_FALSE(decode_hall("\x01"));
}

TEST(StateBinary, AnyInstantComesBackTheSame) {
  EXPECT_TRUE(rc::check("instants", [] {
    IncidentState state = sample();
    const auto any = [] {
      return from_millis(*rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(),
                                         rc::gen::element<std::int64_t>(INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX)));
    };
    state.declared_at = any();
    state.ended_at = any();
    state.steps.front().due = any();
    const auto decoded = decode_state(encode_state(state));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == state);
  }));
}

TEST(StateBinary, CutShortIsRefused) {
  const std::string bytes = encode_state(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded = decode_state(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().code, "snapshot.malformed");
  }
  EXPECT_FALSE(decode_state(bytes + "x"));
}

// Snapshots carry a checksum; a decoder must still stay within its bytes whatever they are.
TEST(StateBinary, AnyBytesAreSafe) {
  EXPECT_TRUE(rc::check("changed bytes", [] {
    std::string bytes = encode_state(sample());
    for (int n = *rc::gen::inRange(1, 6); n > 0; --n) {
      bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = static_cast<char>(*rc::gen::inRange(0, 256));
    }
    if (const auto decoded = decode_state(bytes)) encode_state(*decoded);
  }));
}

TEST(StateBinary, FoldNameFollowsTheStruct) {
  EXPECT_TRUE(state_fold_name().starts_with("states-"));
  static_assert(layout_hash<Before>(1) != layout_hash<Renamed>(1));
  static_assert(layout_hash<Before>(1) != layout_hash<Wider>(1));
  static_assert(layout_hash<Before>(1) != layout_hash<Before>(2));
  static_assert(layout_hash<std::vector<Before>>(1) != layout_hash<Before>(1));
}

}  // namespace tingan
