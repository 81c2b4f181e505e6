// A YAML document as a plain tree with line numbers, read defensively: size, depth and number of nodes are bounded,
// anchors, aliases and tags are refused, no exception of the library gets out.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace tingan {

constexpr int kYamlDepthMax = 64;

// How large a document may be.
struct YamlLimits {
  std::size_t mebibytes = 1;
  std::size_t nodes = 100'000;
};

struct YamlPair;

struct YamlKey {
  std::string text;
  int line = 0;
};

struct YamlNode {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  std::string text;             // scalar, as written without its quotes
  std::vector<YamlNode> items;  // list
  std::vector<YamlPair> pairs;  // map, in the order of the file, keys unique
  int line = 0;                 // 1-based
};

struct YamlPair {
  YamlKey first;
  YamlNode second;
};

// The mistakes found in one file. Codes get the prefix ("plan" makes "plan.syntax").
class Problems {
 public:
  Problems(std::string prefix, std::string file) : prefix_(std::move(prefix)), file_(std::move(file)) {}

  void add(std::string_view code, Text message, int line);
  // With ", did you mean ...?" where one of `known` is near.
  void add_unknown(std::string_view code, Text message, std::string_view written, const std::vector<std::string>& known,
                   int line);

  bool empty() const { return errors_.empty(); }
  // In the order of the file.
  std::vector<Error> take();

 private:
  std::string prefix_;
  std::string file_;
  std::vector<std::pair<int, Error>> errors_;
};

// Mistakes go to `problems` (`syntax`, `duplicate-key`, `too-large`, `too-deep`, `alias`). False when the text as a
// whole could not be read and `root` means nothing.
bool read_yaml_tree(std::string_view text, Problems& problems, YamlNode& root, const YamlLimits& limits = {});

}  // namespace tingan
