// Arrows point down only: the matrix that src/CMakeLists.txt links by is the one that the sources include by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "structure/include_graph.h"

namespace tingan::structure {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Rooms shipped_rooms() { return read_rooms(read_sources({"src/CMakeLists.txt"}, {}).front().text); }

TEST(IncludeMatrix, SourcesKeepIt) {
  for (const Violation& violation : check_matrix(read_sources({"src"}, {".cpp", ".h"}), shipped_rooms())) {
    ADD_FAILURE() << to_string(violation);
  }
}

TEST(IncludeMatrix, NoFilesGoRoundInCircles) {
  EXPECT_THAT(include_cycles(read_sources({"src"}, {".cpp", ".h"})), IsEmpty());
}

// What nobody may widen by a line in CMake.
TEST(IncludeMatrix, TheFloorsAreWhatTheArchitectureSays) {
  const Rooms rooms = shipped_rooms();
  EXPECT_THAT(rooms.at("base").below, IsEmpty());
  EXPECT_THAT(rooms.at("model").below, ElementsAre("base"));
  EXPECT_THAT(rooms.at("core").below, ElementsAre("base", "model"));
  EXPECT_THAT(rooms.at("codec").below, ElementsAre("base", "model"));
  EXPECT_THAT(rooms.at("ports").below, ElementsAre("base", "model"));
  EXPECT_THAT(rooms.at("net").below, ElementsAre("base"));
  EXPECT_THAT(rooms.at("channels").below, ElementsAre("base", "model", "net", "ports"));
  EXPECT_THAT(rooms.at("report").below, ElementsAre("base", "model", "ports"));
  for (const auto& [name, room] : rooms) EXPECT_FALSE(room.below.contains(name)) << name << " stands above itself";
}

Rooms small_rooms() {
  return read_rooms(
      "tingan_room(base LIBS fmt::fmt)\n"
      "tingan_room(model DEPS base)\n"
      "tingan_room(core DEPS model TEST_DEPS codec)\n"
      "tingan_room(codec DEPS model LIBS yaml-cpp)\n"
      "tingan_room(store DEPS model)\n"
      "tingan_room(channels DEPS model)\n");
}

std::vector<Violation> planted(std::string path, const std::string& include) {
  std::vector<SourceFile> files;
  for (const char* name :
       {"base/a.h", "model/a.h", "core/a.h", "codec/a.h", "store/log.h", "store/sqlite/a.h", "store/memory/a.h",
        "channels/sms.h", "channels/smtp.h", "channels/support/a.h", "core/support/testing.h"}) {
    files.push_back({std::string("src/") + name, ""});
  }
  files.push_back({std::move(path), "// x\n#include \"" + include + "\"\n"});
  return check_matrix(files, small_rooms());
}

TEST(IncludeMatrix, FindsEachPlantedViolation) {
  EXPECT_THAT(planted("src/core/x.cpp", "base/a.h"), IsEmpty());
  EXPECT_THAT(planted("src/core/x.cpp", "core/a.h"), IsEmpty());
  EXPECT_THAT(planted("src/model/x.cpp", "core/a.h"), Not(IsEmpty())) << "upwards";
  EXPECT_THAT(planted("src/core/x.cpp", "codec/a.h"), Not(IsEmpty())) << "sideways";
  EXPECT_THAT(planted("src/core/x_test.cpp", "codec/a.h"), IsEmpty()) << "named for tests";
  EXPECT_THAT(planted("src/core/x_test.cpp", "store/log.h"), Not(IsEmpty())) << "not named for tests";
  EXPECT_THAT(planted("src/extra/x.cpp", "base/a.h"), Not(IsEmpty())) << "a room that nobody named";
  EXPECT_THAT(planted("src/core/x.cpp", "a.h"), Not(IsEmpty())) << "not from src/";
  EXPECT_THAT(planted("src/core/x.cpp", "core/support/testing.h"), Not(IsEmpty())) << "test code in the product";
  EXPECT_THAT(planted("src/store/sqlite/x.cpp", "store/memory/a.h"), Not(IsEmpty())) << "siblings";
  EXPECT_THAT(planted("src/store/sqlite/x.cpp", "store/log.h"), IsEmpty());
  EXPECT_THAT(planted("src/store/x.cpp", "store/sqlite/a.h"), Not(IsEmpty())) << "what siblings share";
  EXPECT_THAT(planted("src/store/contract_test.cpp", "store/sqlite/a.h"), IsEmpty());
  EXPECT_THAT(planted("src/channels/sms.cpp", "channels/sms.h"), IsEmpty());
  EXPECT_THAT(planted("src/channels/sms.cpp", "channels/support/a.h"), IsEmpty());
  EXPECT_THAT(planted("src/channels/sms.cpp", "channels/smtp.h"), Not(IsEmpty())) << "siblings";
  EXPECT_THAT(planted("src/channels/sms_test.cpp", "channels/smtp.h"), Not(IsEmpty())) << "siblings in tests";
  EXPECT_THAT(planted("src/channels/factory.cpp", "channels/smtp.h"), IsEmpty()) << "the factory makes them";
}

TEST(IncludeMatrix, FindsAPlantedCircle) {
  const std::vector<SourceFile> files = {{"src/model/a.h", "#include \"model/b.h\"\n"},
                                         {"src/model/b.h", "#include \"base/x.h\"\n#include \"model/c.h\"\n"},
                                         {"src/model/c.h", "#include \"model/a.h\"\n"},
                                         {"src/base/x.h", ""}};
  EXPECT_THAT(include_cycles(files), ElementsAre(HasSubstr("model/a.h -> model/b.h -> model/c.h -> model/a.h")));
}

}  // namespace
}  // namespace tingan::structure
