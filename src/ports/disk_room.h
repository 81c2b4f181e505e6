// How much room the disk has left for a node, and the reserve that is given up for what must get through when it has
// none. Any thread.
#pragma once
#include <cstdint>

namespace tingan {

enum class Room {
  plenty,
  low,      // large things are refused: photos, evidence, tables
  reserve,  // the disk is full: only what people's safety hangs on is written, into the reserve
  none      // and the reserve is used up: reading only
};

// Who may draw on the reserve, and how far.
enum class Urgency {
  ordinary,  // not at all
  clocks,    // down to half of it: escalations and what channels report, so that they leave something to people
  people     // to the end: declares, silent alarms, acknowledgements, and what else an emergency cannot wait with
};

class DiskRoom {
 public:
  virtual ~DiskRoom() = default;
  virtual Room room() const = 0;
  // A write found the disk full. True: some of the reserve has been given up for it, so try once more.
  virtual bool give_up_some(Urgency urgency) = 0;
};

}  // namespace tingan
