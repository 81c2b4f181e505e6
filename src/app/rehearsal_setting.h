// What rehearsals run on: plans and organisation read from files.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"
#include "sim/scenario/virtual_node.h"

namespace tingan {

struct RehearsalFiles {
  std::string plans;         // folder or file; empty: the shipped plans
  std::string organisation;  // empty: the demo organisation
  std::string business;      // folder of business types; empty: the shipped ones
};

// Reads and publishes them. Every mistake of the files, or why they cannot be read.
tl::expected<std::shared_ptr<const scenario::Prepared>, std::vector<Error>> prepare_rehearsals(
    const RehearsalFiles& files);
// The ids of docs/clauses.yaml and whatever else these plans name; empty where there is no such file.
std::vector<std::string> known_clauses(const RehearsalFiles& files);

}  // namespace tingan
