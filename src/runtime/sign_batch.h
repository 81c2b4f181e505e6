// A batch is signed once, over all heads that it moved: one signature a commit, however many units.
#pragma once
#include "ports/event_log.h"
#include "ports/signer.h"

namespace tingan {

// Fills signed_heads and signature from the batch's records; leaves both empty where there are none.
void sign_batch(Batch& batch, Signer& signer);

}  // namespace tingan
