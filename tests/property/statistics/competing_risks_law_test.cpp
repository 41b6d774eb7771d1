// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "statistics/competing_risks.hpp"
#include "statistics/fine_gray.hpp"
#include "statistics/gray_test.hpp"

namespace coley::statistics {
namespace {

struct Subjects {
  std::vector<double> time;
  std::vector<int> cause;
  std::vector<double> x;
  CompetingTimes view() const { return {.time = time, .cause = cause, .entry = {}}; }
};

/// 10 to 80 subjects with many ties; causes 0..causes.
Subjects any_subjects(int causes) {
  const auto n = *rc::gen::inRange(10, 80);
  Subjects s;
  for (int i = 0; i < n; ++i) {
    s.time.push_back(*rc::gen::inRange(1, 25));
    s.cause.push_back(*rc::gen::inRange(0, causes + 1));
    s.x.push_back(*rc::gen::inRange(0, 7));
  }
  s.cause[0] = s.cause[5] = 1;  // so that every model has something to fit
  s.x[0] = 7;
  return s;
}

RC_GTEST_PROP(CompetingRisksLaw, StateZeroIsKaplanMeierWithGreenwood, ()) {
  const Subjects s = any_subjects(3);
  const CumulativeIncidence curve = aalen_johansen(s.view(), 3);
  double survival = 1, greenwood = 0;
  for (std::size_t row = 0; row < curve.time.size(); ++row) {
    const double events = curve.n_event[1][row] + curve.n_event[2][row] + curve.n_event[3][row], n = curve.n_risk[row];
    survival *= 1 - events / n;
    greenwood += events < n ? events / (n * (n - events)) : 0;
    double sum = 0;
    for (int state = 0; state <= 3; ++state) sum += curve.probability[state][row];
    RC_ASSERT(std::abs(sum - 1) < 1e-12);
    RC_ASSERT(std::abs(curve.probability[0][row] - survival) < 1e-12);
    RC_ASSERT(std::abs(curve.se[0][row] - survival * std::sqrt(greenwood)) < 1e-7);
  }
}

RC_GTEST_PROP(CompetingRisksLaw, LateEntryBeforeTheFirstTimeChangesNothing, ()) {
  const Subjects s = any_subjects(2);
  std::vector<double> entry;
  for (std::size_t i = 0; i < s.time.size(); ++i) entry.push_back(0.1 * *rc::gen::inRange(0, 9));
  const CumulativeIncidence plain = aalen_johansen(s.view(), 2), late = aalen_johansen({s.time, s.cause, entry}, 2);
  RC_ASSERT(plain.probability == late.probability);
  for (std::size_t row = 0; row < plain.time.size(); ++row) RC_ASSERT(std::abs(plain.se[1][row] - late.se[1][row]) < 1e-7);
}

RC_GTEST_PROP(CompetingRisksLaw, GrayDoesNotMindTheOrderOfGroups, ()) {
  const Subjects s = any_subjects(2);
  std::vector<int> group, turned;
  for (std::size_t i = 0; i < s.time.size(); ++i) {
    group.push_back(*rc::gen::inRange(0, 3));
    turned.push_back((group.back() + 1) % 3);
  }
  const auto one = gray_test(s.view(), group, 3, 1), other = gray_test(s.view(), turned, 3, 1);
  if (one && other) RC_ASSERT(std::abs(one->chi_square - other->chi_square) < 1e-6 * (1 + one->chi_square));
}

/// The score and information of Fine and Gray written out subject by subject and time by time.
struct PlainFineGray {
  double score = 0, loglik = 0;
  PlainFineGray(const Subjects& s, double beta) {
    const std::size_t n = s.time.size();
    const auto censoring = [&](double t) {
      double g = 1;
      for (double u = 1; u < t; ++u) {
        double risk = 0, censored = 0;
        for (std::size_t i = 0; i < n; ++i) {
          risk += s.time[i] >= u;
          censored += s.time[i] == u && s.cause[i] == 0;
        }
        if (risk > 0) g *= 1 - censored / risk;
      }
      return g;
    };
    for (std::size_t d = 0; d < n; ++d) {
      if (s.cause[d] != 1) continue;
      double s0 = 0, s1 = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double weight = s.time[i] >= s.time[d] ? 1 : s.cause[i] == 2 ? censoring(s.time[d]) / censoring(s.time[i]) : 0;
        s0 += weight * std::exp(beta * s.x[i]);
        s1 += weight * std::exp(beta * s.x[i]) * s.x[i];
      }
      score += s.x[d] - s1 / s0;
      loglik += beta * s.x[d] - std::log(s0);
    }
  }
};

RC_GTEST_PROP(CompetingRisksLaw, FineGrayRootsItsPlainScore, ()) {
  const Subjects s = any_subjects(2);
  const Eigen::MatrixXd x = Eigen::Map<const Eigen::VectorXd>(s.x.data(), static_cast<Eigen::Index>(s.x.size()));
  const FineGrayFit fit = fine_gray(s.view(), 1, x, {"x"});
  if (!fit.converged) {
    RC_ASSERT(!fit.problem.empty());
    return;
  }
  const PlainFineGray plain(s, fit.coef[0]);
  RC_ASSERT(std::abs(plain.score) < 1e-6);
  RC_ASSERT(std::abs(plain.loglik - fit.loglik) < 1e-8 * (1 + std::abs(fit.loglik)));
  RC_ASSERT(fit.variance(0, 0) >= 0);  // exactly 0 when ties cancel every contribution
}

RC_GTEST_PROP(CompetingRisksLaw, FineGrayFollowsTheUnitOfTheCovariate, ()) {
  const Subjects s = any_subjects(2);
  const Eigen::MatrixXd x = Eigen::Map<const Eigen::VectorXd>(s.x.data(), static_cast<Eigen::Index>(s.x.size()));
  const FineGrayFit plain = fine_gray(s.view(), 1, x, {"x"});
  const FineGrayFit moved = fine_gray(s.view(), 1, (1e8 + x.array()).matrix(), {"x"});
  if (!plain.converged) return;
  RC_ASSERT(std::abs(plain.coef[0] - moved.coef[0]) < 1e-6 * (1 + std::abs(plain.coef[0])));
  RC_ASSERT(std::abs(plain.variance(0, 0) - moved.variance(0, 0)) < 1e-5 * plain.variance(0, 0) + 1e-12);
}

}  // namespace
}  // namespace coley::statistics
