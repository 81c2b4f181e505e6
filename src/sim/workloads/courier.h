// The clients and the network between them and the node: requests are lost, overtaken, doubled, answered into the void;
// who gets no answer asks again with the same key until there is one.
#pragma once
#include <memory>
#include <set>

#include "sim/agenda.h"
#include "sim/faults.h"
#include "sim/workloads/request.h"

namespace tingan::sim {

class Courier {
 public:
  // `at_node` takes a request in, or says that nobody listens. All must outlive it.
  Courier(Agenda& agenda, const Faults& faults, SeededRandom random,
          std::function<bool(std::shared_ptr<const Request>)> at_node)
      : agenda_(agenda), faults_(faults), random_(random), at_node_(std::move(at_node)) {}

  void send(Request request);
  // The node's answer to one arrival. True: the client hears it now.
  bool answer(const std::shared_ptr<const Request>& request, const Outcome& outcome);
  // The node went down with the request.
  void no_answer(const std::shared_ptr<const Request>& request) { again(request); }
  // Requests that still wait for an answer.
  std::size_t waiting() const { return waiting_.size(); }

 private:
  void dispatch(const std::shared_ptr<const Request>& request);
  void again(const std::shared_ptr<const Request>& request);
  void arrive(const std::shared_ptr<const Request>& request);

  Agenda& agenda_;
  const Faults& faults_;
  SeededRandom random_;
  std::function<bool(std::shared_ptr<const Request>)> at_node_;
  std::set<std::string> waiting_;
  std::set<std::string> asking_again_;
};

}  // namespace tingan::sim
