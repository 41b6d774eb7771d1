// SPDX-License-Identifier: Apache-2.0
#include "statistics/maximum_entropy.hpp"

#include <gtest/gtest.h>

#include "core/random.hpp"

namespace coley::statistics {
namespace {

TEST(MaximumEntropy, OfOneShareIsPostStratification) {
  Eigen::MatrixXd poor(10, 1);
  poor << 1, 1, 0, 0, 0, 0, 0, 0, 0, 0;
  const PrevalenceWeights w = maximum_entropy_weights(poor, Eigen::VectorXd::Constant(1, 0.5));
  EXPECT_EQ(w.not_reached, "");
  EXPECT_NEAR(w.weights[0], 2.5, 1e-6);   // 0.5 / 0.2
  EXPECT_NEAR(w.weights[5], 0.625, 1e-6); // 0.5 / 0.8
  EXPECT_NEAR(w.effective_sample_size, 100 / (2 * 6.25 + 8 * 0.390625), 1e-4);
}

TEST(MaximumEntropy, MeetsSeveralMeansAtOnce) {
  Stream draws({3, 0}, 0, 0);
  Eigen::MatrixXd x(2000, 3);
  for (int i = 0; i < 2000; ++i) x.row(i) << draws.normal(), 50 + 10 * draws.normal(), draws.uniform() < 0.3 ? 1.0 : 0.0;
  const Eigen::Vector3d wanted(0.4, 55, 0.5);
  const PrevalenceWeights w = maximum_entropy_weights(x, wanted);
  EXPECT_EQ(w.not_reached, "");
  const Eigen::VectorXd means = x.transpose() * w.weights / w.weights.sum();
  for (int k = 0; k < 3; ++k) EXPECT_NEAR(means[k], wanted[k], 1e-5);
  EXPECT_GT(w.weights.minCoeff(), 0);
  EXPECT_NEAR(w.weights.sum(), 2000, 1e-6);
  EXPECT_LT(w.effective_sample_size, 2000);
  EXPECT_GT(w.effective_sample_size, 500);
}

TEST(MaximumEntropy, SaysWhatCannotBeHad) {
  Eigen::MatrixXd age(3, 1);
  age << 50, 60, 70;
  EXPECT_NE(maximum_entropy_weights(age, Eigen::VectorXd::Constant(1, 80)).not_reached, "");
  Eigen::MatrixXd both(4, 2);  // the second is the first turned round: their means sum to one
  both << 1, 0, 1, 0, 0, 1, 0, 1;
  EXPECT_NE(maximum_entropy_weights(both, Eigen::Vector2d(0.7, 0.7)).not_reached, "");
}

}  // namespace
}  // namespace coley::statistics
