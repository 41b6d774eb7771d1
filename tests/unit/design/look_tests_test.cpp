// SPDX-License-Identifier: Apache-2.0
// MaxCombo as designs use it, one-sided and to five digits, is the library's, with three weights and with four.

#include "design/look_tests.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "statistics/max_combo.hpp"

namespace coley::design {
namespace {

TEST(LookTests, MaxComboIsTheLibrarysWithThreeWeightsAndWithFour) {
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  std::vector<int> group;
  for (std::uint64_t i = 0; i < 120; ++i) {
    Stream stream({7, 0}, i, 1);
    const int treated = static_cast<int>(i % 2);
    double days = 100 * stream.exponential();
    if (treated != 0 && days > 60) days = 60 + 2.5 * (days - 60);  // late separation
    time.push_back(std::min(days, 400.0));
    event.push_back(days < 400 ? 1 : 0);
    group.push_back(treated);
  }
  const statistics::SortedRows rows({time, event, {}, {}, group, {}, 2});
  std::vector<statistics::LogRankWeight> weights = combined_weights();
  for (int extra = 0; extra < 2; ++extra) {
    const double p = statistics::max_combo(rows, weights).p_one_sided;
    EXPECT_LT(p, 0.1);
    EXPECT_NEAR(statistics::max_combo_p(rows, weights, 1e-5) / p, 1, 1e-4);
    weights.push_back(statistics::LogRankWeight::fh(1, 1));
  }
}

TEST(LookTests, NamesAFourthWeight) { EXPECT_EQ(name_of({.kind = TestKind::max_combo, .rho = 1, .gamma = 1}), "MaxCombo with (1, 1)"); }

}  // namespace
}  // namespace coley::design
