// Secrets by the names that the operator gave them: `serve --secret NAME=FILE`, `--secrets DIR`. Files are read when a
// secret is asked for, so that a rotated one counts at the next sender. Immutable, any thread.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/organisation.h"

namespace tingan {

class Secrets {
 public:
  Secrets() = default;
  // `named`: "NAME=FILE" each; `folder`: each plain file in it is a secret under its own name. Errors `serve.wrong-use`
  // for a malformed or doubled name, a folder that is none.
  static Expected<Secrets> read(const std::vector<std::string>& named, const std::filesystem::path& folder);

  // The file of that name. Error `channel.no-secret`: nobody gave one.
  Expected<std::filesystem::path> file(const std::string& name) const;
  // What the reference names, without the line end at the close; empty where it names nothing. Error
  // `channel.no-secret`.
  Expected<std::string> find(const SecretRef& reference) const;

 private:
  std::map<std::string, std::filesystem::path> files_;
  std::filesystem::path folder_;
};

}  // namespace tingan
