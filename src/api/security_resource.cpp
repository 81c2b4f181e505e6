// The log of what touches security, for auditors: newest first. People are log-in names, addresses are masked, nothing
// in it is free text.
#include <charconv>

#include "api/json_out.h"
#include "api/resources.h"
#include "api/rights_table.h"
#include "api/service.h"
#include "codec/record_json.h"

namespace tingan::api {
namespace {

constexpr std::uint64_t kAtOnce = 128;
constexpr std::uint64_t kLookedAtMost = 20'000;  // records a page; `next` goes on from there

struct Position {
  std::uint64_t seq = 0;
  std::size_t index = 0;
};

struct Filter {
  std::optional<std::string> kind;
  std::optional<PersonId> person;
  Instant from = from_millis(0);
  Instant to = kNever;
  std::optional<Position> before;
  std::size_t limit = 100;

  bool passes(const SecurityNote& note) const {
    return (!kind || note.kind == *kind) && (!person || note.person == *person || note.target == person->str()) &&
           note.last >= from && note.first <= to;
  }
};

const std::vector<std::string_view>& kinds() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> out = {"sign-in",          "sign-in-failed", "sign-in-throttled",
                                         "session-ended",    "confirmed",      "confirm-failed",
                                         "password-changed", "refused",        "rate-limited"};
    for (const RightsRow& row : rights_rows()) {
      if (!row.note.empty() && std::find(out.begin(), out.end(), row.note) == out.end()) out.push_back(row.note);
    }
    return out;
  }();
  return all;
}

template <class Number>
bool read_number(std::string_view text, Number& to) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  return error == std::errc{} && end == text.data() + text.size();
}

Expected<Instant> time_in(const net::Request& request, std::string_view name, Instant otherwise) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  auto parsed = parse_rfc3339(*text);
  if (!parsed) parsed.error().where = name;
  return parsed;
}

Expected<Filter> filter_of(const Call& call) {
  if (auto known = check_query(call.request, {"kind", "person", "from", "to", "limit", "cursor"}); !known) {
    return tl::unexpected(known.error());
  }
  Filter filter;
  if (const auto kind = call.request.query_value("kind")) {
    if (std::find(kinds().begin(), kinds().end(), *kind) == kinds().end()) {
      return fail("query.unknown-value",
                  {fmt::format("没有“{}”这一类", *kind),
                   fmt::format("Expected one of {}, but got '{}'", fmt::join(kinds(), ", "), *kind)},
                  "kind");
    }
    filter.kind = std::string(*kind);
  }
  if (const auto person = call.request.query_value("person")) {
    filter.person = PersonId::find(*person);
    if (!filter.person) {
      return fail("query.unknown-value",
                  {fmt::format("没有人员“{}”", *person), fmt::format("Expected a known person, but got '{}'", *person)},
                  "person");
    }
  }
  const auto from = time_in(call.request, "from", filter.from);
  if (!from) return tl::unexpected(from.error());
  const auto to = time_in(call.request, "to", filter.to);
  if (!to) return tl::unexpected(to.error());
  const auto limit = limit_of(call.request);
  if (!limit) return tl::unexpected(limit.error());
  filter.from = *from;
  filter.to = *to;
  filter.limit = *limit;
  if (const auto cursor = call.request.query_value("cursor")) {
    const auto dot = cursor->find('.');
    Position position;
    if (dot == std::string_view::npos || !read_number(cursor->substr(0, dot), position.seq) ||
        !read_number(cursor->substr(dot + 1), position.index) || position.seq == 0) {
      return fail("query.malformed-cursor",
                  {"cursor 应当是上一页给出的 next", "Expected the `next` of the page before"}, "cursor");
    }
    filter.before = position;
  }
  return filter;
}

void write_note(JsonOut& out, const SecurityNote& note, const Position& at, Zone zone) {
  out.begin_object();
  out.field("id", fmt::format("{}.{}", at.seq, at.index));
  out.time("at", note.last, zone);
  out.time("first", note.first, zone);
  out.field("kind", note.kind);
  out.string_or_null("person", note.person.str());
  out.string_or_null("target", note.target);
  out.string_or_null("code", note.code);
  out.string_or_null("from", note.from);
  out.field("count", note.count);
  out.end_object();
}

// Walks the log backwards, a piece at a time.
class Reader {
 public:
  Reader(LogReader& log, const Filter& filter, Zone zone) : log_(log), filter_(filter), zone_(zone) {}

  Expected<std::string> page() {
    auto newest = newest_seq();
    if (!newest) return tl::unexpected(newest.error());
    out_.begin_object();
    out_.begin_array("items");
    std::uint64_t top = filter_.before ? std::min(filter_.before->seq, *newest) : *newest;
    const std::uint64_t bottom = top > kLookedAtMost ? top - kLookedAtMost : 0;
    while (top > bottom && !full_) {
      const std::uint64_t after = std::max(bottom, top > kAtOnce ? top - kAtOnce : 0);
      const auto records = log_.read_unit(UnitId(kSecurityLog), after, top - after);
      if (!records) return tl::unexpected(records.error());
      for (auto at = records->rbegin(); at != records->rend() && !full_; ++at) {
        if (auto taken = take(*at); !taken) return tl::unexpected(taken.error());
      }
      top = after;
    }
    out_.end_array();
    const bool more = full_ || top > 0;
    out_.string_or_null("next", more ? fmt::format("{}.{}", last_.seq, last_.index) : "");
    out_.end_object();
    return out_.take();
  }

 private:
  Expected<std::uint64_t> newest_seq() {
    const auto heads = log_.heads();
    if (!heads) return tl::unexpected(heads.error());
    for (const UnitHead& head : *heads) {
      if (head.unit == UnitId(kSecurityLog)) return head.seq;
    }
    return std::uint64_t{0};
  }

  Expected<void> take(const StoredRecord& stored) {
    const auto record = decode_record(stored.bytes);
    if (!record) return tl::unexpected(record.error());
    for (const AnyEvent& any : record->events) {
      const auto* event = std::get_if<UnitEvent>(&any);
      const auto* noted = event == nullptr ? nullptr : std::get_if<SecurityNoted>(event);
      if (noted == nullptr) continue;
      for (std::size_t i = noted->notes.size(); i > 0; --i) {
        const Position here{stored.seq, i - 1};
        const auto& before = filter_.before;
        if (before && std::tie(here.seq, here.index) >= std::tie(before->seq, before->index)) continue;
        const SecurityNote& note = noted->notes[i - 1];
        if (filter_.passes(note)) {
          if (shown_ == filter_.limit) {
            full_ = true;
            return {};
          }
          write_note(out_, note, here, zone_);
          ++shown_;
        }
        last_ = here;
      }
    }
    return {};
  }

  LogReader& log_;
  const Filter& filter_;
  const Zone zone_;
  JsonOut out_;
  std::size_t shown_ = 0;
  bool full_ = false;
  Position last_;
};

}  // namespace

// What waits in memory is written first: whoever asks sees what happened before the question.
void list_security_events(Service& service, const CallPtr& call) {
  const auto filter = filter_of(*call);
  if (!filter) return service.refuse(*call, filter.error());
  service.security.flush([&service, call, filter = *filter] {
    service.on_pool(call, [&service, call, filter] {
      auto page = Reader(service.ports.log, filter, call->zone()).page();
      if (!page) return service.refuse(*call, page.error());
      service.finish(*call, json_response(200, std::move(*page)));
    });
  });
}

}  // namespace tingan::api
