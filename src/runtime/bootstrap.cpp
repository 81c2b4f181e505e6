#include "runtime/bootstrap.h"

#include "codec/organisation_yaml.h"
#include "codec/plan_yaml.h"
#include "codec/record_json.h"

namespace tingan {

Expected<OrganisationPublished> seal_organisation(const std::string& yaml, const std::string& file, Sealer& sealer) {
  const auto parsed = parse_organisation(yaml, file);
  if (!parsed) return tl::unexpected(parsed.error().front());
  auto split = split_personal_data(yaml, file);
  if (!split) return tl::unexpected(split.error());
  OrganisationPublished event{.version = 0, .hash = to_hex(sha256(yaml)), .yaml = std::move(split->yaml)};
  std::vector<std::string> names;
  for (const PersonalDetails& details : split->details) names.push_back("person:" + details.person.str());
  if (auto made = sealer.make_keys(names); !made) return tl::unexpected(made.error());
  for (const PersonalDetails& details : split->details) {
    auto sealed = sealer.seal("person:" + details.person.str(), details.json);
    if (!sealed) return tl::unexpected(sealed.error());
    event.people.push_back({details.person, std::move(*sealed)});
  }
  return event;
}

namespace {

Expected<void> run_one(EngineCore& core, UnitId unit, UnitCommand command, Instant now) {
  std::optional<Error> refused;
  std::vector<Submission> batch;
  Submission submission{.unit = unit, .command = std::move(command)};
  submission.done = [&refused](const Outcome& outcome) { refused = outcome.refused; };
  batch.push_back(std::move(submission));
  if (auto ran = core.run(std::move(batch), now); !ran) return ran;
  if (refused) return tl::unexpected(*refused);
  return {};
}

}  // namespace

Expected<void> publish_shipped(EngineCore& core, Sealer& sealer, const std::string& organisation_yaml,
                               const std::string& organisation_file, const std::vector<PlanText>& plans, Instant now) {
  UnitId top;
  const RegistryPtr known = core.view().registry();
  const bool same = known->organisation_hash() == to_hex(sha256(organisation_yaml));
  if (!organisation_yaml.empty() && !same && !known->organisation_is_own()) {
    auto event = seal_organisation(organisation_yaml, organisation_file, sealer);
    if (!event) return tl::unexpected(event.error());
    const auto parsed = parse_organisation(organisation_yaml, organisation_file);
    top = top_unit(**parsed).id;
    if (auto ran = run_one(core, top, PublishOrganisation{std::move(*event)}, now); !ran) return ran;
  }
  if (core.view().registry()->directory().organisation().units.empty()) {
    return fail("org.missing", {"还没有组织机构，请用 --org 指定",
                                "Expected an organisation in the log or with --org, but there is none"});
  }
  top = top_unit(core.view().registry()->directory().organisation()).id;
  for (const PlanText& plan : plans) {
    const auto parsed = parse_plan(plan.yaml, plan.file);
    if (!parsed) return tl::unexpected(parsed.error().front());
    if (known->plan_is_own((*parsed)->id)) continue;
    if (auto ran = run_one(core, top, PublishPlan{plan.yaml, plan.file}, now); !ran) return ran;
  }
  return {};
}

}  // namespace tingan
