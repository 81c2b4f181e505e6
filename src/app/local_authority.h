// A hall node has no public name, and a phone's page works without a network only over a secure origin: so a node can
// be its own certificate authority. Phones are led through trusting it once (/trust, `tingan tls sheet`).
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace tingan {

struct TlsFolder {
  std::filesystem::path path;  // <data>/tls

  std::filesystem::path authority_key() const { return path / "ca.key"; }
  std::filesystem::path authority_certificate() const { return path / "ca.crt"; }
  std::filesystem::path key() const { return path / "node.key"; }
  std::filesystem::path certificate() const { return path / "node.crt"; }  // with the authority's behind it
};

// What the node is reached by: DNS names and IP addresses, both in the certificate's SAN.
struct TlsNames {
  std::vector<std::string> names;
  std::vector<std::string> addresses;
};

constexpr Duration kAuthorityLife = std::chrono::hours{24 * 3653};  // ten years
constexpr Duration kLeafLife = std::chrono::hours{24 * 397};        // what phones accept at most

struct AuthorityInfo {
  std::string der;  // the authority's certificate
  std::string pem;
  std::string fingerprint;  // SHA-256, "AB:CD:..."
  std::string title;        // its common name
  Instant ends{};
};

struct LeafInfo {
  TlsNames names;
  Instant ends{};
};

// A new authority (ECDSA P-256, valid ten years from `now`) and the node's certificate under it (397 days). The keys
// are the owner's alone. Errors: `tls.exists` (an authority that phones trust is never replaced), `tls.wrong-name`,
// `tls.no-name`, `tls.failed`, `file.*`.
Expected<AuthorityInfo> make_authority(const TlsFolder& folder, const TlsNames& names, Instant now);
// A fresh certificate and key for the node under the authority that is there; the names that it had where `names` has
// none. Errors: `tls.none`, `tls.wrong-name`, `tls.failed`, `file.*`.
Expected<LeafInfo> renew_certificate(const TlsFolder& folder, const TlsNames& names, Instant now);
// Errors: `tls.none`, `tls.failed`.
Expected<AuthorityInfo> read_authority(const TlsFolder& folder);
Expected<LeafInfo> read_certificate(const TlsFolder& folder);

}  // namespace tingan
