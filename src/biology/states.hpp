// SPDX-License-Identifier: Apache-2.0
#pragma once
// Names, order and units of the states of one patient, and of the inputs that the equations read.

#include <cstddef>

namespace coley::biology {

inline constexpr int kLesions = 6;  ///< slot 0 is the primary (or what is left of it), 1 to 5 are metastases

/// States: log cells, effectors and extinction integral of each lesion, then the patient's pools, then cumulative hazards.
struct State {
  static constexpr int x = 0;               ///< ln(viable tumour cells), lesion 0 of 6
  static constexpr int E = x + kLesions;    ///< tumour-specific effector T cells in the lesion, 10^6 cells
  static constexpr int g = E + kLesions;    ///< Kendall's integral of b e^-x, no unit
  static constexpr int C = g + kLesions;    ///< circulating and lymphoid tumour-specific effectors, 10^6 cells
  static constexpr int X = C + 1;           ///< exhausted (PD-1 high) T cells, 10^6 cells
  static constexpr int M = X + 1;           ///< memory T cells, 10^6 cells
  static constexpr int R = M + 1;           ///< regulatory T cells, 1 = healthy
  static constexpr int A = R + 1;           ///< antigen signal, 10^9 cell deaths a day over k_A
  static constexpr int Q = A + 1;           ///< myeloid suppression, 0 to 1
  static constexpr int J = Q + 1;           ///< post-surgical stress, 0 to 1
  static constexpr int W = J + 1;           ///< resistance to targeted or cytotoxic drugs, log units
  static constexpr int D = W + 1;           ///< immune editing
  static constexpr int seeding = D + 1;     ///< cumulative intensity of dissemination since the last founder
  static constexpr int recent = seeding + 1;  ///< ln of the weighed burden in cm3, averaged over the weeks before
  static constexpr int dying = recent + 1;  ///< cumulative hazard of death from disease
  static constexpr int toxicity = dying + 1;  ///< cumulative hazard of a grade 3+ event of the drugs given
  static constexpr int count = toxicity + 1;
};

/// What the equations read beside the states; constant between two stops. Same layout for every number type.
template <class Real>
struct Inputs {
  // per lesion
  Real alive[kLesions];     ///< 1 while the lesion exists, else 0
  Real gamma[kLesions];     ///< Gompertz rate, 1/d
  Real capacity[kLesions];  ///< ln K
  Real lytic[kLesions];     ///< k_c iota l_i, 1/d
  Real homing[kLesions];    ///< q_0 h_o, 1/d per cm2-like unit
  Real weight[kLesions];    ///< lethality of 1 cm3 in this organ
  Real others[kLesions];    ///< further lesions of the same state that the slot stands for (multiplicity m = 1 + others)
  Real extinct_at[kLesions];  ///< the lesion is extinct when e^-x + g exceeds this (docs: Kendall 1948)
  // patient
  Real a;       ///< homogeneity of susceptibility
  Real pi;      ///< strength of the PD-1 brake, 0 to 1
  Real mu;      ///< dissemination, 1/d
  Real lambda_W;  ///< gain of resistance on drug, 1/d
  // cytokines: fractions, averaged over the day
  Real u_E, u_R;  ///< interleukin-2 at effector and regulatory receptors
  Real u_F;       ///< interferon-alpha
  // targeted and cytotoxic drugs
  Real u_T;            ///< 1 on drug
  Real capacity_loss;  ///< Delta_K u_T, log units
  Real drug_kill;      ///< k_T u_T, 1/d
  Real growth;         ///< factor on the Gompertz rate (mTOR inhibitors), 1 without
  // antibodies: concentration after `epoch` is fast e^(-alpha t) + slow e^(-beta t), ug/mL
  Real epoch;
  Real pd1_fast, pd1_slow, pd1_alpha, pd1_beta, pd1_ec50, pd1_limit;
  Real ctla4_fast, ctla4_slow, ctla4_alpha, ctla4_beta, ctla4_ec50;
  Real pd1_toxicity, ctla4_toxicity;  ///< hazard of a grade 3+ event at full occupancy, 1/d
  Real other_toxicity;                ///< hazard of a grade 3+ event of drugs given on a schedule, 1/d
  // thresholds of events
  Real seeding_at;   ///< State::seeding at which the next founder cell lodges
  Real dying_at;     ///< cumulative hazard at which the patient dies of disease; kNever: the hazard does not run
  Real found_at;     ///< burden at which the disease is found, cm3
  Real held_below;   ///< log cells of the first lesion below which the immune system holds it for good; 0: does not matter
};

inline constexpr int kInputs = static_cast<int>(sizeof(Inputs<double>) / sizeof(double));

inline constexpr int kEpoch = static_cast<int>(offsetof(Inputs<double>, epoch) / sizeof(double));

/// Index of an input as LaneView counts: input_index(&Inputs<double>::mu), input_index(&Inputs<double>::gamma, lesion).
template <class Member>
int input_index(Member Inputs<double>::*member, int lesion = 0) {
  static const Inputs<double> origin{};
  const auto* first = reinterpret_cast<const double*>(&origin);
  return static_cast<int>(reinterpret_cast<const double*>(&(origin.*member)) - first) + lesion;
}

}  // namespace coley::biology
