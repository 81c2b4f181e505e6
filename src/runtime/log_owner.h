// Whether the files of a data folder belong together: the log was signed by this node, and the keys are as new as the
// log. For the start of a node; reads the end of the log only.
#pragma once
#include <functional>

#include "ports/event_log.h"

namespace tingan {

// The newest batch was signed by this key. Error `identity.other-node`: node.key and log.db are of two nodes.
Expected<void> check_signer(EventLog& log, const std::string& public_key);
// Every envelope in the last `records` records has its key, or the key's tombstone. Error `seal.keys-older`: keys.db
// comes from an older backup than log.db.
Expected<void> check_keys_reach(EventLog& log, const std::function<Expected<bool>(const std::string&)>& knows,
                                std::size_t records = 500);

}  // namespace tingan
