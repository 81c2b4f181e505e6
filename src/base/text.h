// A text that people read, in both languages. Chinese is the first language, English the twin.
#pragma once
#include <string>

namespace tingan {

struct Text {
  std::string zh;
  std::string en;

  bool empty() const { return zh.empty() && en.empty(); }
  friend bool operator==(const Text&, const Text&) = default;
};

}  // namespace tingan
