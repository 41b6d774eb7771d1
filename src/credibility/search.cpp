// SPDX-License-Identifier: Apache-2.0
#include "credibility/search.hpp"

#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <random>

namespace coley::credibility {

namespace {

constexpr double kFirstSpread = 0.5;  // of the first points about the start, in prior standard deviations

struct Problem {
  const std::function<double(const Eigen::VectorXd&)>* loss = nullptr;
  std::size_t dimension = 1;

  pagmo::vector_double fitness(const pagmo::vector_double& x) const {
    return {(*loss)(Eigen::Map<const Eigen::VectorXd>(x.data(), static_cast<Eigen::Index>(x.size())))};
  }
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    return {pagmo::vector_double(dimension, -kWidestDeviate), pagmo::vector_double(dimension, kWidestDeviate)};
  }
};

}  // namespace

Eigen::VectorXd search(const std::function<double(const Eigen::VectorXd&)>& loss, const Eigen::VectorXd& start, int generations, int population,
                       unsigned seed) {
  const auto n = static_cast<std::size_t>(start.size());
  pagmo::population points(pagmo::problem(Problem{&loss, n}), 0, seed);
  std::mt19937 draw(seed);
  std::normal_distribution<double> normal(0, kFirstSpread);
  for (int i = 0; i < population; ++i) {
    pagmo::vector_double x(n);
    for (std::size_t k = 0; k < n; ++k) x[k] = std::clamp(start[static_cast<Eigen::Index>(k)] + (i == 0 ? 0.0 : normal(draw)), -kWidestDeviate, kWidestDeviate);
    points.push_back(x);
  }
  if (generations > 0) {
    const pagmo::algorithm evolve(pagmo::cmaes(static_cast<unsigned>(generations), -1, -1, -1, -1, 0.25, 1e-9, 1e-9, false, true, seed));
    points = evolve.evolve(points);
  }
  const pagmo::vector_double best = points.champion_x();
  return Eigen::Map<const Eigen::VectorXd>(best.data(), start.size());
}

}  // namespace coley::credibility
