// Request bodies of emergency acceptance.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/acceptance/field_check.h"

namespace tingan::api {

// A form with a drawn signature and long texts.
constexpr std::size_t kOrderBytesMax = 256 * 1024;

struct TakeOrderBody {
  std::string id;  // UUID made by the device; empty: the node makes one
  std::optional<std::string> unit;
  std::string business;
  std::int64_t number = 0;
  std::string device;
  std::int64_t pack = 0;
  std::optional<std::string> incident;
  bool handed_over = false;
  std::optional<Instant> taken_at;
  std::optional<std::string> promise;
  std::optional<Instant> promise_due;
  std::string district;
  Filled filled;
  std::vector<std::string> photos;
};
struct RepairBody {
  Filled filled;
  std::string reason;
};
struct EnterBody {
  std::string reference;
};
struct CodedBody {
  std::string code;
  std::string reason;
};
struct PromiseBody {
  std::string promise;
  Instant due{};
};
struct VisitBody {
  std::string person;
  Instant due{};
};
struct CallBody {
  bool reached = false;
  std::string note;
};
struct BlockBody {
  std::optional<std::string> unit;
  std::string device;  // or business, of a pack
  std::string business;
  std::int64_t size = 50;
};
struct VoidBody {
  std::optional<std::string> unit;
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::string reason;
};
struct VisitPrintBody {
  std::optional<std::string> unit;
  std::string visitor;   // empty: all
  std::string district;  // empty: all
};
struct ReplayBody {
  std::optional<std::string> unit;
  std::int64_t rate_per_minute = 0;
};

Expected<TakeOrderBody> parse_take_order(std::string_view body);
Expected<RepairBody> parse_repair(std::string_view body);
Expected<EnterBody> parse_enter(std::string_view body);
Expected<CodedBody> parse_coded(std::string_view body);
Expected<PromiseBody> parse_promise(std::string_view body);
Expected<VisitBody> parse_visit(std::string_view body);
Expected<CallBody> parse_call_note(std::string_view body);
Expected<BlockBody> parse_block(std::string_view body);
Expected<VoidBody> parse_void(std::string_view body);
Expected<VisitPrintBody> parse_visit_print(std::string_view body);
Expected<ReplayBody> parse_replay(std::string_view body);

}  // namespace tingan::api
