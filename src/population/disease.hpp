// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parameter table resolved into the numbers that the code reads: constants of the equations, spread between patients,
// sites, observation and events. Symbols are those of evidence/parameters.toml and, for a second disease, of the table laid
// over it (docs/decisions/0018).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "biology/tumour_immune.hpp"
#include "core/organ.hpp"
#include "core/random.hpp"
#include "observation/scan.hpp"

namespace coley {

class ParameterTable;

/// Probability at these log odds.
double logistic(double log_odds);

/// A quantity that differs between patients.
struct Spread {
  enum class Kind { fixed, lognormal, logit_normal, normal };
  Kind kind = Kind::fixed;
  double value = 0;  ///< median (mean of a normal)
  double sd = 0;     ///< of the log, the logit, or the value itself

  /// The value at standard normal deviate z; `shift` is added on the scale of sd.
  double at(double z, double shift = 0) const;
};

/// Traits that may be correlated between patients, in the order of their draws.
inline constexpr std::array<const char*, 11> kCorrelated{"gamma", "d_dx", "gap",      "mu",        "iota",        "a",
                                                         "pi",    "lambda_W", "tki_scale", "pk_clearance", "pk_volume"};

enum class Histology : std::uint8_t { clear_cell, non_clear_cell, msi_h, mss };
inline constexpr std::array<std::string_view, 4> kHistologyNames{"clear_cell", "non_clear_cell", "msi_h", "mss"};

/// One kind of tumour within a disease: how often it is found, and factors on traits.
struct HistologyTraits {
  Histology histology;
  double share;  ///< among people in whom a tumour grows
  double iota, mu, tki;
};

struct Disease {
  biology::Constants constants;
  Organ primary;                              ///< where the first tumour grows
  std::array<HistologyTraits, 2> histologies;
  double k_c, q_0;
  Spread gamma, gamma_lesion, gap, gap_lesion, d_dx, mu, iota, ell, a, pi, lambda_W, tki_scale, pk_clearance, pk_volume, phi, health,
      residual_cells, age, body_weight;
  std::array<double, kOrgans> homing, lethality, site;  ///< by organ; `site` is cumulative
  double regional_node, residual;
  ScanError imaging;                          ///< how lesions are seen and measured on trial: CT
  double male, sarcomatoid;
  double sarcomatoid_gamma, sarcomatoid_iota, sarcomatoid_pi;
  double invasion_0, invasion_size, invasion_growth, invasion_spread, invasion_t4, grade_size, grade_growth, grade_spread;
  double necrosis_0, necrosis_size, necrosis_growth, necrosis_spread;
  double ecog_0, ecog_age, ecog_Q, ecog_burden, ecog_dying, ecog_J, ecog_toxicity;
  double toxicity_days, utility_0, utility_ecog, utility_toxicity, weight_Q, weight_J, k_weight;
  double adverse_background;
  Spread haemoglobin, calcium, neutrophils, platelets, ldh;
  double haemoglobin_Q, calcium_Q, neutrophils_Q, platelets_Q, ldh_Q, weight_loss_0, weight_loss_Q;
  /// Lower factor of the correlation matrix of kCorrelated.
  std::array<std::array<double, kCorrelated.size()>, kCorrelated.size()> mixing;
  double unresectable_0, unresectable_size, unresectable_t4;
  Spread alpha_RT;
  double alpha_beta, a_T, w_RT, rt_synergy;
  double perioperative_0, perioperative_age, perioperative_ecog, perioperative_metastatic, metastasectomy_death_0;
  double second_procedure_0, second_procedure_size, second_procedure_t3;
  double transabdominal_mm, recovery_transabdominal, recovery_second;
  double refusal, cardiopulmonary, supportive_fatal;
  std::array<double, kOrgans> resectable;  ///< chance that a metastasis in the organ can be taken out
  double indication_0, indication_ecog, indication_age, indication_imdc, indication_burden;
};

/// Every number of the disease from its table; a symbol that is missing is an InputError that names it. `name` is renal or
/// colorectal, as in a protocol.
Disease read_disease(const ParameterTable& table, const std::string& name = "renal");

/// Purposes of draws; the numbers are part of what makes a run reproducible and are never reused.
enum class Purpose : std::uint64_t {
  person = 1,
  biology = 2,
  founder = 3,       ///< sub: number of the founder
  seeding = 4,       ///< sub: number of the founder
  primary = 5,
  pathology = 6,
  staging = 7,       ///< sub: lesion
  operation = 8,
  entry = 9,
  assignment = 10,
  scan = 11,         ///< sub: scan x 8 + lesion
  death = 12,
  background = 13,
  withdrawal = 14,
  toxicity = 15,     ///< sub: number of the event
  adverse = 16,
  later = 17,        ///< sub: line
  enrolment = 18,    ///< of a place: what it asks for
  fitness = 19,
  laboratory = 20,
  surgery = 30,      ///< sub: operation of the arm
  surveillance = 31, ///< sub: visit x 8 + lesion
  indication = 32,
  kinetics = 40,     ///< sub: class of drug
  hypotension = 41,  ///< sub: class of drug
  radiosensitivity = 42,
  nephrectomy = 44,  ///< before randomisation
  merger = 43,       ///< sub: founders lodged so far
};

/// Where one person's draws live: the number in the trial's series of people screened.
struct DrawAddress {
  DrawKey key;
  std::uint64_t patient = 0;
  std::uint32_t course = 0;  ///< 1 on treatment before the trial, whose luck is another

  Stream stream(Purpose purpose, std::uint64_t sub = 0) const {
    return {key, patient, (static_cast<std::uint64_t>(purpose) << 56) | sub};
  }
  /// What befalls the patient on treatment.
  Stream on_treatment(Purpose purpose, std::uint64_t sub = 0) const { return stream(purpose, (std::uint64_t{course} << 31) | sub); }
};

}  // namespace coley
