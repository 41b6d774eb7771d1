// SPDX-License-Identifier: Apache-2.0
#pragma once
// What fits, where a simulation takes seconds: misfits of the simulated sets are emulated by a line about the sets of interest,
// and the posterior under that line is a normal distribution. How far the line errs, measured on sets it did not see, counts
// as error of the misfits, so that a posterior is as wide as its emulator is poor. Parameters have independent standard normal
// priors; misfits are in standard errors. Source of the idea: Kennedy and O'Hagan 2001 (code uncertainty beside error of data).

#include <Eigen/Dense>

#include "core/random.hpp"

namespace coley::statistics {

/// misfit(z) = middle_misfit + H (z - middle), with an error of its own for each misfit.
struct LinearEmulator {
  Eigen::VectorXd middle, middle_misfit;
  Eigen::MatrixXd H;         ///< sensitivities: a row a misfit, a column a parameter
  Eigen::VectorXd variance;  ///< mean square of what the line, fitted without a simulation, errs there

  Eigen::VectorXd operator()(const Eigen::VectorXd& z) const { return middle_misfit + H * (z - middle); }
};

/// Ridge regression of R (rows: misfits, columns: simulations) on Z (rows: parameters). `weights` (one a simulation, >= 0)
/// count simulations unequally. `ridge` in units of prior variances a simulation.
LinearEmulator emulate(const Eigen::MatrixXd& Z, const Eigen::MatrixXd& R, const Eigen::VectorXd& weights, double ridge);

/// A normal distribution of parameters.
struct NormalPosterior {
  Eigen::VectorXd mean;
  Eigen::MatrixXd root;  ///< lower triangular; root times its transpose is the covariance

  Eigen::VectorXd draw(Stream& draws) const;
};

/// Prior times likelihood of misfits of zero, each counted `weights` times (>= 0), with variance one and the emulator's own.
NormalPosterior posterior(const LinearEmulator& emulator, const Eigen::VectorXd& weights);

}  // namespace coley::statistics
