#include "runtime/sign_batch.h"

#include <map>

#include "codec/heads_json.h"

namespace tingan {

void sign_batch(Batch& batch, Signer& signer) {
  batch.signed_heads.clear();
  batch.signature.clear();
  if (batch.records.empty()) return;
  std::map<UnitId, HeadMark> moved;
  for (const StoredRecord& record : batch.records) moved[record.unit] = {record.unit, record.seq, record.hash};
  SignedHeads heads{batch.records.front().gseq, batch.records.back().gseq, {}};
  for (const auto& [unit, head] : moved) heads.heads.push_back(head);
  batch.signed_heads = encode_signed_heads(std::move(heads));
  batch.signature = signer.sign(batch.signed_heads);
}

}  // namespace tingan
