// SPDX-License-Identifier: Apache-2.0
#include "statistics/alpha_graph.hpp"

namespace coley::statistics {

AlphaGraph::AlphaGraph(std::vector<double> alpha, std::vector<std::vector<double>> pass_on)
    : alpha_(std::move(alpha)), pass_on_(std::move(pass_on)), rejected_(alpha_.size()) {}

/// Algorithm 1 of Bretz et al.
void AlphaGraph::reject(std::size_t j) {
  rejected_[j] = true;
  auto edges = pass_on_;
  for (std::size_t l = 0; l < alpha_.size(); ++l) {
    if (rejected_[l]) continue;
    alpha_[l] += alpha_[j] * pass_on_[j][l];
    for (std::size_t k = 0; k < alpha_.size(); ++k) {
      const double back = pass_on_[l][j] * pass_on_[j][l];
      edges[l][k] = k == l || rejected_[k] || back >= 1 ? 0 : (pass_on_[l][k] + pass_on_[l][j] * pass_on_[j][k]) / (1 - back);
    }
  }
  alpha_[j] = 0;
  pass_on_ = std::move(edges);
}

}  // namespace coley::statistics
