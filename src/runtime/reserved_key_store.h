// A key store that draws on the reserve when the disk is full: an incident that is declared then needs its key. What is
// not urgent has been refused before it asks for one (api/), so whoever comes here then is.
#pragma once
#include "ports/disk_room.h"
#include "ports/key_store.h"

namespace tingan {

class ReservedKeyStore final : public KeyStore {
 public:
  // Both must outlive it.
  ReservedKeyStore(KeyStore& inner, DiskRoom& room) : inner_(inner), room_(room) {}

  Expected<SealKey> get_or_create(const std::string& name) override {
    return insist([&] { return inner_.get_or_create(name); });
  }
  Expected<void> make_all(const std::vector<std::string>& names) override { return inner_.make_all(names); }
  Expected<std::optional<SealKey>> get(const std::string& name) override { return inner_.get(name); }
  Expected<void> destroy(const std::string& name) override { return inner_.destroy(name); }

 private:
  template <class Try>
  auto insist(const Try& attempt) -> decltype(attempt()) {
    for (;;) {
      auto result = attempt();
      const bool full = !result && result.error().code == "store.full";
      if (!full || !room_.give_up_some(Urgency::people)) return result;
    }
  }

  KeyStore& inner_;
  DiskRoom& room_;
};

}  // namespace tingan
