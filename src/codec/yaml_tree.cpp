#include "codec/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "base/suggest.h"

namespace tingan {
namespace {

constexpr std::size_t kErrorsMax = 500;      // who has more mistakes fixes these first
constexpr std::size_t kSuggestionsMax = 50;  // finding the nearest word is not free
constexpr std::size_t kCandidatesMax = 2000;

// Thrown through the library to stop it; caught in read_yaml_tree.
struct Stop {
  const char* code;
  Text message;
  int line;
};

int line_of(const YAML::Mark& mark) { return mark.is_null() ? 1 : mark.line + 1; }

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(Problems& problems, YamlNode& root, std::size_t nodes_max)
      : problems_(problems), root_(root), nodes_max_(nodes_max) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    put(mark, YamlNode::Kind::null);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Stop{
        "alias", {"不能使用 YAML 引用（*名称）", "Expected plain values, but found a YAML alias"}, line_of(mark)};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (expects_key()) {
      keys_.back() = YamlKey{value, line_of(mark)};
      has_key_.back() = true;
      return;
    }
    put(mark, YamlNode::Kind::scalar)->text = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    push(put(mark, YamlNode::Kind::list), mark);
  }
  void OnSequenceEnd() override { pop(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    push(put(mark, YamlNode::Kind::map), mark);
  }
  void OnMapEnd() override { pop(); }

 private:
  bool expects_key() const { return !open_.empty() && open_.back()->kind == YamlNode::Kind::map && !has_key_.back(); }
  static void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == YAML::NullAnchor) return;
    throw Stop{
        "alias", {"不能使用 YAML 锚点（&名称）", "Expected plain values, but found a YAML anchor"}, line_of(mark)};
  }
  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    throw Stop{"syntax", {"不能使用 YAML 标签（!名称）", "Expected plain values, but found a YAML tag"}, line_of(mark)};
  }

  YamlNode* put(const YAML::Mark& mark, YamlNode::Kind kind) {
    if (++nodes_ > nodes_max_) {
      throw Stop{"too-large",
                 {"文件内容太多", "Expected a file of a reasonable size, but it has too many values"},
                 line_of(mark)};
    }
    YamlNode node;
    node.kind = kind;
    node.line = line_of(mark);
    if (open_.empty()) {
      root_ = std::move(node);
      return &root_;
    }
    YamlNode& parent = *open_.back();
    if (parent.kind == YamlNode::Kind::list) {
      parent.items.push_back(std::move(node));
      return &parent.items.back();
    }
    if (!has_key_.back()) {
      throw Stop{
          "syntax", {"键必须是一个词", "Expected a word as key, but found a list, a map or nothing"}, line_of(mark)};
    }
    has_key_.back() = false;
    if (!seen_.back().insert(keys_.back().text).second) {
      problems_.add("duplicate-key",
                    {fmt::format("“{}”在同一处写了两次", keys_.back().text),
                     fmt::format("Expected each key once, but '{}' stands here twice", keys_.back().text)},
                    keys_.back().line);
      dropped_.push_back(std::make_unique<YamlNode>(std::move(node)));
      return dropped_.back().get();
    }
    parent.pairs.push_back({std::move(keys_.back()), std::move(node)});
    return &parent.pairs.back().second;
  }

  void push(YamlNode* node, const YAML::Mark& mark) {
    if (open_.size() >= static_cast<std::size_t>(kYamlDepthMax)) {
      throw Stop{"too-deep",
                 {fmt::format("嵌套超过 {} 层", kYamlDepthMax),
                  fmt::format("Expected at most {} levels, but it is nested deeper", kYamlDepthMax)},
                 line_of(mark)};
    }
    open_.push_back(node);
    keys_.emplace_back();
    has_key_.push_back(false);
    seen_.emplace_back();
  }
  void pop() {
    open_.pop_back();
    keys_.pop_back();
    has_key_.pop_back();
    seen_.pop_back();
  }

  Problems& problems_;
  YamlNode& root_;
  // A node stays where it is while it is open: only the innermost open one grows.
  std::vector<YamlNode*> open_;
  std::vector<YamlKey> keys_;
  std::vector<bool> has_key_;
  std::vector<std::set<std::string>> seen_;
  std::vector<std::unique_ptr<YamlNode>> dropped_;
  std::size_t nodes_max_;
  std::size_t nodes_ = 0;
};

// Length of the valid UTF-8 sequence at `pos`, or 0.
std::size_t utf8_length(std::string_view text, std::size_t pos) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(pos);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                             : (lead & 0xf0) == 0xe0        ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 0;
  if (length == 0 || pos + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(pos + i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte(pos + 1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second > 0x9f;
  const bool beyond = lead == 0xf4 && second > 0x8f;
  return overlong || surrogate || beyond ? 0 : length;
}

// Not UTF-8, or a control character: some of these make the library stop reading as if the file ended there.
bool check_characters(std::string_view text, Problems& problems) {
  int line = 1;
  for (std::size_t pos = 0; pos < text.size();) {
    const std::size_t length = utf8_length(text, pos);
    const auto c = static_cast<unsigned char>(text[pos]);
    const bool control = (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f;
    if (length == 0 || control) {
      problems.add(
          "syntax",
          {"文件不是 UTF-8 文本，或含有控制字符", "Expected UTF-8 text, but found other bytes or control characters"},
          line);
      return false;
    }
    if (c == '\n') ++line;
    pos += length;
  }
  return true;
}

}  // namespace

void Problems::add(std::string_view code, Text message, int line) {
  if (errors_.size() >= kErrorsMax) return;
  const int shown = std::max(line, 1);
  errors_.emplace_back(
      shown, Error{fmt::format("{}.{}", prefix_, code), std::move(message), fmt::format("{}:{}", file_, shown)});
}

void Problems::add_unknown(std::string_view code, Text message, std::string_view written,
                           const std::vector<std::string>& known, int line) {
  if (errors_.size() < kSuggestionsMax && known.size() <= kCandidatesMax) {
    if (const std::string near = closest_word(written, known); !near.empty()) {
      message.zh += fmt::format("；是不是“{}”？", near);
      message.en += fmt::format("; did you mean '{}'?", near);
    }
  }
  add(code, std::move(message), line);
}

std::vector<Error> Problems::take() {
  std::stable_sort(errors_.begin(), errors_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Error> out;
  out.reserve(errors_.size());
  for (auto& [line, error] : errors_) out.push_back(std::move(error));
  errors_.clear();
  return out;
}

bool read_yaml_tree(std::string_view text, Problems& problems, YamlNode& root, const YamlLimits& limits) {
  if (text.size() > limits.mebibytes << 20) {
    problems.add("too-large",
                 {fmt::format("文件超过 {} MiB", limits.mebibytes),
                  fmt::format("Expected at most {} MiB, but the file is larger", limits.mebibytes)},
                 1);
    return false;
  }
  if (!check_characters(text, problems)) return false;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(problems, root, limits.nodes);
    if (!parser.HandleNextDocument(builder)) {
      problems.add("syntax", {"文件是空的", "Expected a document, but the file is empty"}, 1);
      return false;
    }
    YamlNode second;
    TreeBuilder rest(problems, second, limits.nodes);
    if (parser.HandleNextDocument(rest)) {
      problems.add("syntax", {"一个文件只能有一份文档", "Expected one document, but there is a second"}, second.line);
      return false;
    }
    return true;
  } catch (const Stop& stop) {
    problems.add(stop.code, stop.message, stop.line);
  } catch (const YAML::Exception& error) {
    problems.add("syntax",
                 {fmt::format("YAML 写法有误：{}", error.msg), fmt::format("Expected YAML, but: {}", error.msg)},
                 line_of(error.mark));
  } catch (const std::exception& error) {
    problems.add("syntax",
                 {fmt::format("文件读不懂：{}", error.what()), fmt::format("Expected YAML, but: {}", error.what())}, 1);
  }
  return false;
}

}  // namespace tingan
