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

// Where the console has a place of its own; below it the page finds its way itself.
constexpr std::string_view kPlaces[] = {"/login", "/field",    "/hall",  "/centre", "/incidents",
                                        "/plans", "/rehearse", "/admin", "/orders", "/queue"};

bool is_below(std::string_view path, std::string_view place) {
  return path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/');
}

// Names of files have an ending; the page's own places have none.
bool has_ending(std::string_view path) { return path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos; }

// "gzip, deflate, br;q=0.8" takes gzip and br; "br;q=0" does not.
bool takes_encoding(std::string_view accepted, std::string_view encoding) {
  while (!accepted.empty()) {
    const std::size_t comma = std::min(accepted.find(','), accepted.size());
    std::string_view entry = accepted.substr(0, comma);
    accepted.remove_prefix(std::min(comma + 1, accepted.size()));
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    const std::size_t end = std::min(entry.find_first_of("; "), entry.size());
    if (entry.substr(0, end) != encoding) continue;
    const std::string_view weight = entry.substr(end);
    const std::size_t q = weight.find("q=");
    return q == std::string_view::npos || weight.substr(q + 2).find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

// "/incidents/<id>": what notices link to.
bool is_incident_link(std::string_view path) {
  constexpr std::string_view kPrefix = "/incidents/";
  return path.starts_with(kPrefix) && parse_incident_id(path.substr(kPrefix.size())).has_value();
}

}  // namespace

StaticFiles::StaticFiles(const std::string& folder) {
  if (!folder.empty()) read_folder(folder);
  pair_twins();
  console_ = files_.contains("/index.html");
  if (console_) return;
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

// Takes "/app.js.br" out of the list and hangs it on "/app.js".
void StaticFiles::pair_twins() {
  for (auto it = files_.begin(); it != files_.end();) {
    const std::string& path = it->first;
    const bool brotli = path.ends_with(".br");
    const auto whole = brotli || path.ends_with(".gz") ? files_.find(path.substr(0, path.size() - 3)) : files_.end();
    if (whole == files_.end()) {
      ++it;
      continue;
    }
    (brotli ? whole->second.brotli : whole->second.gzip) = it->second.bytes;
    it = files_.erase(it);
  }
}

// The plain first page has no places but the two.
bool StaticFiles::is_page(std::string_view path) const {
  if (path == "/" || is_incident_link(path)) return true;
  if (!console_ || has_ending(path)) return false;
  return std::any_of(std::begin(kPlaces), std::end(kPlaces), [&](auto place) { return is_below(path, place); });
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
  const auto found = files_.find(is_page(request.target_path) ? std::string_view("/index.html")
                                                              : std::string_view(request.target_path));
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  net::Response response;
  response.headers.emplace_back("ETag", file.etag);
  response.headers.emplace_back("Cache-Control", file.forever ? "public, max-age=31536000, immutable" : "no-cache");
  if (file.brotli != nullptr || file.gzip != nullptr) response.headers.emplace_back("Vary", "Accept-Encoding");
  response.content_type = file.type;
  if (request.headers.get("If-None-Match") == file.etag) {
    response.status = 304;
  } else {
    const std::string_view accepted = request.headers.get("Accept-Encoding");
    response.shared_body = file.bytes;
    if (file.brotli != nullptr && takes_encoding(accepted, "br")) {
      response.shared_body = file.brotli;
      response.headers.emplace_back("Content-Encoding", "br");
    } else if (file.gzip != nullptr && takes_encoding(accepted, "gzip")) {
      response.shared_body = file.gzip;
      response.headers.emplace_back("Content-Encoding", "gzip");
    }
  }
  return response;
}

}  // namespace tingan::api
