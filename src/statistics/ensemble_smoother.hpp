// SPDX-License-Identifier: Apache-2.0
#pragma once
// A sample of what fits: the iterative ensemble smoother (randomised maximum likelihood with sensitivities from regression
// over the ensemble; Chen and Oliver 2013, Evensen 2019). Parameters have independent standard normal priors; misfits are in
// standard errors. Each member answers to its own draw of prior and data, so that for a linear model the members are
// exactly a sample of the posterior, and for any model the spread is that of what prior and data leave open.

#include <Eigen/Dense>
#include <optional>

#include "core/random.hpp"

namespace coley::statistics {

/// Sensitivities of misfits to parameters: ridge regression of R (rows: misfits, columns: simulations) on Z (rows: parameters).
/// `weights` (one a simulation, >= 0) count simulations unequally. `ridge` in units of prior variances a simulation.
Eigen::MatrixXd sensitivities(const Eigen::MatrixXd& Z, const Eigen::MatrixXd& R, const Eigen::VectorXd& weights, double ridge);

class EnsembleSmoother {
 public:
  /// `members` columns; each draws its prior point and the noise of its data from `draws`. The start is the prior draw, or,
  /// with a centre, the centre with `spread` times the draw.
  EnsembleSmoother(int parameters, int misfits, int members, Stream& draws, const std::optional<Eigen::VectorXd>& centre = {}, double spread = 1);

  const Eigen::MatrixXd& members() const { return z_; }

  /// One step. `misfits` are those of the members now (simulated minus published, in standard errors, a column each); `H` the
  /// sensitivities; `step` in (0, 1] of the way to the minimum of each member's own objective.
  void update(const Eigen::MatrixXd& misfits, const Eigen::MatrixXd& H, double step);

  /// What the update makes small for a member: |z - z_prior|^2 + |misfit - noise|^2.
  double objective(const Eigen::VectorXd& misfit, int member) const;

 private:
  Eigen::MatrixXd prior_, noise_, z_;
};

}  // namespace coley::statistics
