#include "api/security_headers.h"

#include <algorithm>

namespace tingan::api {

void add_security_headers(net::Response& response, bool secure) {
  const bool page = response.content_type.starts_with("text/") || response.content_type.starts_with("image/") ||
                    response.content_type.starts_with("font/") || response.content_type == "application/pdf";
  auto& headers = response.headers;
  const auto has = [&headers](std::string_view name) {
    return std::any_of(headers.begin(), headers.end(), [&](const auto& header) { return header.first == name; });
  };
  if (!has("Content-Security-Policy"))
    headers.emplace_back(
        "Content-Security-Policy",
        page ? "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' "
               "blob:; font-src 'self'; "
               "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
               "frame-ancestors 'none'"
             : "default-src 'none'; frame-ancestors 'none'");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("X-Frame-Options", "DENY");
  headers.emplace_back("Referrer-Policy", "no-referrer");
  if (!has("Cache-Control")) headers.emplace_back("Cache-Control", "no-store");
  if (secure) headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace tingan::api
