#include "report/qr_code.h"

#include <gtest/gtest.h>

namespace tingan::report {
namespace {

// What every QR code has: three finders at its corners.
bool finder_at(const QrRows& rows, std::size_t left, std::size_t top) {
  for (std::size_t y = 0; y < 7; ++y) {
    for (std::size_t x = 0; x < 7; ++x) {
      const std::size_t ring = std::min({x, y, 6 - x, 6 - y});
      if (rows[top + y][left + x] != (ring != 1)) return false;
    }
  }
  return true;
}

TEST(QrCode, HasItsFindersAndASizeOfTheStandard) {
  const auto rows = qr_code("https://hall-a.lan:8443/trust");
  ASSERT_TRUE(rows);
  const std::size_t width = rows->size();
  EXPECT_EQ(width % 4, 1U);
  for (const auto& row : *rows) EXPECT_EQ(row.size(), width);
  EXPECT_TRUE(finder_at(*rows, 0, 0));
  EXPECT_TRUE(finder_at(*rows, width - 7, 0));
  EXPECT_TRUE(finder_at(*rows, 0, width - 7));
}

TEST(QrCode, WhatDoesNotFitIsRefused) {
  const auto rows = qr_code(std::string(5000, 'x'));
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, "report.qr-failed");
}

}  // namespace
}  // namespace tingan::report
