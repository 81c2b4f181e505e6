// Who includes whom in src/, and what src/CMakeLists.txt allows.
#pragma once
#include <map>
#include <set>

#include "structure/tidy_rules.h"

namespace tingan::structure {

struct Room {
  std::set<std::string> below;       // every room that its sources may include, the way down included
  std::set<std::string> test_below;  // in addition for its tests
};
using Rooms = std::map<std::string, Room>;

// From the tingan_room(NAME DEPS ... LIBS ... TEST_DEPS ...) lines of src/CMakeLists.txt.
Rooms read_rooms(std::string_view cmake);

struct Include {
  int line;
  std::string path;  // as written between quotes
};
std::vector<Include> includes_of(const SourceFile& file);

// Includes that lead up, sideways between siblings of store/ and channels/, to a room that nobody named or to no file.
std::vector<Violation> check_matrix(const std::vector<SourceFile>& files, const Rooms& rooms);

// Each circle of files that include each other, once, as "a.h -> b.h -> a.h".
std::vector<std::string> include_cycles(const std::vector<SourceFile>& files);

}  // namespace tingan::structure
