#include "codec/plan_yaml.h"

#include <openssl/sha.h>

#include "codec/plan_reader.h"

namespace tingan {
namespace {

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  // The library wants bytes; a char is one.
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string out;
  for (const unsigned char byte : digest) out += fmt::format("{:02x}", byte);
  return out;
}

}  // namespace

tl::expected<PlanPtr, std::vector<Error>> parse_plan(std::string_view yaml, const std::string& file, int version) {
  Problems problems("plan", file);
  YamlNode root;
  auto plan = std::make_shared<Plan>();
  if (read_yaml_tree(yaml, problems, root)) {
    plan->file = file;
    plan->version = version;
    PlanReader(problems, *plan).read(root);
  }
  if (!problems.empty()) return tl::unexpected(problems.take());
  plan->hash = sha256_hex(yaml);
  return PlanPtr(std::move(plan));
}

}  // namespace tingan
