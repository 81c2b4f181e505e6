// One page for the wall of the break room: scan, install, compare the fingerprint.
#pragma once
#include <string>

#include "base/error.h"
#include "base/time.h"

namespace tingan {

struct TrustSheet {
  std::string address;      // "https://hall-a.lan/trust"
  std::string fingerprint;  // of the authority
  std::string title;        // of the authority, as phones list it
  Instant made{};
};

// PDF bytes. Errors: those of report/pdf, `report.qr-failed`.
Expected<std::string> trust_sheet(const TrustSheet& sheet);

}  // namespace tingan
