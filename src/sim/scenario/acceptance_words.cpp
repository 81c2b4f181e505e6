#include "sim/scenario/acceptance_act.h"

namespace tingan::scenario {

const char* word_of(AcceptanceAct::Kind kind) {
  static constexpr const char* kWords[] = {"order",     "callback", "block", "pack",    "void",   "replay",
                                           "pause",     "resume",   "pace",  "enter",   "reject", "repair",
                                           "hand_back", "promise",  "visit", "visited", "call",   "back_office"};
  return kWords[static_cast<std::size_t>(kind)];
}

const char* word_of(PromiseStatus status) {
  static constexpr const char* kWords[] = {"open", "kept", "broken", "released"};
  return kWords[static_cast<std::size_t>(status)];
}

const char* word_of(ReplayStatus status) {
  static constexpr const char* kWords[] = {"none", "running", "paused", "finished"};
  return kWords[static_cast<std::size_t>(status)];
}

}  // namespace tingan::scenario
