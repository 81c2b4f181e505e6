// A map of a YAML file, read key by key. Every key that is asked for becomes known; finish() reports the others.
// Nothing here stops at a mistake: it is noted, a harmless value is given, and reading goes on.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "codec/yaml_tree.h"

namespace tingan {

// A scalar and where it stands.
struct Word {
  std::string text;
  int line = 0;
};

class Mapping {
 public:
  // `what` names the part in messages ("步骤“x”" / "step 'x'"). A node that is no map is one `wrong-type` problem,
  // and the mapping then reads as empty without further complaints.
  Mapping(Problems& problems, const YamlNode& node, Text what);

  const YamlNode* find(std::string_view key);
  // `missing-key` when it is not there.
  const YamlNode* need(std::string_view key);
  // Reports keys that nobody asked for.
  void finish();

  // Required values: `missing-key`, `wrong-type`.
  Text text(std::string_view key);
  Word word(std::string_view key);
  Duration duration(std::string_view key);

  // Optional values: absent is nullopt (or the default), malformed is a problem and then absent.
  std::optional<Text> text_if(std::string_view key);
  std::optional<Word> word_if(std::string_view key);
  std::optional<Duration> duration_if(std::string_view key);
  std::optional<std::vector<Word>> words_if(std::string_view key);
  std::optional<int> number_if(std::string_view key, int least, int most);
  bool flag(std::string_view key, bool otherwise = false);
  // One of `words`; empty where it is absent, or another: `unknown-word`.
  std::string choice(std::string_view key, const std::vector<std::string>& words);

  // The list's nodes, empty when absent; a value that is no list is a problem.
  const std::vector<YamlNode>& list(std::string_view key);

  // Line of the key, or of the mapping where the key is absent.
  int line_of(std::string_view key) const;
  int line() const { return node_->line; }
  bool valid() const { return valid_; }
  const Text& what() const { return what_; }
  Problems& problems() { return *problems_; }
  const YamlNode& node() const { return *node_; }

 private:
  void wrong_type(std::string_view key, const YamlNode& value, Text expected);

  Problems* problems_;
  const YamlNode* node_;
  Text what_;
  std::vector<std::string> known_;
  bool valid_ = true;
};

// `{zh, en}`, both written: else `missing-translation`.
Text read_text(Problems& problems, const YamlNode& node, const Text& what);
// Error `malformed-duration`.
std::optional<Duration> read_duration(Problems& problems, const Word& word);
// Lower and upper case letters, digits, and "_-.@" inside; at most 64. Error `malformed-id`.
bool check_id(Problems& problems, const Word& word);

}  // namespace tingan
