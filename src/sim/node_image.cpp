#include "sim/node_image.h"

#include <algorithm>

#include "base/file.h"
#include "codec/organisation_yaml.h"
#include "codec/plan_yaml.h"
#include "runtime/bootstrap.h"
#include "sim/seeded_random.h"
#include "store/memory/memory_event_log.h"

namespace tingan::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPlansAnImage = 4;  // beside those that correlate, which are in every image

struct ReadPlan {
  PlanText text;
  PlanPtr plan;
};

Expected<std::vector<ReadPlan>> read_plans(const fs::path& folder) {
  std::error_code none;
  if (!fs::is_directory(folder, none)) {
    return fail("plan.no-folder", {"没有预案目录", "Expected a folder of plans, but there is none"}, folder.string());
  }
  std::vector<ReadPlan> plans;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    auto text = read_whole_file(entry.path());
    if (!text) return tl::unexpected(text.error());
    auto plan = parse_plan(*text, entry.path().string());
    if (!plan) return tl::unexpected(plan.error().front());
    plans.push_back({{entry.path().string(), std::move(*text)}, std::move(*plan)});
  }
  std::sort(plans.begin(), plans.end(), [](const auto& a, const auto& b) { return a.text.file < b.text.file; });
  return plans;
}

using Group = std::vector<const ReadPlan*>;

void add(Group& group, const std::vector<ReadPlan>& all, const ReadPlan& plan) {
  if (std::find(group.begin(), group.end(), &plan) != group.end()) return;
  group.push_back(&plan);
  for (const Chain& chain : plan.plan->chains) {
    for (const ReadPlan& other : all) {
      if (other.plan->id == chain.start) add(group, all, other);
    }
  }
}

std::vector<Group> group_plans(const std::vector<ReadPlan>& plans) {
  Group common;
  for (const ReadPlan& plan : plans) {
    if (plan.plan->correlate) add(common, plans, plan);
  }
  std::vector<Group> groups;
  for (const ReadPlan& plan : plans) {
    if (plan.plan->correlate) continue;
    const bool placed = std::any_of(groups.begin(), groups.end(), [&](const Group& group) {
      return std::find(group.begin(), group.end(), &plan) != group.end();
    });
    if (placed) continue;
    if (groups.empty() || groups.back().size() >= common.size() + kPlansAnImage) groups.push_back(common);
    add(groups.back(), plans, plan);
  }
  return groups;
}

std::vector<Batch> content_of(const MemoryDisk& disk) {
  std::vector<Batch> batches;
  for (const SignedBatch& signed_batch : disk.batches) {
    Batch batch;
    for (std::uint64_t gseq = signed_batch.first_gseq; gseq <= signed_batch.last_gseq; ++gseq) {
      batch.records.push_back(disk.records[gseq - 1]);
    }
    batch.signed_heads = signed_batch.signed_heads;
    batch.signature = signed_batch.signature;
    batches.push_back(std::move(batch));
  }
  return batches;
}

Expected<NodeImage> make_image(const Group& group, const std::string& organisation, const std::string& file) {
  NodeImage image;
  image.made = *parse_rfc3339("2026-11-23T08:00:00+08:00");
  SeededRandom random(1);
  auto keys = std::make_shared<MemoryKeys>();
  MemoryKeyStore key_store(keys, random);
  Sealer sealer(key_store, random);
  const auto identity = simulated_identity();
  auto disk = std::make_shared<MemoryDisk>();
  MemoryEventLog log(disk);
  EngineCore core({log, random, *identity, sealer});
  if (auto recovered = core.recover(); !recovered) return tl::unexpected(recovered.error());
  std::vector<PlanText> texts;
  for (const ReadPlan* plan : group) texts.push_back(plan->text);
  if (auto published = publish_shipped(core, sealer, organisation, file, texts, image.made); !published) {
    return tl::unexpected(published.error());
  }
  const RegistryPtr registry = core.view().registry();
  image.plans = registry->newest_plans();
  for (const PlanPtr& plan : image.plans) image.plan_texts.push_back(registry->yaml(plan->id, plan->version));
  image.directory = registry->directory_ptr();
  for (const Person& person : image.directory->organisation().people) {
    for (const std::string& secret : {person.name, person.phone, person.email}) {
      if (!secret.empty() && secret != person.id.str()) image.secrets.push_back(secret);
    }
  }
  image.batches = content_of(*disk);
  image.keys = keys->keys;
  image.last_gseq = disk->records.size();
  image.folded = {registry, image.last_gseq};
  return image;
}

}  // namespace

std::unique_ptr<NodeIdentity> simulated_identity() {
  std::array<std::uint8_t, 32> seed{};
  seed.fill(7);
  return NodeIdentity::from_seed(seed);
}

Expected<std::vector<NodeImage>> make_images(const fs::path& plans, const fs::path& org) {
  const auto read = read_plans(plans);
  if (!read) return tl::unexpected(read.error());
  const auto organisation = read_whole_file(org);
  if (!organisation) return tl::unexpected(organisation.error());
  std::vector<NodeImage> images;
  for (const Group& group : group_plans(*read)) {
    auto image = make_image(group, *organisation, org.string());
    if (!image) return tl::unexpected(image.error());
    images.push_back(std::move(*image));
  }
  return images;
}

Expected<NodeImage> make_orders_image(const fs::path& org) {
  const auto organisation = read_whole_file(org);
  if (!organisation) return tl::unexpected(organisation.error());
  return make_image({}, *organisation, org.string());
}

}  // namespace tingan::sim
