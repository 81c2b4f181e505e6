#include "codec/business_yaml.h"

#include <algorithm>

#include "codec/yaml_mapping.h"

namespace tingan {
namespace {

constexpr const char* kFieldKinds[] = {"text",        "number",   "money",   "date",      "choice", "mobile",
                                       "resident-id", "passport", "address", "signature", "photo"};
constexpr const char* kPromises[] = {"done", "come-again", "home-visit", "call-back"};
constexpr int kDaysMax = 3650;
constexpr int kYuanMax = 10'000'000;

// The index of the word at `key` in `words`; -1 where it is absent or another, which is a problem then.
template <std::size_t kCount>
int word_of(Mapping& map, std::string_view key, const char* const (&words)[kCount]) {
  const std::string written = map.choice(key, {std::begin(words), std::end(words)});
  const auto found = std::find(std::begin(words), std::end(words), written);
  return found == std::end(words) ? -1 : static_cast<int>(found - std::begin(words));
}

class BusinessReader {
 public:
  BusinessReader(Problems& problems, BusinessType& type) : problems_(problems), type_(type) {}

  void read(const YamlNode& root) {
    Mapping top(problems_, root, {"业务文件", "the business file"});
    if (!top.valid()) return;
    const Word id = top.word("business");
    if (!id.text.empty() && check_id(problems_, id)) type_.id = BusinessId(id.text);
    type_.title = top.text("title");
    type_.pre_acceptable = top.flag("pre_accept", true);
    if (const auto connector = top.word_if("connector")) type_.connector = connector->text;
    for (const YamlNode& node : top.list("fields")) read_field(node);
    for (const YamlNode& node : top.list("documents")) read_document(node);
    read_caps(top);
    read_times(top);
    read_promise(top);
    for (const YamlNode& node : top.list("steps")) {
      type_.steps.push_back(read_text(problems_, node, {"办理步骤", "a step"}));
    }
    if (type_.steps.empty()) {
      problems_.add(
          "missing-steps",
          {"请写出办理步骤，新员工照着做", "Expected 'steps' that a new clerk can follow, but there are none"},
          top.line_of("steps"));
    }
    top.finish();
  }

 private:
  // An id used by no other field or document of the type.
  std::string fresh_id(Mapping& map) {
    const Word id = map.word("id");
    if (id.text.empty() || !check_id(problems_, id)) return {};
    const bool taken =
        id.text == "name" || id.text == "mobile" || std::find(ids_.begin(), ids_.end(), id.text) != ids_.end();
    if (taken) {
      problems_.add("duplicate-id",
                    {fmt::format("“{}”出现了两次（客户姓名 name 和电话 mobile 每种业务都会问）", id.text),
                     fmt::format("Expected each field once, but '{}' stands there twice ('name' and 'mobile' are asked "
                                 "for every business)",
                                 id.text)},
                    id.line);
    }
    ids_.push_back(id.text);
    return id.text;
  }

  void read_field(const YamlNode& node) {
    Mapping map(problems_, node, {"栏目", "a field"});
    BusinessField field;
    field.id = fresh_id(map);
    field.title = map.text("title");
    map.need("kind");
    if (const int kind = word_of(map, "kind", kFieldKinds); kind >= 0) field.kind = static_cast<FieldKind>(kind);
    field.required = map.flag("required");
    field.masked = map.flag("masked", true);
    if (const auto pattern = map.word_if("pattern")) field.pattern = pattern->text;
    const std::int64_t factor = field.kind == FieldKind::money ? 100 : 1;
    constexpr int kMost = 1'000'000'000;
    if (const auto least = map.number_if("min", 0, kMost)) field.min = *least * factor;
    if (const auto most = map.number_if("max", 0, kMost)) field.max = *most * factor;
    if (field.min && field.max && *field.min > *field.max) {
      problems_.add("empty-range", {"“min”大于“max”", "Expected 'min' to be at most 'max', but it is larger"},
                    map.line_of("min"));
    }
    for (const YamlNode& choice : map.list("choices")) read_choice(choice, field);
    if ((field.kind == FieldKind::choice) != !field.choices.empty()) {
      problems_.add("choices",
                    {"“choices”只用于选择项，选择项必须有它",
                     "Expected 'choices' for a field of kind 'choice' and for no other, but it is not so"},
                    map.line());
    }
    map.finish();
    type_.fields.push_back(std::move(field));
  }

  void read_choice(const YamlNode& node, BusinessField& field) {
    Mapping map(problems_, node, {"选项", "a choice"});
    FieldChoice choice;
    const Word id = map.word("id");
    if (!id.text.empty() && check_id(problems_, id)) choice.id = id.text;
    choice.title = map.text("title");
    map.finish();
    field.choices.push_back(std::move(choice));
  }

  void read_document(const YamlNode& node) {
    Mapping map(problems_, node, {"证件或材料", "a document"});
    NeededDocument document;
    document.id = fresh_id(map);
    document.title = map.text("title");
    document.required = map.flag("required");
    map.finish();
    type_.documents.push_back(std::move(document));
  }

  void read_caps(Mapping& top) {
    const YamlNode* node = top.find("caps");
    if (node == nullptr) return;
    Mapping map(problems_, *node, {"金额上限", "the caps"});
    const Word field = map.word("field");
    const auto found = std::find_if(type_.fields.begin(), type_.fields.end(),
                                    [&](const BusinessField& one) { return one.id == field.text; });
    if (found != type_.fields.end() && found->kind == FieldKind::money) {
      type_.amount_field = field.text;
    } else if (!field.text.empty()) {
      std::vector<std::string> known;
      for (const BusinessField& one : type_.fields) {
        if (one.kind == FieldKind::money) known.push_back(one.id);
      }
      problems_.add_unknown("unknown-field",
                            {fmt::format("没有金额栏目“{}”", field.text),
                             fmt::format("Expected a field of kind 'money', but got '{}'", field.text)},
                            field.text, known, field.line);
    }
    type_.cap_item_fen = std::int64_t{100} * map.number_if("item_yuan", 1, kYuanMax).value_or(0);
    type_.cap_total_fen = std::int64_t{100} * map.number_if("total_yuan", 1, kYuanMax).value_or(0);
    map.finish();
  }

  void read_times(Mapping& top) {
    if (const Duration handling = top.duration("handling"); handling.count() > 0) type_.handling = handling;
    top.need("keep_days");
    if (const auto days = top.number_if("keep_days", 1, kDaysMax)) type_.keep_days = *days;
  }

  void read_promise(Mapping& top) {
    const YamlNode* node = top.need("promise");
    if (node == nullptr) return;
    Mapping map(problems_, *node, {"承诺", "the promise"});
    map.need("kind");
    if (const int kind = word_of(map, "kind", kPromises); kind >= 0) type_.promise = static_cast<PromiseKind>(kind);
    if (const Duration within = map.duration("within"); within.count() > 0) {
      type_.promise_within = within;
    } else if (map.find("within") != nullptr) {
      problems_.add("malformed-duration",
                    {"承诺时限应大于零", "Expected 'within' to be longer than nothing, but it is not"},
                    map.line_of("within"));
    }
    map.finish();
  }

  Problems& problems_;
  BusinessType& type_;
  std::vector<std::string> ids_;
};

}  // namespace

const char* name_of(FieldKind kind) { return kFieldKinds[static_cast<std::size_t>(kind)]; }
const char* name_of(PromiseKind kind) { return kPromises[static_cast<std::size_t>(kind)]; }

tl::expected<BusinessTypePtr, std::vector<Error>> parse_business_type(std::string_view yaml, const std::string& file) {
  Problems problems("business", file);
  YamlNode root;
  auto type = std::make_shared<BusinessType>();
  if (read_yaml_tree(yaml, problems, root)) {
    type->file = file;
    BusinessReader(problems, *type).read(root);
  }
  if (!problems.empty()) return tl::unexpected(problems.take());
  return BusinessTypePtr(std::move(type));
}

}  // namespace tingan
