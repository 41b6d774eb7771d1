// SPDX-License-Identifier: Apache-2.0
#include "trial/limits.hpp"

namespace coley {

std::vector<std::string> model_limits() {
  return {
      "It is a research instrument about virtual patients and gives no advice on the care of a person.",
      "At most 32 metastases are followed in a patient, in five slots; those that share a slot are alike, and a scan reads them as one.",
      "Patients do not die between diagnosis and randomisation except in an operation or on treatment before the trial.",
      "Operations do not bleed, infect or disable: they cost stress, performance for weeks and, with a chance, life.",
      "Lesions are spheres without geometry, and the immune system of a patient is one well-mixed pool.",
      "Steroids, infections, pregnancy and drug interactions are not modelled.",
      "Toxicity is a hazard by exposure; single organs and reversibility are not told apart.",
      "Performance status, weight and utility follow from burden, operations and grade 3+ events; no published figure was fitted or compared.",
      "Parameters marked assumed have no published value; parameters marked calibrated were moved so that some published rows are met.",
      "Intervals of simulated values are Monte-Carlo error; only those beside published figures hold the uncertainty of the parameters.",
  };
}

}  // namespace coley
