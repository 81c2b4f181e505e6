// Which part of an event holds what a person wrote.
#include "api/event_json.h"

namespace tingan::api {

const Sealed* sealed_words(const AnyEvent& any) {
  const auto* event = std::get_if<IncidentEvent>(&any);
  if (event == nullptr) return nullptr;
  const Sealed* found = std::visit(
      [](const auto& e) -> const Sealed* {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, IncidentDeclared> || std::is_same_v<E, StepMarked>) {
          return &e.note;
        } else if constexpr (std::is_same_v<E, FactsStated> || std::is_same_v<E, IncidentReopened> ||
                             std::is_same_v<E, IncidentRetracted>) {
          return &e.reason;
        } else if constexpr (std::is_same_v<E, ProgressNoted>) {
          return &e.text;
        } else if constexpr (std::is_same_v<E, StepDeclined>) {
          return &e.reason;
        } else if constexpr (std::is_same_v<E, HeadcountTaken>) {
          return &e.note;
        } else {
          return nullptr;  // reports and forms have pages of their own
        }
      },
      *event);
  return found == nullptr || found->empty() ? nullptr : found;
}

}  // namespace tingan::api
