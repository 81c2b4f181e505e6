// One running node: store, engine, interface and server wired together. What `tingan serve` starts, and black-box tests
// inside the process, too.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/secrets.h"
#include "base/error.h"
#include "channels/support/reach.h"
#include "net/server.h"

namespace tingan {

struct NodeOptions {
  std::filesystem::path data;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;       // 0: a free one
  std::filesystem::path share;     // the data root: plans/, forms/, docs/clauses.yaml, org/
  std::filesystem::path plans;     // empty: share/plans
  std::filesystem::path business;  // folder of business types; empty: share/forms
  // How orders are entered afterwards (connectors.yaml). Empty: by hand; in a demo into a back office of its own.
  std::filesystem::path connectors;
  std::filesystem::path organisation;  // empty: what the log has; in a demo share/org/demo.yaml
  std::filesystem::path web;           // the built console; empty: the plain first page
  std::optional<net::TlsFiles> tls;
  std::optional<std::string> passphrase;  // of the master key
  bool behind_proxy = false;              // TLS ends in front of the node: cookies are secure, every peer is the proxy
  Secrets secrets;                        // of channels and connectors
  channels::Reach reach;                  // what channels may connect to
  std::filesystem::path alarm_tokens;     // one token a line, for machines that raise alarms; empty: none
  // One token a line, for those who read /metrics; empty: the file metrics-token of the data folder, where there is
  // one.
  std::filesystem::path metrics_tokens;
  bool accept_clock = false;  // somebody has looked at the clock: however far ahead it is, it is right
  // Bytes of photos and voice notes in 24 hours; 0: no limit.
  std::uint64_t person_evidence_max = std::uint64_t{512} << 20U;
  std::uint64_t unit_evidence_max = std::uint64_t{4096} << 20U;
  bool demo = false;
  double time_scale = 1.0;
  unsigned threads = 2;  // of the server
};

class Node {
 public:
  // Recovers, publishes what ships, listens. Errors: those of the store (`store.damaged` says what to do), of the
  // organisation and plans, `data.*` and `identity.*` where files are lost or mixed up, `clock.ahead`, `net.listen`,
  // `net.tls`.
  static Expected<std::unique_ptr<Node>> start(NodeOptions options);
  ~Node();  // stop()
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  std::string address() const;  // "http://127.0.0.1:8080"
  // Waits until the engine must stop by itself (an I/O error) or `end` is called from a signal's thread. True: by
  // itself.
  bool wait();
  void end();  // any thread
  // Reads certificate and key again. Error `net.tls`: the old ones stay.
  Expected<void> reload_tls();
  // Answers what is queued, writes a snapshot, closes the store. A second call does nothing.
  void stop();

 private:
  struct Impl;
  explicit Node(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tingan
