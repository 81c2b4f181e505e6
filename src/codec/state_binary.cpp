#include "codec/state_binary.h"

#include "codec/describe_binary.h"

namespace tingan {
namespace {

// Of the byte layout itself, beside the struct's: raise it when describe_binary.h writes the same struct differently.
constexpr std::uint64_t kLayoutVersion = 2;
constexpr std::uint64_t kLayout = layout_hash<IncidentState>(
    layout_hash<OrderState>(layout_hash<AcceptanceHall>(0xcbf29ce484222325ULL + kLayoutVersion)));

template <class State>
Expected<State> decode_as(std::string_view bytes) {
  BinaryReader in(bytes);
  Expected<State> state;
  read_binary(in, *state);
  if constexpr (std::is_same_v<State, IncidentState>) {
    if (in.number() != 0) read_binary(in, state->cover.emplace_back());
  }
  if (!in.finished()) {
    return fail("snapshot.malformed", {"快照字节不完整或被改动",
                                       "Expected a whole state, but the snapshot's bytes "
                                       "are cut short or changed"});
  }
  return state;
}

}  // namespace

std::string_view state_fold_name() {
  static const std::string name = fmt::format("states-{:016x}", kLayout);
  return name;
}

std::string encode_state(const IncidentState& state) {
  BinaryWriter out(state.declared_at);
  write_binary(out, state);
  out.number(state.cover.size());
  for (const IncidentState& shown : state.cover) write_binary(out, shown);
  return out.take();
}

Expected<IncidentState> decode_state(std::string_view bytes) { return decode_as<IncidentState>(bytes); }

std::string encode_order(const OrderState& order) {
  BinaryWriter out(order.taken_at);
  write_binary(out, order);
  return out.take();
}

Expected<OrderState> decode_order(std::string_view bytes) { return decode_as<OrderState>(bytes); }

std::string encode_hall(const AcceptanceHall& hall) {
  BinaryWriter out(hall.replay.started_at);
  write_binary(out, hall);
  return out.take();
}

Expected<AcceptanceHall> decode_hall(std::string_view bytes) { return decode_as<AcceptanceHall>(bytes); }

}  // namespace tingan
