// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a drug does, resolved from its data file to the numbers that the course of a patient needs.

#include "treatment/antibody.hpp"

namespace coley {
struct Drug;
}

namespace coley::treatment {

struct DrugAction {
  enum class Kind {
    inert,     ///< placebo, or a dose of zero
    pd1,       ///< antibody at PD-1 or PD-L1
    ctla4,     ///< antibody at CTLA-4
    schedule,  ///< acts while it is taken: targeted and cytotoxic drugs, interferon
  };
  Kind kind = Kind::inert;
  TwoCompartment kinetics;              ///< antibodies
  double emax = 0, t50 = 1, hill = 1;   ///< change of clearance with time on drug
  double ec50 = 1;                      ///< ug/mL at half occupancy
  double limit = 1;                     ///< occupancy at unlimited concentration (PD-L1 spares PD-L2)
  double kill = 0;                      ///< k_T, 1/d
  double capacity_loss = 0;             ///< Delta_K, log units
  double growth = 1;                    ///< factor on the Gompertz rate
  bool resisted = false;                ///< resistance W is gained on it
  double interferon = 0;                ///< u_F
  double toxicity = 0;                  ///< hazard of a grade 3+ event, 1/d, at full occupancy or while taken
  double stop_share = 0;                ///< share of such events that end the drug
};

/// Throws InputError when the file of an antibody has no kinetics.
DrugAction resolve(const Drug& drug);

}  // namespace coley::treatment
