#include "app/promise_ledger.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace tingan {
namespace {

const Instant kNow = *parse_rfc3339("2026-11-24T10:00:00+08:00");

std::string key(Instant due, const char* channel) {
  return fmt::format("0192 {} 1 clerk@hall-a {}", to_millis(due), channel);
}

TEST(PromiseLedger, RemembersAcrossStartsWhatIsYoungAndPassesOverACutLine) {
  const auto file = std::filesystem::temp_directory_path() / fmt::format("ledger-{}", ::getpid());
  std::filesystem::remove(file);
  const std::string old = key(kNow - std::chrono::hours{72}, "mail");
  {
    PromiseLedgerFile ledger(file, kNow);
    EXPECT_FALSE(ledger.has(key(kNow, "mail")));
    ledger.add(key(kNow, "mail"));
    ledger.add(old);
    EXPECT_TRUE(ledger.has(key(kNow, "mail")));
  }
  std::ofstream(file, std::ios::app) << key(kNow, "cut");
  {
    const PromiseLedgerFile ledger(file, kNow);
    EXPECT_TRUE(ledger.has(key(kNow, "mail")));
    EXPECT_FALSE(ledger.has(key(kNow, "cut")));
    EXPECT_FALSE(ledger.has(old));
  }
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace tingan
