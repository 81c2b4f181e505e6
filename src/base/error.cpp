#include "base/error.h"

namespace tingan {

std::string to_string(const Error& error) {
  const std::string place = error.where.empty() ? "" : error.where + ": ";
  return fmt::format("{}{} / {} [{}]", place, error.message.zh, error.message.en, error.code);
}

}  // namespace tingan
