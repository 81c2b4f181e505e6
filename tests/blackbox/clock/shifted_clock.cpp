// Preloaded into a node under test: its wall clock stands apart from the machine's by the seconds in the file that
// TINGAN_TEST_CLOCK names, read anew at each look. Steady clocks stay as they are, as on a machine whose clock somebody
// sets.
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

long shift() {
  const char* const file = std::getenv("TINGAN_TEST_CLOCK");
  if (file == nullptr) return 0;
  const int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char text[32] = {};
  const ssize_t size = read(fd, text, sizeof text - 1);
  close(fd);
  return size > 0 ? std::atol(text) : 0;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, struct timespec* at) noexcept {
  const long done = syscall(SYS_clock_gettime, clock, at);
  if (done == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += shift();
  return static_cast<int>(done);
}

extern "C" time_t time(time_t* out) noexcept {
  struct timespec at {};
  clock_gettime(CLOCK_REALTIME, &at);
  if (out != nullptr) *out = at.tv_sec;
  return at.tv_sec;
}

extern "C" int gettimeofday(struct timeval* at, void*) noexcept {
  struct timespec now {};
  clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}
