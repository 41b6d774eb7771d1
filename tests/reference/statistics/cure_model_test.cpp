// SPDX-License-Identifier: Apache-2.0
// Cure models with covariates in both parts on recurrence of colon cancer (survival::colon, etype 1, arms Obs and
// Lev+5FU), against R's optim on the same likelihoods written out there.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "statistics/parametric_survival.hpp"

namespace coley::statistics {
namespace {

struct Colon {
  std::vector<double> time, treated, nodes;
  std::vector<std::uint8_t> status;

  Colon() {
    std::ifstream in(std::string(COLEY_SOURCE_DIR) + "/tests/reference/pack/data/colon.csv");
    std::string line, cell;
    std::map<std::string, std::size_t> column;
    std::getline(in, line);
    for (std::istringstream header(line); std::getline(header, cell, ',');) column.emplace(cell, column.size());
    while (std::getline(in, line)) {
      std::vector<std::string> cells;
      for (std::istringstream row(line); std::getline(row, cell, ',');) cells.push_back(cell);
      if (cells[column["etype"]] != "1" || cells[column["rx"]] == "Lev") continue;
      time.push_back(std::stod(cells[column["time"]]));
      status.push_back(cells[column["status"]] == "1");
      treated.push_back(cells[column["rx"]] == "Obs" ? 0 : 1);
      nodes.push_back(std::stod(cells[column["node4"]]));
    }
  }

  CensoredTimes times() const { return right_censored(time, status); }
  ParametricModel model(Cure cure) const {
    ParametricModel both{.law = Law::weibull, .cure = cure, .covariates = {}, .names = {"node4"}, .weight = {}, .offset = {}, .scale_stratum = {}, .cure_covariates = {}, .cure_names = {"Lev+5FU"}};
    both.covariates = Eigen::Map<const Eigen::VectorXd>(nodes.data(), static_cast<Eigen::Index>(nodes.size()));
    both.cure_covariates = Eigen::Map<const Eigen::VectorXd>(treated.data(), static_cast<Eigen::Index>(treated.size()));
    return both;
  }
};

void expect_fit(const ParametricFit& fit, const std::vector<double>& estimate, const std::vector<double>& se, double loglik) {
  EXPECT_TRUE(fit.converged) << fit.problem;
  EXPECT_NEAR(fit.loglik, loglik, 1e-7);
  for (std::size_t i = 0; i < estimate.size(); ++i) {
    const auto k = static_cast<Eigen::Index>(i);
    EXPECT_NEAR(fit.estimate[k], estimate[i], 1e-6) << fit.names[i];
    EXPECT_NEAR(std::sqrt(fit.variance(k, k)), se[i], 1e-5) << fit.names[i];
  }
}

TEST(CureModel, MixtureWithCovariatesInBothPartsAgreesWithR) {
  const Colon colon;
  const ParametricFit fit = fit_parametric(colon.times(), colon.model(Cure::mixture));
  ASSERT_EQ(fit.names, (std::vector<std::string>{"(Intercept)", "node4", "Log(scale)", "cure (Intercept)", "cure Lev+5FU"}));
  expect_fit(fit, {6.639089140741, -0.480393203541, -0.138319965054, -0.343497617323, 0.713587929124},
             {0.0922863815039, 0.1303768693758, 0.0522789408027, 0.1228374208594, 0.1696755640517}, -2565.91422603);
  const Estimate observed = fit.cured_fraction(Eigen::VectorXd::Zero(1)), treated = fit.cured_fraction(Eigen::VectorXd::Ones(1));
  EXPECT_NEAR(observed.estimate, 1 / (1 + std::exp(0.343497617323)), 1e-6);
  EXPECT_NEAR(observed.low, 1 / (1 + std::exp(0.343497617323 + 1.959963984540054 * 0.1228374208594)), 1e-5);
  EXPECT_GT(treated.low, observed.estimate);
  // The curve levels off at the cured fraction, and no quantile beyond it is reached.
  EXPECT_NEAR(fit.survival(1e7, Eigen::VectorXd::Zero(1), Eigen::VectorXd::Zero(1)).estimate, observed.estimate, 1e-6);
  EXPECT_TRUE(std::isinf(fit.quantile(1 - observed.estimate + 0.01, Eigen::VectorXd::Zero(1), Eigen::VectorXd::Zero(1)).time));
}

TEST(CureModel, NonMixtureWithCovariatesInBothPartsAgreesWithR) {
  const Colon colon;
  expect_fit(fit_parametric(colon.times(), colon.model(Cure::non_mixture)),
             {6.855712582124, -0.516269498007, -0.204061038017, -0.373005921629, 0.719615878924},
             {0.1108682031534, 0.1389142447160, 0.0530218640947, 0.1234560896030, 0.1648175942365}, -2562.40908613);
}

TEST(CureModel, LogNormalMixtureAgreesWithR) {
  const Colon colon;
  ParametricModel model;
  model.law = Law::log_normal;
  model.cure = Cure::mixture;
  expect_fit(fit_parametric(colon.times(), model), {6.0933524477825, 0.0848214323688, -0.0761941867946},
             {0.0811294459366, 0.0576602413935, 0.0954605175625}, -2575.65070979);
}

}  // namespace
}  // namespace coley::statistics
