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

  // nullopt: no such file, or neither GET nor HEAD. "/" and an incident's own link are the page.
  std::optional<net::Response> find(const net::Request& request) const;

 private:
  struct File {
    std::shared_ptr<const std::string> bytes;
    std::string type;
    std::string etag;
    bool forever = false;  // its name changes with its content
  };
  void add(const std::string& path, std::string bytes);
  void read_folder(const std::string& folder);

  std::map<std::string, File, std::less<>> files_;
};

}  // namespace tingan::api
