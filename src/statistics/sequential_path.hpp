// SPDX-License-Identifier: Apache-2.0
#pragma once
// A test statistic followed from look to look: Z_k = S_k / sqrt(t_k), where the score S has independent increments
// N(drift * (t_k - t_{k-1}), t_k - t_{k-1}) and t is the information. The density of S over the paths that have not
// stopped is carried forward by numerical integration (Armitage, McPherson and Rowe 1969), with Gauss-Legendre panels
// narrow enough for the sharpest kernel on either side of a look: probabilities are good to about 1e-13.

#include <span>
#include <vector>

namespace coley::statistics {

class SequentialPath {
 public:
  /// Starts at score 0 without information. `information` rises and is above 0; drift is the mean of S per unit of
  /// information, which is the mean of Z at t = 1.
  SequentialPath(std::vector<double> information, double drift);
  /// Starts in the middle: look `look` (from 0) had statistic z, and the trial went on.
  SequentialPath(std::vector<double> information, double drift, std::size_t look, double z);

  /// The look that comes next, from 0.
  std::size_t next() const { return next_; }
  /// P(no stop so far, and Z at the next look > bound).
  double above(double bound) const;
  /// P(no stop so far, and Z at the next look <= bound).
  double below(double bound) const;
  /// The trial goes on when lower < Z < upper at the next look. Limits may be infinite.
  void go_on_between(double lower, double upper);

 private:
  double increment(std::size_t look) const;
  double tail(double bound, double sign) const;
  double density(double score) const;

  std::vector<double> information_;
  double drift_;
  std::size_t next_ = 0;
  std::vector<double> score_ = {0.0};  ///< nodes
  std::vector<double> mass_ = {1.0};   ///< quadrature weight times density at the node
  double at_ = 0;                      ///< information at the nodes
  double start_ = 0;                   ///< information and score where the path began
  double start_score_ = 0;
};

/// Where paths stop, by look.
struct StoppingProbabilities {
  std::vector<double> above;  ///< P(stop above the upper bound at this look)
  std::vector<double> below;  ///< P(stop below the lower bound at this look)
};

/// Bounds on the Z scale, one a look; infinite where there is none.
StoppingProbabilities stopping_probabilities(const std::vector<double>& information, std::span<const double> lower,
                                             std::span<const double> upper, double drift);

}  // namespace coley::statistics
