// What was counted: orders taken by hand (S4.1-S4.4), people at the assembly point, and who could not do a step.
#include <fmt/format.h>

#include <algorithm>

#include "report/prefill_sections.h"
#include "report/words.h"

namespace tingan::report {
namespace {

constexpr std::size_t kBrokenNamed = 20;

Text counts_of(const ReportAcceptance& one) {
  return {fmt::format("受理 {} 张（其中回访登记 {} 张），已录入 {}，已拒绝 {}，已退还 {}，待处理 {}", one.taken,
                      one.callbacks, one.entered, one.rejected, one.handed_back, one.waiting),
          fmt::format("{} taken ({} of them callbacks), {} entered, {} rejected, {} handed back, {} waiting", one.taken,
                      one.callbacks, one.entered, one.rejected, one.handed_back, one.waiting)};
}

Text numbers_of(const ReportAcceptance& one) {
  if (one.missing.empty()) return {"；号码无缺", "; no number is missing"};
  return {"；缺少的号码：" + one.missing, "; missing numbers: " + one.missing};
}

Text promises_of(const SectionSource& source, const ReportAcceptance& one) {
  Text text{fmt::format("；承诺兑现 {} 个", one.promises_kept), fmt::format("; {} promises kept", one.promises_kept)};
  if (one.broken.empty()) return text + Text{"，未能兑现的没有", ", none broken"};
  std::vector<Text> named;
  for (std::size_t i = 0; i < std::min(one.broken.size(), kBrokenNamed); ++i) {
    const Text due = say_clock(one.broken[i].due, source.state.declared_at, source.input.organisation.zone);
    named.push_back({fmt::format("{}（应在{}前）", one.broken[i].number, due.zh),
                     fmt::format("{} (by {})", one.broken[i].number, due.en)});
  }
  const std::size_t rest = one.broken.size() - named.size();
  text = text +
         Text{fmt::format("，未能兑现 {} 个：", one.broken.size()), fmt::format(", {} broken: ", one.broken.size())} +
         join(named, {"、", ", "});
  return rest == 0 ? text : text + Text{fmt::format("等"), fmt::format(" and {} more", rest)};
}

}  // namespace

Text acceptance_text(const SectionSource& source) {
  std::vector<Text> parts;
  const bool several = source.input.acceptance.size() > 1;
  for (const ReportAcceptance& one : source.input.acceptance) {
    const Text hall = several ? one.hall + Text{"：", ": "} : Text{};
    parts.push_back(Text{"预受理：", "Orders taken by hand: "} + hall + counts_of(one) + numbers_of(one) +
                    promises_of(source, one) + Text{"。", "."});
  }
  return join(parts, {"\n", "\n"});
}

Text headcount_text(const SectionSource& source) {
  const HeadcountState& count = source.state.headcount;
  if (count.at == kNever) return {};
  const auto staff = [&](Whereabouts state) {
    return std::count_if(count.staff.begin(), count.staff.end(),
                         [&](const PersonCounted& one) { return one.state == state; });
  };
  const Text at = say_clock(count.at, source.state.declared_at, source.input.organisation.zone);
  Text text{fmt::format("人员清点（{}）：员工已到 {} 人，未到 {} 人，未清点 {} 人", at.zh, staff(Whereabouts::here),
                        staff(Whereabouts::missing), staff(Whereabouts::unknown)),
            fmt::format("Headcount ({}): {} staff here, {} missing, {} not counted", at.en, staff(Whereabouts::here),
                        staff(Whereabouts::missing), staff(Whereabouts::unknown))};
  if (count.customers_here) {
    text = text + Text{fmt::format("；客户已到 {} 人", *count.customers_here),
                       fmt::format("; {} customers here", *count.customers_here)};
  }
  if (count.customers_missing) {
    text = text + Text{fmt::format("；客户失联 {} 人", *count.customers_missing),
                       fmt::format("; {} customers missing", *count.customers_missing)};
  }
  return text + Text{"。", "."};
}

Text declined_text(const SectionSource& source) {
  std::vector<Text> parts;
  for (const TimelineEntry& entry : source.input.entries) {
    if (!std::holds_alternative<StepDeclined>(entry.event)) continue;
    if (const auto said = say_event(source.words, entry)) {
      const Text at = say_clock(entry.at, source.state.declared_at, source.input.organisation.zone);
      const Text who = source.words.who(entry.by);
      parts.push_back({at.zh + "，" + who.zh + "：" + said->zh, at.en + " " + who.en + ": " + said->en});
    }
  }
  if (parts.empty()) return {};
  return Text{"做不了、改由他人的步骤：", "Steps that somebody could not do: "} + join(parts, {"；", "; "}) +
         Text{"。", "."};
}

}  // namespace tingan::report
