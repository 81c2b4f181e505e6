// What a hall's devices, paper packs and replays ask for.
#include <algorithm>

#include "core/acceptance/promises.h"

namespace tingan {
namespace {

struct HallDecider {
  UnitId unit;
  const AcceptanceContext& context;
  HallPtr hall = context.lookup.hall(unit);

  using Result = Expected<std::vector<AcceptanceEvent>>;

  Expected<void> clerk() const {
    if (may_take_orders(context.who, unit)) return {};
    return fail("acceptance.not-allowed",
                {"只有本厅营业员和负责人可以领号", "Expected a clerk of the hall or someone who leads it"});
  }
  Expected<void> leader() const {
    if (may_lead_replay(context.directory, context.who, unit)) return {};
    return fail("acceptance.not-allowed", {"由营业班长、值班经理或营业厅主任办理",
                                           "Expected the shift leader, the duty manager or the hall director"});
  }
  Expected<void> room_for(std::uint32_t size, std::uint32_t most) const {
    if (size < 1 || size > most) {
      return fail("number.size",
                  {fmt::format("数量应为 1 到 {}", most), fmt::format("Expected 1 to {} numbers at once", most)},
                  "size");
    }
    if (hall->next_number > kNumberMax - size) {
      return fail("number.exhausted", {"号码用完", "Expected free numbers, but all are used"});
    }
    return {};
  }

  Result operator()(const GrantBlock& c) const {
    if (auto may = clerk(); !may) return tl::unexpected(may.error());
    if (c.device.empty()) return fail("number.no-device", {"请说明设备", "Expected a device"}, "device");
    if (auto room = room_for(c.size, kBlockMax); !room) return tl::unexpected(room.error());
    return std::vector<AcceptanceEvent>{BlockGranted{c.device, hall->next_number, hall->next_number + c.size - 1}};
  }
  Result operator()(const PrintPack& c) const {
    if (auto may = clerk(); !may) return tl::unexpected(may.error());
    if (auto room = room_for(c.size, kPackMax); !room) return tl::unexpected(room.error());
    return std::vector<AcceptanceEvent>{
        PackPrinted{hall->next_pack, c.business, hall->next_number, hall->next_number + c.size - 1}};
  }
  Result operator()(const VoidNumbers& c) const {
    if (auto may = leader(); !may) return tl::unexpected(may.error());
    const bool granted = std::any_of(hall->blocks.begin(), hall->blocks.end(), [&](const NumberBlock& block) {
      return block.first <= c.first && c.first <= c.last && c.last <= block.last;
    });
    if (!granted) {
      return fail("number.not-granted", {"这些号码不在任何一段内", "Expected numbers of one block or pack"}, "first");
    }
    for (std::uint32_t n = c.first; n <= c.last; ++n) {
      if (context.lookup.holder_of(unit, n).none()) continue;
      return fail("number.used",
                  {fmt::format("号码 {} 已有单", n), fmt::format("Expected unused numbers, but {} has an order", n)},
                  "first");
    }
    return std::vector<AcceptanceEvent>{NumbersVoided{c.first, c.last, c.reason}};
  }
  Result operator()(const StartReplay& c) const {
    if (auto may = leader(); !may) return tl::unexpected(may.error());
    if (auto rate = check_rate(c.rate_per_minute); !rate) return tl::unexpected(rate.error());
    if (hall->replay.status == ReplayStatus::running || hall->replay.status == ReplayStatus::paused) {
      return fail("replay.running", {"补录正在进行", "Expected no replay in progress, but there is one"});
    }
    const std::size_t planned = context.lookup.sendable(unit);
    if (planned == 0) {
      return fail("replay.nothing",
                  {"没有可以自动补录的单", "Expected orders that can be entered by the program, but none wait"});
    }
    return std::vector<AcceptanceEvent>{
        ReplayStarted{hall->replay.id + 1, static_cast<std::uint32_t>(planned), c.rate_per_minute}};
  }
  Expected<void> check_rate(int rate) const {
    if (rate >= 0 && rate <= 60000) return {};
    return fail("replay.rate", {"速度应为每分钟 0 到 60000 张", "Expected 0 to 60000 orders a minute"},
                "rate_per_minute");
  }
  Expected<void> going(ReplayStatus wanted) const {
    if (hall->replay.status == wanted) return {};
    return fail("replay.wrong-state", {"补录不在这个状态", "Expected the replay in another state"}, "state");
  }
  Result operator()(const PaceReplay& c) const {
    if (auto may = leader(); !may) return tl::unexpected(may.error());
    if (auto rate = check_rate(c.rate_per_minute); !rate) return tl::unexpected(rate.error());
    if (hall->replay.status != ReplayStatus::paused) {
      if (auto good = going(ReplayStatus::running); !good) return tl::unexpected(good.error());
    }
    return std::vector<AcceptanceEvent>{ReplayPaced{hall->replay.id, c.rate_per_minute}};
  }
  Result operator()(const PauseReplay& c) const {
    if (auto may = leader(); !may) return tl::unexpected(may.error());
    if (auto good = going(ReplayStatus::running); !good) return tl::unexpected(good.error());
    return std::vector<AcceptanceEvent>{ReplayPaused{hall->replay.id, c.why}};
  }
  Result operator()(const ResumeReplay&) const {
    if (auto may = leader(); !may) return tl::unexpected(may.error());
    if (auto good = going(ReplayStatus::paused); !good) return tl::unexpected(good.error());
    return std::vector<AcceptanceEvent>{ReplayResumed{hall->replay.id}};
  }
  Result operator()(const FinishReplay& c) const {
    if (!context.who.program) return fail("acceptance.not-allowed", {"补录由程序结束", "Expected the program itself"});
    if (hall->replay.status == ReplayStatus::finished) return std::vector<AcceptanceEvent>{};
    if (auto good = going(ReplayStatus::running); !good) return tl::unexpected(good.error());
    return std::vector<AcceptanceEvent>{ReplayFinished{hall->replay.id, c.entered, c.left}};
  }
};

}  // namespace

Expected<std::vector<AcceptanceEvent>> hall_events(UnitId unit, const HallCommand& command,
                                                   const AcceptanceContext& context) {
  return std::visit(HallDecider{unit, context}, command);
}

}  // namespace tingan
