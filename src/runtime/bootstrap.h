// What a node must know before it can run anything: the organisation and the plans, published into its log. Publishing
// the same texts again changes nothing.
#pragma once
#include <string>
#include <vector>

#include "runtime/engine.h"

namespace tingan {

struct PlanText {
  std::string file;  // for messages
  std::string yaml;
};

// The organisation as an event: persons' names, phones and mail addresses sealed under their own keys. Errors: the
// first one in the file (`org.*`), `seal.*`, `store.*`.
Expected<OrganisationPublished> seal_organisation(const std::string& yaml, const std::string& file, Sealer& sealer);

// Publishes through the engine's core, before it runs on a thread. `organisation_yaml` may be empty: keep what the log
// has. What people of this node have published themselves stays in force. Error: the first refusal.
Expected<void> publish_shipped(EngineCore& core, Sealer& sealer, const std::string& organisation_yaml,
                               const std::string& organisation_file, const std::vector<PlanText>& plans, Instant now);

}  // namespace tingan
