#include "runtime/held_state.h"

#include "base/check.h"
#include "codec/state_binary.h"

namespace tingan {

IncidentPtr Held::load() const {
  if (hot_ != nullptr || packed_ == nullptr) return hot_;
  auto state = decode_state(*packed_);
  CHECK(state.has_value());  // we encoded it ourselves, or recovery has checked it
  state->plan = plan_;
  for (IncidentState& shown : state->cover) shown.plan = plan_;
  return std::make_shared<const IncidentState>(std::move(*state));
}

Held Held::packed() const { return hot_ == nullptr ? *this : Held(encode_state(*hot_), hot_->plan); }

}  // namespace tingan
