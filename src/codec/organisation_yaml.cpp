#include "codec/organisation_yaml.h"

#include <boost/json.hpp>

#include "codec/organisation_reader.h"

namespace tingan {
namespace {

// A hundred thousand halls with their people and roster fit.
constexpr YamlLimits kLimits{128, 20'000'000};

constexpr const char* kPersonalKeys[] = {"name", "phone", "email"};

bool is_personal(std::string_view key) {
  return std::find(std::begin(kPersonalKeys), std::end(kPersonalKeys), key) != std::end(kPersonalKeys);
}

// In double quotes: every character that a scalar can hold, on one line. JSON's escapes are YAML's, too.
void write_scalar(std::string& out, const std::string& text) {
  out += boost::json::serialize(boost::json::string(text));
}

// Comments are not written: what they say of people would stay in the log for ever.
void write_node(std::string& out, const YamlNode& node, int indent) {
  const std::string pad(static_cast<std::size_t>(indent), ' ');
  const auto inline_value = [](const YamlNode& value) {
    const bool empty = value.items.empty() && value.pairs.empty();
    return value.kind == YamlNode::Kind::null || value.kind == YamlNode::Kind::scalar || empty;
  };
  const auto write_value = [&](const YamlNode& value) {
    if (!inline_value(value)) {
      out += '\n';
      write_node(out, value, indent + 2);
      return;
    }
    out += ' ';
    if (value.kind == YamlNode::Kind::scalar) write_scalar(out, value.text);
    if (value.kind == YamlNode::Kind::null) out += '~';
    if (value.kind == YamlNode::Kind::list) out += "[]";
    if (value.kind == YamlNode::Kind::map) out += "{}";
    out += '\n';
  };
  for (const YamlNode& item : node.items) {
    out += pad + '-';
    write_value(item);
  }
  for (const auto& [key, value] : node.pairs) {
    out += pad;
    write_scalar(out, key.text);
    out += ':';
    write_value(value);
  }
}

// Takes the personal keys out of a person's map; the id is needed to give them back.
PersonalDetails take_details(YamlNode& person) {
  PersonalDetails details;
  boost::json::object kept;
  std::vector<YamlPair> rest;
  for (auto& [key, value] : person.pairs) {
    if (key.text == "id") details.person = PersonId(value.text);
    if (is_personal(key.text)) {
      kept[key.text] = value.text;
    } else {
      rest.emplace_back(std::move(key), std::move(value));
    }
  }
  person.pairs = std::move(rest);
  details.json = boost::json::serialize(kept);
  return details;
}

Error malformed_details(const PersonalDetails& details) {
  return {
      "organisation.malformed-details",
      {fmt::format("“{}”的个人信息读不懂", details.person.str()),
       fmt::format("Expected the details of '{}' to be an object of texts, but they are not", details.person.str())},
      details.person.str()};
}

}  // namespace

tl::expected<OrganisationPtr, std::vector<Error>> parse_organisation(std::string_view yaml, const std::string& file,
                                                                     int version) {
  Problems problems("organisation", file);
  YamlNode root;
  auto organisation = std::make_shared<Organisation>();
  organisation->file = file;
  organisation->version = version;
  if (read_yaml_tree(yaml, problems, root, kLimits)) OrganisationReader(problems, *organisation).read(root);
  if (!problems.empty()) return tl::unexpected(problems.take());
  return OrganisationPtr(std::move(organisation));
}

Expected<SplitOrganisation> split_personal_data(std::string_view yaml, const std::string& file) {
  // Only a file that is right is split: otherwise a name might hide under a key that nobody looks at.
  if (auto checked = parse_organisation(yaml, file); !checked)
    return tl::unexpected(std::move(checked.error().front()));
  Problems problems("organisation", file);
  YamlNode root;
  if (!read_yaml_tree(yaml, problems, root, kLimits)) return tl::unexpected(problems.take().front());
  SplitOrganisation split;
  for (auto& [key, value] : root.pairs) {
    if (key.text != "people") continue;
    for (YamlNode& person : value.items) split.details.push_back(take_details(person));
  }
  write_node(split.yaml, root, 0);
  return split;
}

Expected<void> restore_details(Organisation& organisation, const std::vector<PersonalDetails>& details) {
  for (const PersonalDetails& detail : details) {
    boost::json::error_code error;
    const boost::json::value parsed = boost::json::parse(detail.json, error);
    if (error || !parsed.is_object()) return tl::unexpected(malformed_details(detail));
    for (Person& person : organisation.people) {
      if (person.id != detail.person) continue;
      for (const auto& [key, value] : parsed.get_object()) {
        if (!value.is_string()) return tl::unexpected(malformed_details(detail));
        std::string text(value.get_string());
        if (key == "name") person.name = std::move(text);
        if (key == "phone") person.phone = std::move(text);
        if (key == "email") person.email = std::move(text);
      }
    }
  }
  return {};
}

}  // namespace tingan
