// SPDX-License-Identifier: Apache-2.0
// For a linear model the posterior is known: the members are a sample of it after one whole step, wherever they began.

#include "statistics/ensemble_smoother.hpp"

#include <gtest/gtest.h>

namespace coley::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

class LinearModel : public ::testing::Test {
 protected:
  const MatrixXd H_ = (MatrixXd(3, 2) << 2, 0, 1, 1, 0, 0.5).finished();
  const VectorXd data_ = VectorXd::LinSpaced(3, 1, 3);  // published, in standard errors

  MatrixXd misfits(const MatrixXd& z) const { return (H_ * z).colwise() - data_; }
};

TEST_F(LinearModel, MembersAreASampleOfThePosterior) {
  constexpr int kMembers = 4000;
  Stream draws({11, 0}, 0, 0);
  EnsembleSmoother smoother(2, 3, kMembers, draws, VectorXd::Constant(2, 1.5), 0.3);
  const MatrixXd H = sensitivities(smoother.members(), misfits(smoother.members()), VectorXd::Ones(kMembers), 0);
  EXPECT_LT((H - H_).cwiseAbs().maxCoeff(), 1e-9);
  smoother.update(misfits(smoother.members()), H, 1);

  const MatrixXd covariance = (H_.transpose() * H_ + MatrixXd::Identity(2, 2)).inverse();
  const VectorXd mean = covariance * H_.transpose() * data_;
  const VectorXd found = smoother.members().rowwise().mean();
  const MatrixXd spread = (smoother.members().colwise() - found) * (smoother.members().colwise() - found).transpose() / (kMembers - 1);
  for (int k = 0; k < 2; ++k) {
    EXPECT_NEAR(found[k], mean[k], 5 * std::sqrt(covariance(k, k) / kMembers));
    EXPECT_NEAR(spread(k, k), covariance(k, k), 5 * covariance(k, k) * std::sqrt(2.0 / kMembers));
  }
  EXPECT_NEAR(spread(0, 1), covariance(0, 1), 5 * covariance.diagonal().maxCoeff() * std::sqrt(2.0 / kMembers));
}

TEST_F(LinearModel, AStepLowersEveryMembersObjective) {
  Stream draws({12, 0}, 0, 0);
  EnsembleSmoother smoother(2, 3, 50, draws);
  const MatrixXd before = misfits(smoother.members());
  std::vector<double> objectives;
  for (int m = 0; m < 50; ++m) objectives.push_back(smoother.objective(before.col(m), m));
  smoother.update(before, H_, 0.5);
  const MatrixXd after = misfits(smoother.members());
  for (int m = 0; m < 50; ++m) EXPECT_LT(smoother.objective(after.col(m), m), objectives[static_cast<std::size_t>(m)]);
}

TEST(Sensitivities, FarPointsCountLess) {
  MatrixXd z(1, 5), r(1, 5);
  z << -1, 0, 1, 10, 11;
  r << -1, 0, 1, 0, 0;  // slope 1 near zero, nothing like it far away
  VectorXd near(5);
  near << 1, 1, 1, 0, 0;
  EXPECT_NEAR(sensitivities(z, r, near, 0)(0, 0), 1, 1e-12);
  EXPECT_LT(sensitivities(z, r, VectorXd::Ones(5), 0)(0, 0), 0.2);
}

}  // namespace
}  // namespace coley::statistics
