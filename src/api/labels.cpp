#include "api/labels.h"

namespace tingan::api {

Text value_label(const Fact& fact, ValueId value) {
  for (std::size_t i = 0; i < fact.values.size() && i < fact.labels.size(); ++i) {
    if (fact.values[i] == value && !fact.labels[i].empty()) return fact.labels[i];
  }
  if (fact.boolean()) return value.str() == "true" ? Text{"是", "yes"} : Text{"否", "no"};
  return {value.str(), value.str()};
}

}  // namespace tingan::api
