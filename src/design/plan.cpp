// SPDX-License-Identifier: Apache-2.0
#include "design/plan.hpp"

namespace coley::design {

std::vector<int> Plan::weights() const {
  std::vector<int> weights;
  for (const Arm& arm : arms) weights.push_back(arm.weight);
  if (!arms.empty()) return weights;
  weights = {pool.control_weight, pool.experimental_weight};
  weights.resize(2 + pool.others.size(), pool.experimental_weight);
  return weights;
}

std::vector<std::string> Plan::patient_endpoints() const {
  std::vector<std::string> names;
  for (const Endpoint& endpoint : endpoints) names.push_back(endpoint.name);
  if (!names.empty()) return names;
  if (selection && !selection->endpoint.empty()) return {selection->endpoint, arms.empty() ? "OS" : "death"};
  return {pool.endpoint};
}

}  // namespace coley::design
