// The back offices of a node, by the name of their connector. A connector without one is not known: its orders go to a
// person.
#pragma once
#include <map>
#include <memory>

#include "ports/back_office.h"

namespace tingan {

class BackOffices : public BackOffice {
 public:
  // Before the first request.
  void add(const std::string& connector, std::unique_ptr<BackOffice> office) {
    offices_[connector] = std::move(office);
  }

  bool knows(const std::string& connector) const override { return offices_.contains(connector); }
  bool can_ask(const std::string& connector) const override {
    const auto found = offices_.find(connector);
    return found != offices_.end() && found->second->can_ask(connector);
  }
  std::size_t at_once(const std::string& connector) const override {
    const auto found = offices_.find(connector);
    return found == offices_.end() ? BackOffice::at_once(connector) : found->second->at_once(connector);
  }
  void send(const OrderToEnter& order, Done done) override { pass(order, std::move(done), &BackOffice::send); }
  void ask(const OrderToEnter& order, Done done) override { pass(order, std::move(done), &BackOffice::ask); }
  bool forget(const std::string& key, const std::string& number) override {
    bool all = true;
    for (auto& [connector, office] : offices_) all = office->forget(key, number) && all;
    return all;
  }

 private:
  void pass(const OrderToEnter& order, Done done, void (BackOffice::*how)(const OrderToEnter&, Done)) {
    const auto found = offices_.find(order.connector);
    if (found == offices_.end()) return done({.outcome = EntryOutcome::unknown});
    (*found->second.*how)(order, std::move(done));
  }

  std::map<std::string, std::unique_ptr<BackOffice>> offices_;
};

}  // namespace tingan
