// SPDX-License-Identifier: Apache-2.0
#include "statistics/parametric_likelihood.hpp"

#include <cmath>

namespace coley::statistics {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

Jet subject_loglik(Law law, Cure cure, double lower, double upper, double entry, const NaturalParameters& p) {
  Jet sum;
  if (lower == upper) {
    sum = log_density(law, cure, lower, p);
  } else {
    const bool from_start = on_whole_line(law) ? std::isinf(lower) : lower <= 0;
    const Jet at_lower = from_start ? Jet(0.0) : log_survival(law, cure, lower, p);
    sum = std::isinf(upper) ? at_lower : at_lower + log1m_exp(log_survival(law, cure, upper, p) - at_lower);
  }
  return entry > 0 ? sum - log_survival(law, cure, entry, p) : sum;
}

namespace {

/// Weighted value, slopes and curvatures of each subject by its natural parameters, and where the model's parameters of
/// each kind begin.
struct BySubject {
  double value = 0;
  MatrixXd slopes, curvatures;
  std::array<Index, Jet::variables> first{};
  Index parameters = 0;
};

BySubject by_subject(Law law, Cure cure, const CensoredTimes& times, const Designs& designs, const VectorXd& parameters, const WeightsAndOffsets& given) {
  const Index n = static_cast<Index>(times.lower.size());
  BySubject result{0, MatrixXd(n, Index{Jet::variables}), MatrixXd(n, Index{std::tuple_size_v<decltype(Jet::curvature)>})};
  std::array<VectorXd, Jet::variables> natural;
  for (std::size_t k = 0; k < Jet::variables; ++k) {
    result.first[k] = result.parameters;
    natural[k] = designs[k] * parameters.segment(result.parameters, designs[k].cols());
    result.parameters += designs[k].cols();
  }
  if (given.offset.size() > 0) natural[0] += given.offset;
  if (designs[1].cols() == 0) natural[1].setConstant(given.log_scale);
  for (Index i = 0; i < n; ++i) {
    const auto row = static_cast<std::size_t>(i);
    const Jet one = subject_loglik(law, cure, times.lower[row], times.upper[row], times.entry.empty() ? 0 : times.entry[row],
                                   {Jet::variable(natural[0][i], 0), Jet::variable(natural[1][i], 1),
                                    Jet::variable(natural[2][i], 2), Jet::variable(natural[3][i], 3)});
    const double weight = given.weight.size() > 0 ? given.weight[i] : 1;
    result.value += weight * one.value;
    for (std::size_t k = 0; k < one.slope.size(); ++k) result.slopes(i, static_cast<Index>(k)) = weight * one.slope[k];
    for (std::size_t k = 0; k < one.curvature.size(); ++k) result.curvatures(i, static_cast<Index>(k)) = weight * one.curvature[k];
  }
  return result;
}

}  // namespace

MatrixXd parametric_scores(Law law, Cure cure, const CensoredTimes& times, const Designs& designs, const VectorXd& parameters, const WeightsAndOffsets& given) {
  const BySubject subjects = by_subject(law, cure, times, designs, parameters, given);
  MatrixXd scores(subjects.slopes.rows(), subjects.parameters);
  for (std::size_t k = 0; k < Jet::variables; ++k)
    if (designs[k].cols() > 0) scores.middleCols(subjects.first[k], designs[k].cols()) = subjects.slopes.col(static_cast<Index>(k)).asDiagonal() * designs[k];
  return scores;
}

Likelihood parametric_loglik(Law law, Cure cure, const CensoredTimes& times, const Designs& designs, const VectorXd& parameters, const WeightsAndOffsets& given) {
  const auto [value, slopes, curvatures, first, used] = by_subject(law, cure, times, designs, parameters, given);
  Likelihood sum{value, VectorXd::Zero(used), MatrixXd::Zero(used, used)};
  for (std::size_t k = 0; k < Jet::variables; ++k) {
    const Index rows = designs[k].cols();
    if (rows == 0) continue;
    sum.score.segment(first[k], rows) = designs[k].transpose() * slopes.col(static_cast<Index>(k));
    for (std::size_t l = k; l < Jet::variables; ++l) {
      const Index columns = designs[l].cols();
      if (columns == 0) continue;
      const auto weight = curvatures.col(static_cast<Index>(Jet::pair(k, l)));
      const MatrixXd block = designs[k].transpose() * (weight.asDiagonal() * designs[l]);
      sum.information.block(first[k], first[l], rows, columns) = -block;
      sum.information.block(first[l], first[k], columns, rows) = -block.transpose();
    }
  }
  return sum;
}

}  // namespace coley::statistics
