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

constexpr Duration kAuthorityLife = std::chrono::hours{24 * 730};  // two years
constexpr Duration kLeafLife = std::chrono::hours{24 * 397};       // what phones accept at most

// Where the authority's key is kept: whoever gets it could speak to the phones that trust it in the node's name. So it
// lies on the node only under a passphrase, or in a file that the operator takes away.
struct AuthorityKey {
  std::filesystem::path file;  // empty: ca.key of the folder
  std::string passphrase;      // may be empty only where `file` is named
};

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

// A new authority (ECDSA P-256, two years from `now`) and the node's certificate under it (397 days). By its name
// constraints (RFC 5280 section 4.2.1.10) the authority can vouch for these names and addresses and for no other, so
// that a phone that trusts it risks nothing else. Key files are the owner's alone. Errors: `tls.exists` (an authority
// that phones trust is never replaced), `tls.wrong-name`, `tls.no-name`, `tls.locked` (no passphrase), `tls.failed`,
// `file.*`.
Expected<AuthorityInfo> make_authority(const TlsFolder& folder, const TlsNames& names, const AuthorityKey& key,
                                       Instant now);
// A fresh certificate and key for the node under the authority that is there, at most until that one ends; the names
// that it had where `names` has none. Errors: `tls.none`, `tls.wrong-name` (also one that the authority may not vouch
// for), `tls.locked` (passphrase missing or wrong), `tls.ended`, `tls.failed`, `file.*`.
Expected<LeafInfo> renew_certificate(const TlsFolder& folder, const TlsNames& names, const AuthorityKey& key,
                                     Instant now);
// Errors: `tls.none`, `tls.failed`.
Expected<AuthorityInfo> read_authority(const TlsFolder& folder);
Expected<LeafInfo> read_certificate(const TlsFolder& folder);

}  // namespace tingan
