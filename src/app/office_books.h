// The books of the reference back office on disk: one JSON line an entry, appended and synced before anybody hears of
// it. What a kill -9 tore off was never acknowledged and is cut off at the next opening.
#pragma once
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "sim/reference_back_office.h"

namespace tingan {

class OfficeBooks {
 public:
  // Makes the file where there is none and locks it until the object goes. Errors: `office.in-use`, `office.damaged`
  // (with file and line), `office.io`.
  static Expected<std::unique_ptr<OfficeBooks>> open(const std::filesystem::path& file);
  ~OfficeBooks();
  OfficeBooks(const OfficeBooks&) = delete;
  OfficeBooks& operator=(const OfficeBooks&) = delete;

  // What stood there when it was opened, in order; empties it here.
  std::vector<sim::OfficeEntry> take_entries() { return std::move(entries_); }
  // Durable when this returns. Error `office.io`: none of them counts, and the books cannot be used any more.
  Expected<void> append(const std::vector<sim::OfficeEntry>& entries);

 private:
  OfficeBooks(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}
  Expected<void> load();
  tl::unexpected<Error> io_error(int number) const;

  std::filesystem::path file_;
  int fd_;
  std::vector<sim::OfficeEntry> entries_;
};

}  // namespace tingan
