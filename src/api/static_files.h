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

  // nullopt: no such file, or neither GET nor HEAD. "/" and an incident's own link are the page; with the console, so
  // are the addresses of its places. What was built along with a `.br` or `.gz` twin goes out as that to who takes it.
  std::optional<net::Response> find(const net::Request& request) const;

 private:
  // One set of bytes with its own tag.
  struct Form {
    std::shared_ptr<const std::string> bytes;
    std::string etag;
    const char* encoding = nullptr;  // nullptr: as it is
  };
  struct File {
    std::string type;
    bool forever = false;       // its name changes with its content
    std::vector<Form> forms{};  // the smallest first, the plain one last
  };
  void add(const std::string& path, std::string bytes);
  void read_folder(const std::string& folder);
  bool is_page(std::string_view path) const;

  bool console_ = false;
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace tingan::api
