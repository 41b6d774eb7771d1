// SPDX-License-Identifier: Apache-2.0
#pragma once
// A drug as data: what the body does to it, what it does to the tumour and to the patient. Every number carries its
// source. What is common to all drugs of a class (how PD-1 blockade acts on T cells) is in the parameter table.

#include <optional>
#include <string>
#include <vector>

#include "protocol/protocol.hpp"

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
enum class Pharmacokinetics { schedule, two_compartment_iv, one_compartment, il2 };

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

/// Tablets and capsules, injections under the skin, and infusions that are short beside the interval. Clearance and volume
/// are over bioavailability.
struct OneCompartment {
  std::optional<Sourced> ka_per_h;  ///< absent: into a vein
  Sourced cl_l_per_h;
  Sourced v_l;
  Sourced omega2_clearance;
  Sourced omega2_volume;
  std::optional<Sourced> mg_per_miu;  ///< for drugs whose doses are in international units
  std::optional<Metabolite> metabolite;
};

/// Interleukin-2: two half-lives after injection, slow absorption from under the skin, receptors of two affinities.
struct Il2Kinetics {
  Sourced fast_half_life_h;
  Sourced slow_half_life_h;
  Sourced slow_share;  ///< of the concentration at time 0
  Sourced v1_l;
  Sourced omega2_clearance;
  Sourced ka_per_h;
  Sourced bioavailability_sc;
  Sourced nmol_per_miu;
  Sourced effector_nmol_per_l;    ///< half occupancy of the receptor of effector cells (two chains)
  Sourced regulatory_nmol_per_l;  ///< half occupancy of the receptor of regulatory cells (three chains)
};

/// Vascular leak. Every dose adds the hours that its concentration spends at c^hill / (c^hill + half^hill), and the sum
/// decays. Above the patient's limit blood pressure falls to grade 3 and the next dose is withheld.
struct Hypotension {
  Sourced half_nmol_per_l;
  Sourced hill;
  Sourced half_life_h;
  Sourced limit_h;   ///< median of the patients' limits
  Sourced limit_sd;  ///< of the logarithm of the limit
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
  std::optional<Sourced> interferon;               ///< u_F at full effect
};

struct DrugToxicity {
  Sourced grade3plus_per_day;  ///< hazard of a grade 3 or worse event at unit effect
  Sourced stop_share;          ///< of those events that end the drug
  Sourced fatal_share;         ///< of those events that are fatal
  std::optional<Sourced> exposure_power;  ///< present: the hazard is times (c / EC50)^power, not times the effect
};

/// A published concentration of the drug, with the range that the simulated one must lie in.
struct PublishedExposure {
  std::string measure;      ///< trough, peak, mean or area (over one interval between doses)
  double dose = 0;
  std::string unit = "mg";  ///< as in a protocol
  Route route = Route::iv;
  double every_days = 1;
  double after_days = -1;   ///< after the first dose; -1 in steady state
  double low = 0;           ///< mg/L and mg h/L; IU/mL and IU h/mL for interleukin-2
  double high = 0;
  std::string source;
  std::string status;       ///< sourced, derived, recalled
};

struct Drug {
  int schema_version = 1;
  std::string name;
  std::string label;
  DrugClass drug_class = DrugClass::placebo;
  Pharmacokinetics pharmacokinetics = Pharmacokinetics::schedule;  ///< schedule: full effect while the schedule runs
  std::optional<TwoCompartmentIv> two_compartment_iv;              ///< present as `pharmacokinetics` says
  std::optional<OneCompartment> one_compartment;
  std::optional<Il2Kinetics> il2;
  std::optional<Hypotension> hypotension;
  DrugEffect effect;
  DrugToxicity toxicity;
  std::vector<PublishedExposure> published;
};

}  // namespace coley
