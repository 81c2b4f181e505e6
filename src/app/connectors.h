// From connectors.yaml to the back offices of a node.
#pragma once
#include <filesystem>

#include "app/secrets.h"
#include "ports/clock.h"
#include "runtime/replay/back_offices.h"

namespace tingan {

// `wall_clock` outlives them. Every mistake is logged; the first is returned: `file.unreadable`, `connectors.*`,
// `channel.no-secret`.
Expected<void> add_back_offices(BackOffices& offices, const std::filesystem::path& file, const Secrets& secrets,
                                Clock& wall_clock);
// The connector that the shipped business types name, so that entering afterwards can be tried at once. Errors
// `office.*`.
Expected<void> add_demo_office(BackOffices& offices, const std::filesystem::path& books, Clock& wall_clock);

}  // namespace tingan
