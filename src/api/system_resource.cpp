// What operators and machines ask of the node itself.
#include "api/embedded.h"
#include "api/resources.h"
#include "api/service.h"

namespace tingan::api {

// The stream proper is opened where there is a connection to keep (service.cpp).
void open_stream(Service& service, const CallPtr& call) {
  service.refuse(*call, {"report.not-acceptable",
                         {"事件流需要保持连接", "Expected a connection that stays open, but there is none"},
                         {}});
}

Expected<net::Response> get_health(Service&, Call&) { return json_response(200, R"({"status":"ok"})"); }

// What a page has to know before anybody signs in: the node's time and how fast it runs, whether it is a demo.
Expected<net::Response> get_node(Service& service, Call& call) {
  JsonOut out;
  out.begin_object();
  out.field("demo", service.options.demo);
  out.name("time_scale");
  out.raw_item(fmt::format("{}", service.options.time_scale));
  out.time("now", service.now(), call.zone());
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> get_readiness(Service& service, Call&) {
  if (!service.ready) {
    return fail("node.not-ready", {"节点还没有就绪", "Expected a node that is ready, but it is starting or stopping"});
  }
  JsonOut out;
  out.begin_object();
  out.field("status", "ready");
  out.field("writes", !service.ports.disk_full());
  out.end_object();
  return json_response(200, out.take());
}

Expected<net::Response> get_metrics(Service& service, Call&) {
  Metrics::Gauges gauges;
  gauges.queued = service.ports.queued();
  gauges.streams = service.hub.count();
  gauges.sessions = service.sessions.count();
  gauges.open_incidents = service.index.open_count();
  gauges.incidents = service.ports.view.count() - std::min(service.ports.view.count(), service.index.uncounted());
  gauges.last_gseq = service.ports.view.last_gseq();
  gauges.disk_full = service.ports.disk_full();
  gauges.ready = service.ready;
  gauges.clock_offset_s = static_cast<double>((service.now() - service.wall_now()).count()) / 1000.0;
  net::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = service.metrics.text(gauges);
  if (service.options.more_metrics) response.body += service.options.more_metrics();
  return response;
}

Expected<net::Response> get_openapi(Service&, Call&) {
  return json_response(200, std::string(embedded_file("openapi.json")));
}

}  // namespace tingan::api
