// Method and path -> route. A small table, matched segment by segment.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/call.h"

namespace tingan::api {

enum class Access {
  open,       // anybody
  signed_in,  // a session; writes of a browser also need the CSRF value
  alarms,     // machines: a token of theirs, a session, or the own machine in a demo
  operators   // a token for figures, or the own machine
};

// Where a read runs: at once on the I/O thread, or on the pool because it reads the log or opens envelopes.
// `paper` always makes a document, `bulk` handles whole pictures; what is on the pool and is asked for as a PDF goes to
// the paper threads, too.
enum class Place { at_once, pool, paper, bulk };

struct Route {
  net::Method method;
  std::string_view pattern;  // "/api/v1/incidents/{id}"
  std::variant<Read, Write, Free> run;
  Access access = Access::signed_in;
  Place place = Place::at_once;
};

std::span<const Route> routes();

struct Match {
  const Route* route = nullptr;  // nullptr: no such path, or not with this method
  std::vector<std::string> params;
  std::string allow;  // the path is known, but not the method: what would do
};
// The request wants a PDF.
bool asks_for_paper(const net::Request& request);
// HEAD finds what GET finds.
Match match(std::span<const Route> table, net::Method method, std::string_view path);

}  // namespace tingan::api
