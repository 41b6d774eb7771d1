// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a drug does, resolved from its data file to the numbers that the course of a patient needs.

#include <optional>

#include "protocol/drug.hpp"
#include "treatment/antibody.hpp"
#include "treatment/concentration_curve.hpp"
#include "treatment/hypotension.hpp"

namespace coley::treatment {

/// Drug by mouth, under the skin or by a short infusion: h, L, mg.
struct OneCompartmentKinetics {
  double ka = 0;  ///< 1/h; 0 is into a vein
  double clearance = 1, volume = 1;
  double mg_per_miu = 0;  ///< 0: not dosed in units
  double metabolite_fraction = 0, metabolite_clearance = 1, metabolite_volume = 0;  ///< volume 0: in steady state with the drug
};

/// Interleukin-2: h, L, nmol.
struct InterleukinKinetics {
  double fast = 1, slow = 1, slow_share = 0, volume = 1;  ///< rates 1/h
  double ka = 1, bioavailability = 1;
  double nmol_per_miu = 0;
  double effector = 1, regulatory = 1;  ///< nmol/L at half occupancy
};

struct DrugAction {
  enum class Kind {
    inert,  ///< placebo, or a dose of zero
    pd1,    ///< antibody at PD-1 or PD-L1
    ctla4,  ///< antibody at CTLA-4
    taken,  ///< acts while it is taken: targeted and cytotoxic drugs, cytokines
  };
  Kind kind = Kind::inert;
  DrugClass drug_class = DrugClass::placebo;
  TwoCompartment kinetics;             ///< antibodies
  double emax = 0, t50 = 1, hill = 1;  ///< change of clearance with time on drug
  std::optional<OneCompartmentKinetics> one_compartment;
  std::optional<InterleukinKinetics> interleukin;
  std::optional<LeakModel> leak;
  double clearance_sd = 0, volume_sd = 0;  ///< of the logarithm, between patients
  double ec50 = 1;                 ///< mg/L of half effect
  double limit = 1;                ///< occupancy at unlimited concentration (PD-L1 spares PD-L2)
  double kill = 0;                 ///< k_T at full effect, 1/d
  double capacity_loss = 0;        ///< Delta_K at full effect, log units
  double growth = 1;               ///< factor on the Gompertz rate at full effect
  double interferon = 0;           ///< u_F at full effect
  bool resisted = false;           ///< resistance W is gained on it
  double resistance_gain = -1;     ///< median lambda_W, 1/d; -1: that of the parameter table
  double cross_resistance = 0;     ///< share of resistance to an earlier drug of its class that remains
  double toxicity = 0;             ///< hazard of a grade 3+ event, 1/d, at full effect
  double toxicity_power = 0;       ///< 0: hazard times effect; else times (c / EC50) to this power
  double stop_share = 0;           ///< share of such events that end the drug
  double fatal_share = 0;          ///< share of such events that are fatal
};

/// Throws InputError when the file of an antibody has no kinetics.
DrugAction resolve(const Drug& drug);

/// Concentration in mg/L after one dose; `clearance` is the patient's factor.
ConcentrationCurve curve(const OneCompartmentKinetics& kinetics, double mg, double clearance);
/// Concentration in nmol/L after one dose into a vein or under the skin.
ConcentrationCurve curve(const InterleukinKinetics& kinetics, double nmol, Route route, double clearance);

}  // namespace coley::treatment
