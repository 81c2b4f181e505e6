#include "codec/state_binary.h"

#include "codec/describe_binary.h"

namespace tingan {
namespace {

// Of the byte layout itself, beside the struct's: raise it when describe_binary.h writes the same struct differently.
constexpr std::uint64_t kLayoutVersion = 1;
constexpr std::uint64_t kLayout = layout_hash<IncidentState>(0xcbf29ce484222325ULL + kLayoutVersion);

}  // namespace

std::string_view state_fold_name() {
  static const std::string name = fmt::format("incident-state-{:016x}", kLayout);
  return name;
}

std::string encode_state(const IncidentState& state) {
  BinaryWriter out(state.declared_at);
  write_binary(out, state);
  return out.take();
}

Expected<IncidentState> decode_state(std::string_view bytes) {
  BinaryReader in(bytes);
  Expected<IncidentState> state;
  read_binary(in, *state);
  if (!in.finished()) {
    return fail("snapshot.malformed", {"快照字节不完整或被改动",
                                       "Expected a whole state, but the snapshot's bytes "
                                       "are cut short or changed"});
  }
  return state;
}

}  // namespace tingan
