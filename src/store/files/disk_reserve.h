// The reserve: a file of blocks that are really allocated, cut shorter step by step when the disk is full, and made
// again when there is room. In steps, because another program may be the one that fills the disk: it gets at most what
// one step leaves over.
#pragma once
#include <filesystem>
#include <functional>
#include <mutex>

#include "base/error.h"
#include "ports/disk_room.h"

namespace tingan {

// Bytes of the file system that the data folder lies on.
struct DiskSpace {
  std::uint64_t total = 0;
  std::uint64_t free = 0;  // for us: without what is kept for the superuser
};
// nullopt-like zeros where it cannot be asked.
DiskSpace disk_space_of(const std::filesystem::path& folder);

struct RoomMarks {
  std::uint64_t reserve = 0;  // size of the reserve
  std::uint64_t step = 0;     // given up at once
  std::uint64_t full = 0;     // free bytes below which the disk counts as full
  std::uint64_t low = 0;      // and below which large things are refused
};
// 32 MiB of reserve and a mark at 256 MiB on a usual disk; a small one gives a sixteenth and an eighth of itself.
RoomMarks marks_for(std::uint64_t disk_total);

class DiskReserve final : public DiskRoom {
 public:
  using Ask = std::function<DiskSpace()>;
  // Looks once, and makes the reserve where there is room for it. `ask`: for tests; else the file's own file system.
  explicit DiskReserve(std::filesystem::path file, Ask ask = {});

  Room room() const override;
  bool give_up_some(Urgency urgency) override;
  // Asks the file system, remakes the reserve when there is room again. About once a second.
  void look();
  // For opening the store on a full disk: a step, where there is not even room for SQLite's own files.
  void make_room_to_open();

  std::uint64_t left() const;  // bytes of the reserve
  DiskSpace space() const;     // of the last look
  const RoomMarks& marks() const { return marks_; }

 private:
  void refill();
  bool shrink_to(std::uint64_t size);

  std::filesystem::path file_;
  Ask ask_;
  RoomMarks marks_;
  mutable std::mutex mutex_;
  DiskSpace space_;
  std::uint64_t left_ = 0;
  bool full_ = false;
};

}  // namespace tingan
