#include "api/static_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "api/embedded.h"
#include "codec/record_json.h"

namespace tingan::api {
namespace {

namespace fs = std::filesystem;

std::string type_of(std::string_view path) {
  struct Type {
    std::string_view ending;
    const char* type;
  };
  static constexpr Type kTypes[] = {{".html", "text/html; charset=utf-8"},
                                    {".js", "text/javascript; charset=utf-8"},
                                    {".css", "text/css; charset=utf-8"},
                                    {".svg", "image/svg+xml"},
                                    {".png", "image/png"},
                                    {".ico", "image/x-icon"},
                                    {".woff2", "font/woff2"},
                                    {".json", "application/json"},
                                    {".webmanifest", "application/manifest+json"},
                                    {".txt", "text/plain; charset=utf-8"}};
  for (const Type& known : kTypes) {
    if (path.ends_with(known.ending)) return known.type;
  }
  return "application/octet-stream";
}

// "/incidents/<id>": what notices link to.
bool is_incident_link(std::string_view path) {
  constexpr std::string_view kPrefix = "/incidents/";
  return path.starts_with(kPrefix) && parse_incident_id(path.substr(kPrefix.size())).has_value();
}

}  // namespace

StaticFiles::StaticFiles(const std::string& folder) {
  if (!folder.empty()) read_folder(folder);
  if (files_.contains("/index.html")) return;
  files_.clear();
  for (const char* name : {"index.html", "app.js", "app.css"}) {
    add(std::string("/") + name, std::string(embedded_file(name)));
  }
}

void StaticFiles::add(const std::string& path, std::string bytes) {
  File file;
  file.type = type_of(path);
  file.etag = "\"" + to_hex(sha256(bytes)).substr(0, 32) + "\"";
  file.forever = path.starts_with("/assets/");
  file.bytes = std::make_shared<const std::string>(std::move(bytes));
  files_[path] = std::move(file);
}

void StaticFiles::read_folder(const std::string& folder) {
  std::error_code ec;
  const fs::path root(folder);
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root, ec)) {
    if (!entry.is_regular_file(ec)) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    add("/" + fs::relative(entry.path(), root, ec).generic_string(), std::move(bytes));
  }
}

std::optional<net::Response> StaticFiles::find(const net::Request& request) const {
  if (request.method != net::Method::kGet && request.method != net::Method::kHead) return std::nullopt;
  const bool page = request.target_path == "/" || is_incident_link(request.target_path);
  const auto found = files_.find(page ? std::string_view("/index.html") : std::string_view(request.target_path));
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  net::Response response;
  response.headers.emplace_back("ETag", file.etag);
  response.headers.emplace_back("Cache-Control", file.forever ? "public, max-age=31536000, immutable" : "no-cache");
  response.content_type = file.type;
  if (request.headers.get("If-None-Match") == file.etag) {
    response.status = 304;
  } else {
    response.shared_body = file.bytes;
  }
  return response;
}

}  // namespace tingan::api
