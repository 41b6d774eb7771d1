// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which inputs decide an output: Sobol' indices (estimators of Jansen 1999 in the design of Saltelli 2010 on a randomised
// Sobol' sequence), elementary effects (Morris 1991, mu* of Campolongo 2007), and partial rank correlation. Inputs are
// uniform on the unit cube; the caller maps them. Everything is exactly repeatable from the seed.

#include <Eigen/Dense>
#include <vector>

#include "core/random.hpp"

namespace coley::statistics {

/// `points` rows of the Sobol' sequence in `dimensions` columns, each column shifted modulo 1 by the seed; in (0, 1).
/// Throws std::invalid_argument for more than 1000 dimensions.
Eigen::MatrixXd quasi_random(int points, int dimensions, std::uint64_t seed);

/// An index with its 95 % bootstrap interval. Where the output does not vary, it is NaN.
struct SensitivityIndex {
  double estimate = 0, low = 0, high = 0;
};

struct SobolIndices {
  std::vector<SensitivityIndex> first;  ///< share of the variance that an input explains alone
  std::vector<SensitivityIndex> total;  ///< share that is left when all others are known
};

/// Points at which the output is wanted: n rows of A, n of B, then for each input n rows of A with that column from B.
Eigen::MatrixXd sobol_design(int n, int inputs, std::uint64_t seed);
/// `output` in the order of sobol_design.
SobolIndices sobol_indices(const Eigen::VectorXd& output, int inputs, Stream draws, int bootstraps = 500);

struct ElementaryEffect {
  SensitivityIndex mean_absolute;  ///< mu*: change of the output over the range of the input
  double mean = 0;                 ///< mu
  double sd = 0;                   ///< sigma: curvature and interaction
};

/// Rows of `trajectories` walks over a grid of four levels, (inputs + 1) rows each, every step moving one input by 2/3.
Eigen::MatrixXd morris_design(int trajectories, int inputs, Stream draws);
/// `design` and `output` row by row. The output is of one trajectory after the other.
std::vector<ElementaryEffect> morris_effects(const Eigen::MatrixXd& design, const Eigen::VectorXd& output, Stream draws, int bootstraps = 500);

struct PartialRankCorrelation {
  double estimate = 0, low = 0, high = 0, p = 1;  ///< 95 % interval by Fisher's z
};

/// Of each column of `inputs` with `output`, given the others. Needs more rows than columns + 3.
std::vector<PartialRankCorrelation> partial_rank_correlations(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& output);

}  // namespace coley::statistics
