#include "codec/plan_yaml.h"

#include "codec/plan_reader.h"
#include "codec/record_json.h"

namespace tingan {
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
  plan->hash = to_hex(sha256(yaml));
  return PlanPtr(std::move(plan));
}

}  // namespace tingan
