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
                                    {".mjs", "text/javascript; charset=utf-8"},
                                    {".css", "text/css; charset=utf-8"},
                                    {".svg", "image/svg+xml"},
                                    {".png", "image/png"},
                                    {".ico", "image/x-icon"},
                                    {".jpg", "image/jpeg"},
                                    {".webp", "image/webp"},
                                    {".mp3", "audio/mpeg"},
                                    {".wav", "audio/wav"},
                                    {".ogg", "audio/ogg"},
                                    {".wasm", "application/wasm"},
                                    {".map", "application/json"},
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

// Where the console has a place of its own; below it the page finds its way itself.
constexpr std::string_view kPlaces[] = {"/login",    "/field", "/hall",   "/centre", "/incidents", "/plans",
                                        "/rehearse", "/admin", "/orders", "/queue",  "/security",  "/account"};

bool is_below(std::string_view path, std::string_view place) {
  return path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/');
}

// "/field/x" -> "/field.html".
std::string page_of(std::string_view path) { return std::string(path.substr(0, path.find('/', 1))) + ".html"; }

// Names of files have an ending; the page's own places have none.
bool has_ending(std::string_view path) { return path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos; }

// Does the client take this encoding? "gzip, br;q=1.0", "br;q=0".
bool takes(std::string_view accept, std::string_view encoding) {
  while (!accept.empty()) {
    const auto comma = std::min(accept.find(','), accept.size());
    std::string_view one = accept.substr(0, comma);
    accept.remove_prefix(std::min(comma + 1, accept.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    const std::string_view name = one.substr(0, one.find_first_of("; "));
    if (!net::equals_ignoring_case(name, encoding)) continue;
    const auto q = one.find("q=");
    return q == std::string_view::npos || one.substr(q + 2).find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

// "W/" or not, one or a list, or any.
bool is_known(std::string_view if_none_match, std::string_view etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

struct Twin {
  std::string_view ending;
  const char* encoding;
};
constexpr Twin kTwins[] = {{".br", "br"}, {".gz", "gzip"}};

}  // namespace

StaticFiles::StaticFiles(const std::string& folder) {
  if (!folder.empty()) read_folder(folder);
  console_ = files_.contains("/index.html");
  if (console_) return;
  files_.clear();
  for (const char* name : {"index.html", "app.js", "app.css"}) {
    add(std::string("/") + name, std::string(embedded_file(name)));
  }
}

void StaticFiles::add(const std::string& path, std::string bytes) {
  File file{.type = type_of(path), .forever = path.starts_with("/assets/")};
  std::string etag = "\"" + to_hex(sha256(bytes)).substr(0, 32) + "\"";
  file.forms.push_back({std::make_shared<const std::string>(std::move(bytes)), std::move(etag)});
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
  // A twin is no file of its own, but another form of the one that it was made from.
  for (auto twin = std::rbegin(kTwins); twin != std::rend(kTwins); ++twin) {
    for (auto& [path, file] : files_) {
      const auto packed = files_.find(path + std::string(twin->ending));
      if (packed == files_.end()) continue;
      Form form = packed->second.forms.front();
      form.encoding = twin->encoding;
      file.forms.insert(file.forms.begin(), std::move(form));
      files_.erase(packed);
    }
  }
}

bool StaticFiles::is_page(std::string_view path) const {
  if (path == "/" || is_incident_link(path)) return true;
  if (!console_ || has_ending(path)) return false;
  return std::any_of(std::begin(kPlaces), std::end(kPlaces), [&](auto place) { return is_below(path, place); });
}

std::optional<net::Response> StaticFiles::find(const net::Request& request) const {
  if (request.method != net::Method::kGet && request.method != net::Method::kHead) return std::nullopt;
  auto found = files_.find(request.target_path);
  if (found == files_.end() && is_page(request.target_path)) {
    // A place whose page asks ahead for what it needs has one of its own.
    found = files_.find(page_of(request.target_path));
    if (found == files_.end()) found = files_.find("/index.html");
  }
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  const std::string_view encodings = request.headers.get("Accept-Encoding");
  const Form& form = *std::find_if(file.forms.begin(), file.forms.end(), [&](const Form& one) {
    return one.encoding == nullptr || takes(encodings, one.encoding);
  });
  net::Response response;
  response.headers.emplace_back("ETag", form.etag);
  response.headers.emplace_back("Cache-Control", file.forever ? "public, max-age=31536000, immutable" : "no-cache");
  if (file.forms.size() > 1) response.headers.emplace_back("Vary", "Accept-Encoding");
  response.content_type = file.type;
  if (is_known(request.headers.get("If-None-Match"), form.etag)) {
    response.status = 304;
    return response;
  }
  if (form.encoding != nullptr) response.headers.emplace_back("Content-Encoding", form.encoding);
  response.shared_body = form.bytes;
  return response;
}

}  // namespace tingan::api
