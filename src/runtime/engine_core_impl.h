// Inside of EngineCore, shared by its source files only.
#pragma once
#include "runtime/batch.h"

namespace tingan {

struct EngineCore::Impl {
  explicit Impl(EnginePorts p) : ports(p) {}

  // Publishes to readers, then to listeners.
  void show(Commit commit);

  EnginePorts ports;
  World world;
  PublishedView view;
  std::vector<std::function<void(const Commit&)>> listeners;
  std::size_t since_snapshot = 0;
};

}  // namespace tingan
