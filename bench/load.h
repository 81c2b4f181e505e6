// A closed-loop HTTP load generator: N keep-alive connections, each sends its next request when the answer to the one
// before has come. Raw epoll on the calling thread, so that what it costs is small and known.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace tingan::bench {

struct LoadOptions {
  std::string address = "127.0.0.1";  // IPv4
  std::uint16_t port = 0;
  std::size_t connections = 1;
  // Ends at whichever comes first; 0 means no such limit, one of the two must be set.
  std::uint64_t requests = 0;
  double seconds = 0;
  // Appends the bytes of the i-th request (from 0) of a connection to `out`, which is empty.
  std::function<void(std::size_t connection, std::uint64_t i, std::string& out)> make_request;
  // Sees each answer, head and body; may be empty. Called on the generator's thread, so it counts as load.
  std::function<void(std::size_t connection, std::uint64_t i, int status, const std::string& answer)> on_answer;
};

struct LoadResult {
  std::uint64_t count = 0;  // answers
  double seconds = 0;       // from the first request to the last answer
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
  std::map<int, std::uint64_t> by_status;
  std::uint64_t lost = 0;      // connections that ended with a request unanswered, or could not be made; not replaced
  double generator_cpu_s = 0;  // of this thread, to be taken off a process's total

  double per_second() const { return seconds > 0 ? static_cast<double>(count) / seconds : 0; }
};

// Blocks until done. Answers must carry Content-Length (or have no body).
LoadResult run_load(const LoadOptions& options);

// A POST of a JSON body with Host, Content-Type and Content-Length; `more` are whole header lines, each with its
// "\r\n".
void append_post(std::string& out, std::string_view path, std::string_view body, std::string_view more = {});

// User and system time of the whole process, in seconds.
double process_cpu_s();

}  // namespace tingan::bench
