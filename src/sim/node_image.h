// A node as it is set up: the organisation and some of the shipped plans, published into its log. Made once, then
// copied for every seed: reading twenty plans takes longer than a whole course.
#pragma once
#include <filesystem>
#include <map>

#include "core/roster/directory.h"
#include "ports/event_log.h"
#include "runtime/engine.h"
#include "runtime/node_identity.h"
#include "store/memory/memory_key_store.h"

namespace tingan::sim {

// Immutable once made.
struct NodeImage {
  std::vector<Batch> batches;
  std::map<std::string, std::optional<SealKey>> keys;
  std::vector<PlanPtr> plans;           // as published, version 1
  std::vector<std::string> plan_texts;  // same order
  DirectoryPtr directory;
  std::vector<std::string> secrets;  // personal data that must never be readable in the log
  std::uint64_t last_gseq = 0;
  FoldedRegistry folded;  // what all of it folds to: most starts need not read the plans again
  Instant made{};
};

// One image for each group of plans that belong together; between them they hold every plan of the folder. Errors: what
// cannot be read or published.
Expected<std::vector<NodeImage>> make_images(const std::filesystem::path& plans, const std::filesystem::path& org);

// An image without plans: halls that take orders.
Expected<NodeImage> make_orders_image(const std::filesystem::path& org);

// The node's identity is the same in every course: its signatures are checked, not its key.
std::unique_ptr<NodeIdentity> simulated_identity();

}  // namespace tingan::sim
