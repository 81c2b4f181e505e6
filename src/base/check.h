// CHECK: for what must never happen, on in every build. It ends the process and says where; operation errors are
// Expected.
#pragma once

namespace tingan {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace tingan

#define CHECK(condition) \
  (static_cast<bool>(condition) ? static_cast<void>(0) : ::tingan::check_failed(#condition, __FILE__, __LINE__))
