#include "api/router.h"

namespace tingan::api {
namespace {

std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);  // the slash
  const auto end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& params) {
  params.clear();
  while (!pattern.empty() && !path.empty()) {
    if (pattern.front() != '/' || path.front() != '/') return false;
    const std::string_view wanted = next_segment(pattern);
    const std::string_view got = next_segment(path);
    if (wanted.starts_with('{')) {
      if (got.empty()) return false;
      params.emplace_back(got);
    } else if (wanted != got) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

}  // namespace

bool asks_for_paper(const net::Request& request) {
  if (const auto format = request.query_value("format")) return *format == "pdf";
  return request.headers.get("Accept").find("application/pdf") != std::string_view::npos;
}

Match match(std::span<const Route> table, net::Method method, std::string_view path) {
  Match out;
  const net::Method wanted = method == net::Method::kHead ? net::Method::kGet : method;
  std::vector<std::string> params;
  for (const Route& route : table) {
    if (!fits(route.pattern, path, params)) continue;
    if (route.method == wanted) return {&route, std::move(params), {}};
    if (!out.allow.empty()) out.allow += ", ";
    out.allow += net::to_string(route.method);
    if (route.method == net::Method::kGet) out.allow += ", HEAD";
  }
  return out;
}

}  // namespace tingan::api
