// Where the plans, forms, clauses and the demo organisation lie, and reading them for the command line.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "core/plancheck/plancheck.h"
#include "model/business_type.h"

namespace tingan {

// $TINGAN_SHARE; else the current folder or one above it; else beside the program's own folder (its parents, then
// ../share/tingan). A data root is a folder with plans/ and docs/clauses.yaml in it. nullopt: none found.
std::optional<std::filesystem::path> find_data_root();

// Error `file.unreadable`.
Expected<std::string> read_text_file(const std::filesystem::path& path);
// A passphrase or secret: the text without the line end that an editor puts behind it. Inside it may have lines.
std::string without_line_end(std::string text);
// As people would write it: relative to the current folder where it lies in it.
std::string shown_path(const std::filesystem::path& path);
// A file, or every *.yaml of a folder, sorted. Error `file.missing`.
Expected<std::vector<std::filesystem::path>> plan_files(const std::filesystem::path& path);

// Mistakes of the file become findings (level error), so that they are shown like all others.
PlanPtr load_plan(const std::filesystem::path& path, std::vector<Finding>& findings);
OrganisationPtr load_organisation(const std::filesystem::path& path, std::vector<Finding>& findings);

struct ClauseEntry {
  ClauseId id;
  Text text;
  std::vector<std::string> program;  // parts of the program that carry it: files under the root
};
// docs/clauses.yaml under the root. Error `clauses.malformed`.
Expected<std::vector<ClauseEntry>> load_clauses(const std::filesystem::path& root);
// A file, or every *.yaml of a folder, as business types. All that is wrong in any of them: `file.*`, `business.*`
// (`business.duplicate`: two files describe the same).
tl::expected<BusinessCatalogue, std::vector<Error>> load_business(const std::filesystem::path& path);
// forms/<id>.schema.json under the root, with the clauses that each carries (`x-clauses`).
std::map<FormId, std::vector<ClauseId>> load_forms(const std::filesystem::path& root);

}  // namespace tingan
