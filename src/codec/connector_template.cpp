#include "codec/connector_template.h"

#include <boost/json.hpp>

namespace tingan {
namespace {

const std::vector<std::string>& known_fields() {
  static const std::vector<std::string> fields{"id",         "key",         "number", "unit",   "business", "taken_at",
                                               "amount_fen", "amount_yuan", "name",   "mobile", "personal", "fields"};
  return fields;
}

constexpr std::string_view kOfForm = "fields.";

bool is_known(const std::string& field) {
  if (field.size() > kOfForm.size() && field.starts_with(kOfForm)) return true;
  return std::find(known_fields().begin(), known_fields().end(), field) != known_fields().end();
}

// The line of one place in a scalar. A text of several lines is a block: it begins below its key.
int line_at(const YamlNode& node, std::size_t at) {
  const auto breaks = [&](std::size_t until) {
    return static_cast<int>(
        std::count(node.text.begin(), node.text.begin() + static_cast<std::ptrdiff_t>(until), '\n'));
  };
  return node.line + (breaks(node.text.size()) == 0 ? 0 : 1 + breaks(at));
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

OrderTemplate read_template(Problems& problems, const YamlNode& node) {
  constexpr std::string_view kOpen = "{{";
  constexpr std::string_view kClose = "}}";
  OrderTemplate pieces;
  const std::string_view text = node.text;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find(kOpen, at);
    if (open != at) pieces.push_back({std::string(text.substr(at, open - at)), {}});
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find(kClose, open);
    if (close == std::string_view::npos) {
      problems.add("open-placeholder",
                   {"“{{”没有对应的“}}”", "Expected every '{{' to end with '}}', but this one does not"},
                   line_at(node, open));
      break;
    }
    const std::string field = trimmed(text.substr(open + kOpen.size(), close - open - kOpen.size()));
    if (is_known(field)) {
      pieces.push_back({{}, field});
    } else {
      problems.add_unknown("unknown-placeholder",
                           {fmt::format("订单里没有“{}”这一项", field), fmt::format("unknown placeholder '{}'", field)},
                           field, known_fields(), line_at(node, open));
    }
    at = close + kClose.size();
  }
  return pieces;
}

bool names_one_order(const OrderTemplate& text) {
  return std::any_of(text.begin(), text.end(), [](const TemplatePiece& piece) {
    return piece.field == "id" || piece.field == "key" || piece.field == "number";
  });
}

bool gives_json(const OrderTemplate& text) {
  std::string filled;
  for (const TemplatePiece& piece : text) {
    const bool object = piece.field == "fields" || piece.field == "personal";
    filled += piece.field.empty() ? piece.text : object ? "{}" : "1";
  }
  boost::json::error_code bad;
  boost::json::parse(filled, bad);
  return !bad;
}

}  // namespace tingan
