#include "api/api.h"

#include "api/acceptance_bodies.h"
#include "api/bodies.h"
#include "api/service.h"
#include "codec/text_table.h"

namespace tingan::api {
namespace {

constexpr std::string_view kStreamPath = "/api/v1/stream";
constexpr std::size_t kBodyBytesMax = 64 * 1024;

}  // namespace

Api::Api(const Ports& ports, Options options) : service_(std::make_unique<Service>(ports, std::move(options))) {}

Api::~Api() = default;

net::HttpServer::Handler Api::handler() {
  return [service = service_.get()](net::Request request, net::Responder responder) {
    const bool reads = request.method == net::Method::kGet || request.method == net::Method::kHead;
    if (reads && request.target_path == kStreamPath) {
      service->stream(std::move(request), std::move(responder));
    } else {
      service->handle(std::move(request), [responder = std::move(responder)](net::Response response) mutable {
        responder.complete(std::move(response));
      });
    }
  };
}

void Api::handle(net::Request request, net::MoveFunction<void(net::Response)> complete) {
  service_->handle(std::move(request), std::move(complete));
}

std::size_t Api::body_limit(net::Method, const std::string& path) const {
  if (path.starts_with("/api/v1/org/")) return 2 * kOrganisationBytesMax;
  if (path == "/api/v1/roster/shifts") return 4 * kBodyBytesMax;
  if (path.starts_with("/api/v1/plans/") || path == "/api/v1/rehearsals")
    return 2 * kPlanBytesMax;  // escaped, a text may take twice the room
  if (path.ends_with("/evidence") || path.ends_with("/photos")) return kEvidenceBytesMax;
  if (path == "/api/v1/alarms") return 1024 * 1024;
  if (path == "/api/v1/orders/import") return kTableBytesMax;
  if (path.starts_with("/api/v1/orders") || path == "/api/v1/callbacks") return kOrderBytesMax;
  if (path.find("/forms/") != std::string::npos || path.ends_with("/report")) return 4 * kBodyBytesMax;
  return kBodyBytesMax;
}

net::Admission Api::admit(const net::Request& head, std::optional<std::uint64_t> length) const {
  return service_->admit(head, length, body_limit(head.method, head.target_path));
}

net::Response Api::error_response(int status, const Error& error) const {
  service_->metrics.request(status);
  service_->metrics.refusal(error.code);
  net::Response response = problem(status, error, Lang::zh);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

void Api::on_commit(const Commit& commit) { service_->on_commit(commit); }
void Api::set_ready(bool ready) { service_->ready = ready; }
void Api::write_notes() { service_->security.stop(); }
void Api::stop() { service_->stop(); }

}  // namespace tingan::api
