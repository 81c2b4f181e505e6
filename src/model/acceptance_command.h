// What is asked of emergency acceptance. Personal data comes sealed; checks of fields were made before
// (core/acceptance/field_check.h), what is left of them stands in `doubts`.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/acceptance_event.h"

namespace tingan {

struct TakeOrder {
  BusinessTypePtr business;
  OrderKind kind = OrderKind::order;
  std::uint32_t number = 0;  // 0: the hall's next
  std::string device;
  std::uint32_t pack = 0;
  IncidentId incident;
  bool drill = false;
  bool handed_over = false;  // taken before, while the node was out of reach: never refused for what is wrong inside
  std::optional<Instant> taken_at;
  std::int64_t amount_fen = 0;
  std::optional<PromiseKind> promise;
  std::optional<Instant> promise_due;
  Sealed district;
  Sealed personal;
  std::vector<std::string> photos;
  std::string fingerprint;
  std::vector<std::string> doubts;
};

struct RepairOrder {
  std::int64_t amount_fen = 0;
  Sealed personal;
  std::string fingerprint;
  std::vector<std::string> doubts;  // empty: it may go out again
  Sealed reason;
};

struct SendOrder {
  std::uint32_t replay = 0;
};
struct LoseOutcome {
  std::string why;
};
struct FindAbsent {};
struct EnterOrder {
  EnteredVia via = EnteredVia::connector;
  std::string reference;  // by the program
  Sealed typed{};         // by a person; the same text is the same envelope (Sealer::seal_alike)
};
struct RejectOrder {
  std::string code;
  Sealed reason;
};
struct SetOrderAside {
  std::string code;
  Sealed reason;
};
struct LeaveToPerson {
  std::string code;
};
struct HandOrderBack {
  Sealed reason;
};
struct MakePromise {
  PromiseKind promise = PromiseKind::done;
  Instant due{};
};
struct AssignVisit {
  PersonId person;
  Instant due{};
};
struct NoteVisit {
  Sealed note;
};
struct NoteCall {
  bool reached = false;
  Sealed note;
};
struct ShowPerson {
  Sealed purpose;
};
// Time has passed: fire the order's clocks that are due.
struct TickOrder {};

using OrderCommand =
    std::variant<TakeOrder, RepairOrder, SendOrder, LoseOutcome, FindAbsent, EnterOrder, RejectOrder, SetOrderAside,
                 LeaveToPerson, HandOrderBack, MakePromise, AssignVisit, NoteVisit, NoteCall, ShowPerson, TickOrder>;

struct GrantBlock {
  std::string device;
  std::uint32_t size = 50;
};
struct PrintPack {
  BusinessId business;
  std::uint32_t size = 50;
};
struct VoidNumbers {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  Sealed reason;
};
struct StartReplay {
  int rate_per_minute = 0;
};
struct PaceReplay {
  int rate_per_minute = 0;
};
struct PauseReplay {
  std::string why;
};
struct ResumeReplay {};
struct FinishReplay {
  std::uint32_t entered = 0;
  std::uint32_t left = 0;  // set aside or with a person
};

using HallCommand =
    std::variant<GrantBlock, PrintPack, VoidNumbers, StartReplay, PaceReplay, PauseReplay, ResumeReplay, FinishReplay>;

// To one order (`order` of the submission) or to the hall (`unit` of it).
using AcceptanceCommand = std::variant<OrderCommand, HallCommand>;

}  // namespace tingan
