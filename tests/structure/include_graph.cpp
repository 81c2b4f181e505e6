#include "structure/include_graph.h"

#include <regex>
#include <sstream>

namespace tingan::structure {
namespace {

constexpr std::string_view kTop = "src/";

std::string first_part(std::string_view path) { return std::string(path.substr(0, path.find('/'))); }

std::string without_ending(std::string_view path) {
  std::string_view stem = path.substr(0, path.rfind('.'));
  if (stem.ends_with("_test")) stem.remove_suffix(5);
  return std::string(stem);
}

// store/sqlite/a.cpp -> "sqlite", channels/sms.cpp -> "sms"; "" for what siblings share: support/, the factory, and in
// store/ the files beside the folders.
std::string sibling_of(const std::string& path) {
  const bool store = path.starts_with("store/");
  if (!store && !path.starts_with("channels/")) return "";
  const std::string rest = path.substr(path.find('/') + 1);
  if (rest.find('/') != std::string::npos) return first_part(rest) == "support" ? "" : first_part(rest);
  if (store) return "";
  const std::string stem = without_ending(rest);
  return stem == "factory" ? "" : stem;
}

// Siblings never include each other; what they share may not include any of them either, but for the factory, which
// makes them, and tests that hold all of them to one contract.
bool is_sideways(const std::string& from, const std::string& to) {
  if (first_part(from) != first_part(to)) return false;
  const std::string target = sibling_of(to);
  if (target.empty() || target == sibling_of(from)) return false;
  const bool shared = sibling_of(from).empty();
  return !(shared && (is_test_file(from) || from.find("/factory.") != std::string::npos));
}

void close_downwards(Rooms& rooms, const std::map<std::string, std::set<std::string>>& direct) {
  for (auto& [name, room] : rooms) {
    std::vector<std::string> open(direct.at(name).begin(), direct.at(name).end());
    while (!open.empty()) {
      const std::string next = open.back();
      open.pop_back();
      if (!room.below.insert(next).second) continue;
      if (const auto found = direct.find(next); found != direct.end()) {
        open.insert(open.end(), found->second.begin(), found->second.end());
      }
    }
  }
}

}  // namespace

Rooms read_rooms(std::string_view cmake) {
  static const std::regex call(R"(^tingan_room\(([^)]*)\))");
  Rooms rooms;
  std::map<std::string, std::set<std::string>> direct;
  for (const std::string& line : lines_of(cmake)) {
    std::smatch match;
    if (!std::regex_search(line, match, call)) continue;
    std::istringstream words(match[1].str());
    std::string name, word, list;
    words >> name;
    direct[name];
    while (words >> word) {
      if (word == "DEPS" || word == "LIBS" || word == "TEST_DEPS") {
        list = word;
      } else if (list == "DEPS") {
        direct[name].insert(word);
      } else if (list == "TEST_DEPS") {
        rooms[name].test_below.insert(word);
      }
    }
    rooms[name];
  }
  close_downwards(rooms, direct);
  for (auto& [name, room] : rooms) {
    for (const std::string& extra : std::set<std::string>(room.test_below)) {
      if (const auto found = rooms.find(extra); found != rooms.end()) room.test_below.merge(Room(found->second).below);
    }
  }
  return rooms;
}

std::vector<Include> includes_of(const SourceFile& file) {
  static const std::regex include(R"(^\s*#\s*include\s*"([^"]+)\")");
  std::vector<Include> found;
  const std::vector<std::string> lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (std::regex_search(lines[i], match, include)) found.push_back({static_cast<int>(i) + 1, match[1].str()});
  }
  return found;
}

std::vector<Violation> check_matrix(const std::vector<SourceFile>& files, const Rooms& rooms) {
  std::set<std::string> known;
  for (const SourceFile& file : files) known.insert(file.path.substr(kTop.size()));
  std::vector<Violation> found;
  for (const SourceFile& file : files) {
    const std::string from = file.path.substr(kTop.size());
    const auto room = rooms.find(first_part(from));
    if (room == rooms.end()) {
      found.push_back({file.path, 1, "the room " + first_part(from) + " is not in src/CMakeLists.txt"});
      continue;
    }
    for (const Include& include : includes_of(file)) {
      const std::string to = first_part(include.path);
      const bool allowed = to == room->first || room->second.below.contains(to) ||
                           (is_test_file(from) && room->second.test_below.contains(to));
      if (!known.contains(include.path)) {
        found.push_back({file.path, include.line, "no file src/" + include.path + ": name includes from src/"});
      } else if (!allowed) {
        found.push_back({file.path, include.line, room->first + " must not include " + to + " (" + include.path + ")"});
      } else if (is_sideways(from, include.path)) {
        found.push_back({file.path, include.line, "siblings must not include each other (" + include.path + ")"});
      } else if (!is_test_file(from) && is_test_file(include.path)) {
        found.push_back({file.path, include.line, "the product must not include test code (" + include.path + ")"});
      }
    }
  }
  return found;
}

std::vector<std::string> include_cycles(const std::vector<SourceFile>& files) {
  std::map<std::string, std::vector<std::string>> edges;
  for (const SourceFile& file : files) {
    auto& to = edges[file.path.substr(kTop.size())];
    for (const Include& include : includes_of(file)) to.push_back(include.path);
  }
  enum class Colour { white, grey, black };
  std::map<std::string, Colour> colours;
  std::vector<std::string> path, cycles;
  const std::function<void(const std::string&)> visit = [&](const std::string& at) {
    colours[at] = Colour::grey;
    path.push_back(at);
    for (const std::string& next : edges[at]) {
      if (colours[next] == Colour::grey) {
        std::string cycle;
        for (auto step = std::find(path.begin(), path.end(), next); step != path.end(); ++step) cycle += *step + " -> ";
        cycles.push_back(cycle + next);
      } else if (colours[next] == Colour::white) {
        visit(next);
      }
    }
    path.pop_back();
    colours[at] = Colour::black;
  };
  for (const SourceFile& file : files) {
    if (const std::string name = file.path.substr(kTop.size()); colours[name] == Colour::white) visit(name);
  }
  return cycles;
}

}  // namespace tingan::structure
