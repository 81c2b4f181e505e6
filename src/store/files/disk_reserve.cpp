#include "store/files/disk_reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

namespace tingan {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMiB = 1U << 20U;
constexpr std::uint64_t kStepMin = 256U << 10U;

// Blocks that the file really has: a size alone reserves nothing.
std::uint64_t allocated(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return 0;
  return std::min(static_cast<std::uint64_t>(status.st_size), static_cast<std::uint64_t>(status.st_blocks) * 512);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

DiskSpace disk_space_of(const fs::path& folder) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) return {};
  return {static_cast<std::uint64_t>(status.f_blocks) * status.f_frsize,
          static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize};
}

RoomMarks marks_for(std::uint64_t disk_total) {
  RoomMarks marks;
  marks.reserve = std::min(32 * kMiB, disk_total / 16);
  marks.step = std::max(kStepMin, marks.reserve / 16);
  marks.full = marks.reserve / 4;
  marks.low = std::min(256 * kMiB, disk_total / 8);
  return marks;
}

DiskReserve::DiskReserve(fs::path file, Ask ask)
    : file_(std::move(file)),
      ask_(ask ? std::move(ask) : [folder = file_.parent_path()] { return disk_space_of(folder); }),
      marks_(marks_for(ask_().total)) {
  left_ = allocated(file_);
  look();
}

void DiskReserve::look() {
  const std::lock_guard lock(mutex_);
  space_ = ask_();
  if (space_.total == 0) return;  // it cannot be asked: then only a failed write tells
  const std::uint64_t lacking = marks_.reserve - std::min(left_, marks_.reserve);
  // Twice the mark, so that it does not go to and fro.
  const bool room_again = space_.free >= lacking + 2 * marks_.full;
  if (lacking > 0 && room_again) refill();
  if (space_.free < marks_.full) full_ = true;
  if (full_ && room_again && left_ >= marks_.reserve) full_ = false;
}

void DiskReserve::refill() {
  const Descriptor fd(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (fd.get() < 0) return;
  const int failed = ::posix_fallocate(fd.get(), 0, static_cast<off_t>(marks_.reserve));
  if (failed != 0 && ::ftruncate(fd.get(), static_cast<off_t>(left_)) != 0) return;
  ::fsync(fd.get());
  left_ = allocated(file_);
  space_ = ask_();
}

// Some file systems hand freed blocks out only after their journal is written: the sync waits for that.
bool DiskReserve::shrink_to(std::uint64_t size) {
  const Descriptor fd(::open(file_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (fd.get() < 0 || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return false;
  ::fsync(fd.get());
  left_ = size;
  return true;
}

bool DiskReserve::give_up_some(Urgency urgency) {
  const std::lock_guard lock(mutex_);
  full_ = true;
  if (urgency == Urgency::ordinary || left_ == 0) return false;
  if (urgency == Urgency::clocks && left_ <= marks_.reserve / 2) return false;
  return shrink_to(left_ - std::min(left_, marks_.step));
}

void DiskReserve::make_room_to_open() {
  const std::lock_guard lock(mutex_);
  if (space_.total == 0 || space_.free >= marks_.step || left_ == 0) return;
  full_ = true;
  (void)shrink_to(left_ - std::min(left_, marks_.step));
}

Room DiskReserve::room() const {
  const std::lock_guard lock(mutex_);
  if (full_) return left_ > 0 ? Room::reserve : Room::none;
  // Asked anew: between two looks a burst of photos fills a small disk.
  const DiskSpace now = ask_();
  return now.total != 0 && now.free < marks_.low ? Room::low : Room::plenty;
}

std::uint64_t DiskReserve::left() const {
  const std::lock_guard lock(mutex_);
  return left_;
}

DiskSpace DiskReserve::space() const {
  const std::lock_guard lock(mutex_);
  return space_;
}

}  // namespace tingan
