// The pages: the built console from its folder, or the plain first page that stands in the program. Read once, at the
// start.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "net/http.h"

namespace tingan::api {

class StaticFiles {
 public:
  // `folder` empty or without an index.html: the plain page.
  explicit StaticFiles(const std::string& folder);

  // nullopt: no such file, or neither GET nor HEAD. The console's places ("/field", "/incidents/<id>" ...) are the
  // page; any other path is unknown here. Where the build left a smaller twin (".br", ".gz") and the reader takes it,
  // that one is sent.
  std::optional<net::Response> find(const net::Request& request) const;

 private:
  struct File {
    std::shared_ptr<const std::string> bytes;
    std::string type;
    std::string etag;
    std::shared_ptr<const std::string> brotli;  // null: none
    std::shared_ptr<const std::string> gzip;
    bool forever = false;  // its name changes with its content
  };
  void add(const std::string& path, std::string bytes);
  void read_folder(const std::string& folder);
  void pair_twins();
  bool is_page(std::string_view path) const;

  bool console_ = false;  // built, from a folder
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace tingan::api
