#include "channels/support/order_text.h"

#include "base/encoding.h"
#include "net/url.h"

namespace tingan::channels {
namespace {

std::string json_escaped(const std::string& text) {
  const std::string quoted = boost::json::serialize(boost::json::string(text));
  return quoted.substr(1, quoted.size() - 2);
}

std::string escaped(const std::string& text, Escape escape) {
  switch (escape) {
    case Escape::json:
      return json_escaped(text);
    case Escape::percent:
      return net::percent_encode(text);
    case Escape::xml:
      return escape_markup(text);
    case Escape::none:
      break;
  }
  return text;
}

std::string text_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value* const value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
}

}  // namespace

EntryOutcome outcome_of(AnswerMeans means) {
  switch (means) {
    case AnswerMeans::entered:
      return EntryOutcome::entered;
    case AnswerMeans::duplicate:
      return EntryOutcome::duplicate;
    case AnswerMeans::rejected:
      return EntryOutcome::rejected;
    case AnswerMeans::absent:
      return EntryOutcome::absent;
    case AnswerMeans::busy:
      return EntryOutcome::busy;
    case AnswerMeans::pending:
      return EntryOutcome::pending;
    case AnswerMeans::unknown:
      break;
  }
  return EntryOutcome::unknown;
}

Escape escape_for(std::string_view content_type) {
  if (content_type.find("json") != std::string_view::npos) return Escape::json;
  if (content_type.find("x-www-form-urlencoded") != std::string_view::npos) return Escape::percent;
  if (content_type.find("xml") != std::string_view::npos) return Escape::xml;
  return Escape::none;
}

OrderText::OrderText(const OrderToEnter& order) : order_(order) {
  boost::system::error_code bad;
  const boost::json::value parsed = boost::json::parse(order.personal, bad);
  if (!bad && parsed.is_object()) personal_ = parsed.get_object();
}

std::string OrderText::value(const std::string& field) const {
  constexpr std::string_view kOfForm = "fields.";
  if (field == "id") return to_string(order_.id);
  if (field == "key") return order_.key;
  if (field == "number") return order_.number;
  if (field == "unit") return order_.unit.str();
  if (field == "business") return order_.business.str();
  if (field == "taken_at") return format_rfc3339(order_.taken_at, Zone{});
  if (field == "amount_fen") return std::to_string(order_.amount_fen);
  if (field == "amount_yuan") return fmt::format("{}.{:02}", order_.amount_fen / 100, order_.amount_fen % 100);
  if (field == "personal") return boost::json::serialize(personal_);
  if (!field.starts_with(kOfForm)) return text_of(personal_, field);
  const boost::json::value* const form = personal_.if_contains("fields");
  return form == nullptr || !form->is_object() ? std::string()
                                               : text_of(form->get_object(), std::string_view(field).substr(7));
}

std::string OrderText::fill(const OrderTemplate& text, Escape escape) const {
  std::string out;
  for (const TemplatePiece& piece : text) {
    const bool object = piece.field == "fields" || piece.field == "personal";
    if (piece.field.empty()) {
      out += piece.text;
    } else if (object && escape == Escape::json) {
      const std::string json = value(piece.field);
      out += json.empty() ? "{}" : json;
    } else {
      out += escaped(value(piece.field), escape);
    }
  }
  return out;
}

}  // namespace tingan::channels
