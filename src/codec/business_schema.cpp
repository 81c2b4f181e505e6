// The JSON Schema of a business type.
#include <boost/json.hpp>

#include "codec/business_yaml.h"

namespace tingan {
namespace {

namespace json = boost::json;

json::object titled(const Text& title) {
  return {{"title", title.en}, {"x-title", {{"zh", title.zh}, {"en", title.en}}}};
}

// A field's pattern as ECMA-262: 9 a digit, A a letter, X either, ? anything, + after one: once or more often.
std::string regular_expression(std::string_view pattern) {
  std::string out = "^";
  for (const char c : pattern) {
    switch (c) {
      case '9':
        out += "[0-9]";
        break;
      case 'A':
        out += "[A-Za-z]";
        break;
      case 'X':
        out += "[0-9A-Za-z]";
        break;
      case '?':
        out += '.';
        break;
      case '+':
        out += '+';
        break;
      default:
        if (std::string_view("\\^$.|*()[]{}/-").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
  }
  return out + "$";
}

void add_kind(json::object& out, const BusinessField& field) {
  switch (field.kind) {
    case FieldKind::number:
      out["pattern"] = "^-?[0-9]+$";
      break;
    case FieldKind::money:
      out["pattern"] = "^[0-9]{1,8}([.][0-9]{1,2})?$";
      break;
    case FieldKind::date:
      out["format"] = "date";
      break;
    case FieldKind::mobile:
      out["pattern"] = "^1[3-9][0-9]{9}$";
      break;
    case FieldKind::resident_id:
      out["pattern"] = "^[0-9]{17}[0-9Xx]$";
      break;
    case FieldKind::passport:
      out["pattern"] = "^[A-Za-z](?=.*[0-9])[0-9A-Za-z]{4,8}$";
      break;
    default:
      break;
  }
}

json::object field_schema(const BusinessField& field) {
  json::object out = titled(field.title);
  out["type"] = "string";
  out["x-kind"] = name_of(field.kind);
  if (field.pattern) {
    out["pattern"] = regular_expression(*field.pattern);
  } else {
    add_kind(out, field);
  }
  const bool by_length = field.kind == FieldKind::text || field.kind == FieldKind::address;
  if (field.required) out["minLength"] = 1;
  if (by_length && field.min) out["minLength"] = *field.min;
  if (by_length && field.max) out["maxLength"] = *field.max;
  if (!by_length && field.min) out["x-min"] = *field.min;
  if (!by_length && field.max) out["x-max"] = *field.max;
  json::array choices;
  for (const FieldChoice& choice : field.choices) {
    json::object one = titled(choice.title);
    one["const"] = choice.id;
    choices.push_back(std::move(one));
  }
  if (!choices.empty()) out["oneOf"] = std::move(choices);
  return out;
}

}  // namespace

std::string business_schema(const BusinessType& type) {
  json::object fields;
  json::array needed;
  for (const BusinessField& field : type.fields) {
    fields[field.id] = field_schema(field);
    if (field.required && field.kind != FieldKind::signature) needed.emplace_back(field.id);
  }
  json::array documents;
  for (const NeededDocument& document : type.documents) {
    json::object one = titled(document.title);
    one["const"] = document.id;
    documents.push_back(std::move(one));
  }
  json::object document_list = {{"type", "array"}, {"uniqueItems", true}};
  if (!documents.empty()) document_list["items"] = json::object{{"oneOf", std::move(documents)}};
  BusinessField name{.id = "name", .title = {"客户姓名", "Customer's name"}, .required = true, .max = 100};
  BusinessField mobile{
      .id = "mobile", .title = {"联系电话", "Contact number"}, .kind = FieldKind::mobile, .required = true};
  json::object out = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                      {"$id", fmt::format("business/{}.schema.json", type.id.str())}};
  for (const auto& member : titled(type.title)) out.insert(member);
  out["type"] = "object";
  out["properties"] = {{"business", {{"const", type.id.str()}}},
                       {"name", field_schema(name)},
                       {"mobile", field_schema(mobile)},
                       {"fields",
                        {{"type", "object"},
                         {"properties", std::move(fields)},
                         {"required", std::move(needed)},
                         {"additionalProperties", false}}},
                       {"documents", std::move(document_list)},
                       {"signature", {{"type", "string"}, {"contentMediaType", "image/svg+xml"}}}};
  out["required"] = {"business", "name", "mobile"};
  return json::serialize(out);
}

}  // namespace tingan
