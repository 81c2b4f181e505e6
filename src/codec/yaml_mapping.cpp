#include "codec/yaml_mapping.h"

#include <algorithm>
#include <charconv>

namespace tingan {
namespace {

Text kind_name(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::null:
      return {"空白", "nothing"};
    case YamlNode::Kind::scalar:
      return {"一个词", "a single value"};
    case YamlNode::Kind::list:
      return {"一个列表", "a list"};
    case YamlNode::Kind::map:
      return {"一组键值", "a map"};
  }
  return {};
}

const std::vector<YamlNode>& no_items() {
  static const std::vector<YamlNode> none;
  return none;
}

}  // namespace

Mapping::Mapping(Problems& problems, const YamlNode& node, Text what)
    : problems_(&problems), node_(&node), what_(std::move(what)) {
  if (node.kind == YamlNode::Kind::map) return;
  valid_ = false;
  const Text got = kind_name(node.kind);
  problems.add("wrong-type",
               {fmt::format("{}应是一组键值，却是{}", what_.zh, got.zh),
                fmt::format("Expected {} to be a map, but got {}", what_.en, got.en)},
               node.line);
}

const YamlNode* Mapping::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  for (const auto& [written, value] : node_->pairs) {
    if (written.text == key) return &value;
  }
  return nullptr;
}

const YamlNode* Mapping::need(std::string_view key) {
  const YamlNode* value = find(key);
  if (value == nullptr && valid_) {
    problems_->add("missing-key",
                   {fmt::format("{}缺少“{}”", what_.zh, key),
                    fmt::format("Expected {} to have '{}', but it is missing", what_.en, key)},
                   node_->line);
  }
  return value;
}

void Mapping::finish() {
  for (const auto& [written, value] : node_->pairs) {
    if (std::find(known_.begin(), known_.end(), written.text) != known_.end()) continue;
    problems_->add_unknown("unknown-key",
                           {fmt::format("{}不认识“{}”", what_.zh, written.text),
                            fmt::format("{}: unknown key '{}'", what_.en, written.text)},
                           written.text, known_, written.line);
  }
}

int Mapping::line_of(std::string_view key) const {
  for (const auto& [written, value] : node_->pairs) {
    if (written.text == key) return written.line;
  }
  return node_->line;
}

void Mapping::wrong_type(std::string_view key, const YamlNode& value, Text expected) {
  const Text got = kind_name(value.kind);
  problems_->add("wrong-type",
                 {fmt::format("{}的“{}”应是{}，却是{}", what_.zh, key, expected.zh,
                              value.kind == YamlNode::Kind::scalar ? "“" + value.text + "”" : got.zh),
                  fmt::format("{}: expected '{}' to be {}, but got {}", what_.en, key, expected.en,
                              value.kind == YamlNode::Kind::scalar ? "'" + value.text + "'" : got.en)},
                 value.line);
}

Text Mapping::text(std::string_view key) {
  need(key);
  return text_if(key).value_or(Text{});
}

std::optional<Text> Mapping::text_if(std::string_view key) {
  const YamlNode* value = find(key);
  if (value == nullptr) return std::nullopt;
  return read_text(*problems_, *value,
                   {fmt::format("{}的“{}”", what_.zh, key), fmt::format("'{}' of {}", key, what_.en)});
}

Word Mapping::word(std::string_view key) {
  need(key);
  return word_if(key).value_or(Word{{}, line_of(key)});
}

std::optional<Word> Mapping::word_if(std::string_view key) {
  const YamlNode* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->kind != YamlNode::Kind::scalar || value->text.empty()) {
    wrong_type(key, *value, {"一个词", "a single value"});
    return std::nullopt;
  }
  return Word{value->text, value->line};
}

Duration Mapping::duration(std::string_view key) {
  need(key);
  return duration_if(key).value_or(Duration{0});
}

std::optional<Duration> Mapping::duration_if(std::string_view key) {
  const auto word = word_if(key);
  return word ? read_duration(*problems_, *word) : std::nullopt;
}

std::optional<std::vector<Word>> Mapping::words_if(std::string_view key) {
  const YamlNode* value = find(key);
  if (value == nullptr) return std::nullopt;
  std::vector<Word> out;
  for (const YamlNode& item : list(key)) {
    if (item.kind == YamlNode::Kind::scalar && !item.text.empty()) {
      out.push_back({item.text, item.line});
    } else {
      wrong_type(key, item, {"一列词", "a list of single values"});
    }
  }
  return out;
}

std::optional<int> Mapping::number_if(std::string_view key, int least, int most) {
  const auto word = word_if(key);
  if (!word) return std::nullopt;
  int value = 0;
  const char* end = word->text.data() + word->text.size();
  const auto [stop, error] = std::from_chars(word->text.data(), end, value);
  if (error == std::errc{} && stop == end && value >= least && value <= most) return value;
  wrong_type(
      key, *find(key),
      {fmt::format("{} 到 {} 之间的整数", least, most), fmt::format("a whole number from {} to {}", least, most)});
  return std::nullopt;
}

bool Mapping::flag(std::string_view key, bool otherwise) {
  const auto word = word_if(key);
  if (!word) return otherwise;
  if (word->text == "true") return true;
  if (word->text != "false") wrong_type(key, *find(key), {"true 或 false", "true or false"});
  return false;
}

std::string Mapping::choice(std::string_view key, const std::vector<std::string>& words) {
  const auto word = word_if(key);
  if (!word) return {};
  if (std::find(words.begin(), words.end(), word->text) != words.end()) return word->text;
  problems_->add_unknown("unknown-word",
                         {fmt::format("{}的“{}”应是 {}，却是“{}”", what_.zh, key, fmt::join(words, " | "), word->text),
                          fmt::format("Expected '{}' of {} to be one of {}, but got '{}'", key, what_.en,
                                      fmt::join(words, " | "), word->text)},
                         word->text, words, word->line);
  return {};
}

const std::vector<YamlNode>& Mapping::list(std::string_view key) {
  const YamlNode* value = find(key);
  if (value == nullptr) return no_items();
  if (value->kind == YamlNode::Kind::list) return value->items;
  wrong_type(key, *value, {"一个列表", "a list"});
  return no_items();
}

Text read_text(Problems& problems, const YamlNode& node, const Text& what) {
  Mapping map(problems, node, what);
  const auto part = [&](std::string_view key, Text language) -> std::string {
    const YamlNode* value = map.find(key);
    if (value != nullptr && value->kind == YamlNode::Kind::scalar &&
        value->text.find_first_not_of(" \t\r\n") != std::string::npos) {
      return value->text;
    }
    if (map.valid()) {
      problems.add("missing-translation",
                   {fmt::format("{}缺少{}（{}）", what.zh, language.zh, key),
                    fmt::format("Expected {} in both languages, but {} ('{}') is missing", what.en, language.en, key)},
                   map.line_of(key));
    }
    return {};
  };
  Text text;
  text.zh = part("zh", {"中文", "Chinese"});
  text.en = part("en", {"英文", "English"});
  map.finish();
  return text;
}

std::optional<Duration> read_duration(Problems& problems, const Word& word) {
  const auto length = parse_duration(word.text);
  if (length) return *length;
  problems.add("malformed-duration", length.error().message, word.line);
  return std::nullopt;
}

bool check_id(Problems& problems, const Word& word) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  constexpr std::size_t kLongest = 64;
  const bool good = !word.text.empty() && word.text.size() <= kLongest && plain(word.text.front()) &&
                    std::all_of(word.text.begin(), word.text.end(),
                                [&](char c) { return plain(c) || c == '_' || c == '-' || c == '.' || c == '@'; });
  if (!good) {
    problems.add("malformed-id",
                 {fmt::format("名称“{}”只能用字母、数字和 - _ . @，最长 64 个", word.text),
                  fmt::format("Expected a name of letters, digits and - _ . @ (at most 64), but got '{}'", word.text)},
                 word.line);
  }
  return good;
}

}  // namespace tingan
