// SPDX-License-Identifier: Apache-2.0
#pragma once
// Several hypotheses that share one level, and what becomes of a hypothesis's part when it is rejected: it goes to the
// others along the edges of a graph (Bretz et al., Stat Med 2009;28:586). With group-sequential tests at these levels, whose
// bounds fall as their level rises, the familywise error is held (Maurer and Bretz, Stat Biopharm Res 2013;5:311).

#include <cstddef>
#include <vector>

namespace coley::statistics {

class AlphaGraph {
 public:
  /// `alpha` by hypothesis; `pass_on[i][j]` is the share of i's level that j receives when i is rejected: rows sum to 1 at
  /// most, the diagonal is 0.
  AlphaGraph(std::vector<double> alpha, std::vector<std::vector<double>> pass_on);
  /// The level at which a hypothesis is tested now.
  double alpha(std::size_t hypothesis) const { return alpha_[hypothesis]; }
  bool rejected(std::size_t hypothesis) const { return rejected_[hypothesis]; }
  /// Takes a hypothesis that is not yet rejected out of the graph.
  void reject(std::size_t hypothesis);

 private:
  std::vector<double> alpha_;
  std::vector<std::vector<double>> pass_on_;
  std::vector<bool> rejected_;
};

}  // namespace coley::statistics
