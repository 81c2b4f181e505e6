// YAML text -> Organisation (docs/formats/organisation.md), and the split that keeps personal data out of the log's
// plain text.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/organisation.h"

namespace tingan {

tl::expected<OrganisationPtr, std::vector<Error>> parse_organisation(std::string_view yaml, const std::string& file,
                                                                     int version = 0);

struct PersonalDetails {
  PersonId person;
  std::string json;  // {"name","phone","email"}
};

// The same file with every person's name, phone and email taken out, and these apart. Exactly reversible by
// `parse_organisation` of `yaml` followed by `restore_details`.
struct SplitOrganisation {
  std::string yaml;
  std::vector<PersonalDetails> details;
};
Expected<SplitOrganisation> split_personal_data(std::string_view yaml, const std::string& file);
// Details of an erased person are simply missing: the name then reads as the id.
Expected<void> restore_details(Organisation& organisation, const std::vector<PersonalDetails>& details);

}  // namespace tingan
