// What administrators try out and the wall watches: channels, the proof of the log, notices that nobody has taken.
#include "api/resources.h"
#include "api/service.h"
#include "api/visibility.h"
#include "codec/describe_json.h"
#include "net/url.h"

namespace tingan::api {
namespace {

const ChannelConfig* channel_in_path(const Call& call) {
  const auto& all = call.directory().organisation().channels;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const ChannelConfig& one) { return one.id.str() == call.param(0); });
  return found == all.end() ? nullptr : &*found;
}

// Host alone: the rest of a robot's address is its secret.
std::string host_of(const std::string& url) {
  const auto begin = url.find("://");
  const std::size_t from = begin == std::string::npos ? 0 : begin + 3;
  const std::string rest = url.substr(from, url.find_first_of("/?#", from) - from);
  return rest.substr(rest.rfind('@') + 1);  // npos + 1 is 0
}

std::string fault_name(Fault fault) {
  std::string name(enum_name(fault));
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

}  // namespace

Expected<net::Response> list_channels(Service& service, Call& call) {
  if (auto known = check_query(call.request, {}); !known) return tl::unexpected(known.error());
  if (!may_administer(call.who)) return tl::unexpected(only_administrators());
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (const ChannelConfig& channel : call.directory().organisation().channels) {
    out.begin_object();
    out.field("id", channel.id.str());
    out.field("kind", channel.kind);
    out.field("host", host_of(channel.url));
    out.ids("units", channel.units);
    out.ids("roles", channel.roles);
    out.field("screen", channel.screen);
    out.field("testable", static_cast<bool>(service.options.test_channel));
    out.end_object();
  }
  out.end_array();
  out.null("next");
  out.end_object();
  return json_response(200, out.take());
}

// Answered when the other side has answered. A failed test is a result, not a refusal.
void test_channel(Service& service, const CallPtr& call) {
  if (!may_administer(call->who)) return service.refuse(*call, only_administrators());
  const ChannelConfig* channel = channel_in_path(*call);
  if (channel == nullptr) {
    return service.refuse(*call, {"channel.not-found",
                                  {fmt::format("没有通道“{}”", call->param(0)),
                                   fmt::format("Expected a known channel, but got '{}'", call->param(0))},
                                  "id"});
  }
  if (!service.options.test_channel) {
    return service.refuse(*call,
                          {"channel.none", {"本节点不发消息", "Expected a node that sends, but it does not"}, {}});
  }
  const Person* person = call->directory().person(call->who.person);
  service.options.test_channel(*channel, *person, [&service, call](const SendResult& result) {
    JsonOut out;
    out.begin_object();
    out.field("ok", result.ok);
    out.field("delivered", result.delivered);
    if (result.ok) {
      out.null("error");
    } else {
      out.begin_object("error");
      out.field("code", result.error.code);
      out.field("message", result.error.message);
      out.field("recoverable", result.recoverable);
      out.end_object();
    }
    out.end_object();
    service.finish(*call, json_response(200, out.take()));
  });
}

Expected<net::Response> verify_whole_log(Service& service, Call& call) {
  if (!service.options.verify_log) {
    return fail("log.not-checked", {"本节点不能校验日志", "Expected a node that can prove its log, but it cannot"});
  }
  const auto report = service.options.verify_log();
  if (!report) return tl::unexpected(report.error());
  JsonOut out;
  out.begin_object();
  out.field("sound", report->sound());
  out.field("records", report->records);
  out.field("units", report->units);
  out.field("batches", report->batches);
  out.field("evidence", report->blobs);
  if (report->bad) {
    out.begin_object("bad");
    out.field("fault", fault_name(report->bad->fault));
    out.field("unit", report->bad->unit.str());
    out.field("seq", report->bad->seq);
    out.field("gseq", report->bad->gseq);
    out.field("message", report->bad->what);
    out.end_object();
  } else {
    out.null("bad");
  }
  out.time("at", service.now(), call.zone());
  out.end_object();
  return json_response(200, out.take());
}

// For the wall: of all open incidents that the person may see, what nobody has taken yet, the oldest first.
Expected<net::Response> list_notices(Service& service, Call& call) {
  if (auto known = check_query(call.request, {"state", "limit"}); !known) return tl::unexpected(known.error());
  const auto limit = limit_of(call.request);
  if (!limit) return tl::unexpected(limit.error());
  const auto state = call.request.query_value("state").value_or("unacknowledged");
  if (state != "unacknowledged") {
    return fail("query.unknown-value",
                {fmt::format("没有“{}”这种状态", state), fmt::format("Expected unacknowledged, but got '{}'", state)},
                "state");
  }
  std::vector<std::pair<IncidentPtr, const NoticeState*>> found;
  for (const IncidentId id : service.index.open()) {
    const IncidentPtr incident = seen_by(call.directory(), call.who, service.ports.view.find(id));
    if (incident == nullptr || incident->ended_at != kNever || !may_see(call.directory(), call.who, *incident))
      continue;
    for (const NoticeState& notice : incident->notices) {
      if (notice.acknowledged == kNever) found.emplace_back(incident, &notice);
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second->queued, a.first->id, a.second->n) < std::tie(b.second->queued, b.first->id, b.second->n);
  });
  JsonOut out;
  out.begin_object();
  out.begin_array("items");
  for (std::size_t i = 0; i < std::min(*limit, found.size()); ++i) {
    const IncidentState& incident = *found[i].first;
    out.begin_object();
    out.field("incident", to_string(incident.id));
    out.field("unit", incident.unit.str());
    if (const Unit* unit = call.directory().unit(incident.unit)) out.field("unit_name", unit->name);
    out.field("type", incident.plan_id.str());
    out.field("title", incident.plan->title);
    out.field("drill", incident.drill);
    out.field("silent", incident.silent);
    out.name("notice");
    write_notice(out, incident, *found[i].second, call.directory());
    out.end_object();
  }
  out.end_array();
  out.null("next");
  out.field("total", found.size());
  out.end_object();
  return json_response(200, out.take());
}

}  // namespace tingan::api
