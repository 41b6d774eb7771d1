// SPDX-License-Identifier: Apache-2.0
#include "statistics/cox_kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace coley::statistics {
namespace {

TEST(CoxKernels, ExponentialsOfEveryLengthAndSize) {
  for (const std::size_t n : {0, 1, 3, 4, 7, 12}) {
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i) values.push_back(std::pow(-1.7, static_cast<double>(i)));
    std::vector<double> got = values;
    exponentials(got.data(), n);
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(got[i] / std::exp(values[i]), 1, 4e-16) << values[i];
  }
  double far[] = {709, 1e300, -1e300};
  exponentials(far, 3);
  EXPECT_TRUE(std::isinf(far[0]) && std::isinf(far[1]));
  EXPECT_LT(far[2], 1e-300);
}

TEST(CoxKernels, MomentsAreSumsOverRows) {
  constexpr std::size_t n = 611, from = 5;
  std::vector<double> w(n), x(n + from), y(n + from);
  for (std::size_t i = 0; i < n + from; ++i) x[i] = std::sin(static_cast<double>(i)), y[i] = std::cos(3.0 * static_cast<double>(i));
  for (std::size_t i = 0; i < n; ++i) w[i] = 1.0 + static_cast<double>(i % 7);
  const double* columns[] = {x.data(), y.data()};
  double first[2 * kSumLanes] = {}, second[3 * kSumLanes] = {}, expected[5] = {};
  add_moments(w.data(), columns, 2, from, n, first, second);
  for (std::size_t i = 0; i < n; ++i) {
    const double a = x[from + i], b = y[from + i], terms[] = {a, b, a * a, b * a, b * b};
    for (int k = 0; k < 5; ++k) expected[k] += w[i] * terms[k];
  }
  const auto sum = [](const double* lanes) {
    double total = 0;
    for (std::size_t lane = 0; lane < kSumLanes; ++lane) total += lanes[lane];
    return total;
  };
  for (int k = 0; k < 5; ++k) EXPECT_NEAR(sum((k < 2 ? first : second - 2 * kSumLanes) + static_cast<std::size_t>(k) * kSumLanes), expected[k], 1e-10) << k;
}

}  // namespace
}  // namespace coley::statistics
