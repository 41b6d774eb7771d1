// SPDX-License-Identifier: Apache-2.0
#pragma once
// A drug as data: what the body does to it, what it does to the tumour and to the patient. Every number carries its
// source. What is common to all drugs of a class (how PD-1 blockade acts on T cells) is in the parameter table.

#include <optional>
#include <string>
#include <vector>

namespace coley {

/// A number with its source; reads as the number.
struct Sourced {
  double value = 0;
  std::string source;  ///< a citation, or "assumed"
  std::string status;  ///< sourced, derived, calibrated, assumed; "" unsaid
  operator double() const { return value; }
};

enum class DrugClass { pd1, pdl1, ctla4, vegf_tki, mtor, hif2a, il2, ifn, chemotherapy, placebo };

/// How exposure follows from the doses.
enum class Pharmacokinetics { schedule, two_compartment_iv, one_compartment_oral, il2 };

/// Clearance at time t on the drug is CL exp(emax t^hill / (t50^hill + t^hill)).
struct TimeVaryingClearance {
  Sourced emax;
  Sourced t50_days;
  Sourced hill;
};

/// Antibodies. The omega2 are variances of the logarithm between patients.
struct TwoCompartmentIv {
  Sourced clearance_l_per_day;
  Sourced v1_l;
  Sourced q_l_per_day;
  Sourced v2_l;
  Sourced omega2_clearance;
  Sourced omega2_volume;
  std::optional<TimeVaryingClearance> time_varying;
};

/// An active metabolite, counted with the drug.
struct Metabolite {
  Sourced fraction;  ///< of the drug's clearance that forms it
  Sourced cl_l_per_h;
  std::optional<Sourced> v_l;  ///< absent: in steady state with the drug
};

/// Tablets and capsules; clearance and volume are over bioavailability.
struct OneCompartmentOral {
  Sourced ka_per_h;
  Sourced cl_l_per_h;
  Sourced v_l;
  Sourced omega2_clearance;
  Sourced omega2_volume;
  std::optional<Metabolite> metabolite;
};

/// Interleukin-2: two half-lives after injection, slow absorption from under the skin.
struct Il2Kinetics {
  Sourced fast_half_life_h;
  Sourced slow_half_life_h;
  Sourced slow_share;  ///< of the concentration at time 0
  Sourced v1_l;
  Sourced ka_per_h;
  Sourced bioavailability_sc;
  Sourced nmol_per_miu;
};

/// What the exposure does. What is absent the drug does not do; the model names where each enters.
struct DrugEffect {
  std::optional<Sourced> ec50_mg_per_l;            ///< plasma concentration of half effect
  std::optional<Sourced> occupancy_factor;         ///< on PD-1 occupancy; absent 1
  std::optional<Sourced> kill_per_day;             ///< k_T, at full effect
  std::optional<Sourced> capacity_loss;            ///< Delta_K, log units, at full effect
  std::optional<Sourced> resistance_gain_per_day;  ///< in place of lambda_W of the parameter table
  std::optional<Sourced> cross_resistance;         ///< share of resistance to an earlier drug of the class that remains
  std::optional<Sourced> growth_factor;            ///< on the Gompertz rate at full effect
};

struct DrugToxicity {
  Sourced grade3plus_per_day;  ///< hazard of a grade 3 or worse event at unit effect
  Sourced stop_share;          ///< of those events that end the drug
  Sourced fatal_share;         ///< of those events that are fatal
};

struct Drug {
  int schema_version = 1;
  std::string name;
  std::string label;
  DrugClass drug_class = DrugClass::placebo;
  Pharmacokinetics pharmacokinetics = Pharmacokinetics::schedule;  ///< schedule: full effect while the schedule runs
  std::optional<TwoCompartmentIv> two_compartment_iv;              ///< present as `pharmacokinetics` says
  std::optional<OneCompartmentOral> one_compartment_oral;
  std::optional<Il2Kinetics> il2;
  DrugEffect effect;
  DrugToxicity toxicity;
};

}  // namespace coley
