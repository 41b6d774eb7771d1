// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words that a protocol uses for patients and results: covariates and their levels, organs, endpoints, steps of the
// patient flow. The population, the endpoints and the report use the same words.

#include <string>
#include <vector>

namespace coley {

/// A property of a patient at enrolment, by levels.
struct Covariate {
  std::string name;
  std::vector<std::string> levels;
  std::string meaning;
};

/// Every covariate that strata, subgroups and shares may name.
const std::vector<Covariate>& covariates();

/// The covariate of that name, or nullptr.
const Covariate* find_covariate(const std::string& name);

std::vector<std::string> covariate_names();
std::vector<std::string> levels_of(const std::string& covariate);

const std::vector<std::string>& organs();      ///< in which a metastasis may lie
const std::vector<std::string>& dose_units();  ///< mg, mg/kg, mg/m2, MIU, MIU/m2, kIU/kg
const std::vector<std::string>& routes();      ///< in the order of Route
const std::vector<std::string>& endpoints();   ///< OS, PFS, DFS, TFS
const std::vector<std::string>& flow_steps();  ///< keys of the patient flow in summary.json

/// "" when `quantity` is one that evidence may name; otherwise what was expected.
std::string quantity_fault(const std::string& quantity);

}  // namespace coley
