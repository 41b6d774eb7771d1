// SPDX-License-Identifier: Apache-2.0
#include "population/disease.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "protocol/parameter_table.hpp"

namespace coley {

double logistic(double log_odds) { return 1 / (1 + std::exp(-log_odds)); }

double Spread::at(double z, double shift) const {
  switch (kind) {
    case Kind::fixed: return value + shift;
    case Kind::normal: return value + sd * z + shift;
    case Kind::lognormal: return value * std::exp(sd * z + shift);
    case Kind::logit_normal: {
      if (value <= 0 || value >= 1) return value;
      const double logit = std::log(value / (1 - value)) + sd * z + shift;
      return logistic(logit);
    }
  }
  bug("a spread of no kind");
}

namespace {
Spread spread(const ParameterTable& table, const std::string& symbol) {
  const Parameter& row = table.row(symbol);
  Spread result{Spread::Kind::fixed, row.value, row.sd};
  switch (row.distribution) {
    case Distribution::fixed: break;
    case Distribution::lognormal: result.kind = Spread::Kind::lognormal; break;
    case Distribution::logit_normal: result.kind = Spread::Kind::logit_normal; break;
    case Distribution::normal: result.kind = Spread::Kind::normal; break;
  }
  return result;
}

void read_constants(const ParameterTable& table, biology::Constants& c) {
#define COLEY_READ(symbol) c.symbol = table.value(#symbol)
  COLEY_READ(d_0); COLEY_READ(kappa);
  COLEY_READ(K_rho); COLEY_READ(N_r); COLEY_READ(K_R); COLEY_READ(K_Q); COLEY_READ(s_J); COLEY_READ(k_J);
  COLEY_READ(k_out); COLEY_READ(delta_E); COLEY_READ(p_E); COLEY_READ(k_x); COLEY_READ(N_x); COLEY_READ(eta_x);
  COLEY_READ(k_rev); COLEY_READ(delta_X);
  COLEY_READ(s_n); COLEY_READ(A_50); COLEY_READ(r_M); COLEY_READ(A_M); COLEY_READ(delta_C); COLEY_READ(mu_M);
  COLEY_READ(delta_M); COLEY_READ(M_max); COLEY_READ(chi); COLEY_READ(e_P);
  COLEY_READ(k_A); COLEY_READ(delta_a); COLEY_READ(k_Q); COLEY_READ(B_Q); COLEY_READ(k_R); COLEY_READ(b_R); COLEY_READ(B_R);
  COLEY_READ(r_CI); COLEY_READ(C_max); COLEY_READ(A_I); COLEY_READ(r_EI); COLEY_READ(e_I); COLEY_READ(r_RI); COLEY_READ(R_max);
  COLEY_READ(e_F); COLEY_READ(p_F); COLEY_READ(g_F);
  COLEY_READ(k_W); COLEY_READ(c_T); COLEY_READ(e_CT); COLEY_READ(c_4); COLEY_READ(k_D); COLEY_READ(B_D);
  COLEY_READ(h_D); COLEY_READ(B_L); COLEY_READ(n_L); COLEY_READ(tau_L); COLEY_READ(lag_L);
#undef COLEY_READ
}
/// Position in kCorrelated; a symbol that is not there is refused by name.
Eigen::Index correlated(const std::string& symbol) {
  const auto found = std::find(kCorrelated.begin(), kCorrelated.end(), symbol);
  if (found != kCorrelated.end()) return found - kCorrelated.begin();
  throw InputError(Fault{.file = "evidence/parameters.toml", .key = "correlation", .found = symbol,
                         .expected = "a trait drawn for each patient: gamma, d_dx, gap, mu, iota, a, pi, lambda_W, tki_scale, pk_clearance or pk_volume"});
}

void read_correlations(const ParameterTable& table, Disease& disease) {
  constexpr auto n = static_cast<Eigen::Index>(kCorrelated.size());
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(n, n);
  for (const Correlation& row : table.correlations()) {
    const Eigen::Index i = correlated(row.a), j = correlated(row.b);
    matrix(i, j) = matrix(j, i) = row.value;
  }
  const Eigen::LLT<Eigen::MatrixXd> factor(matrix);
  if (factor.info() != Eigen::Success) {
    throw InputError(Fault{.file = "evidence/parameters.toml", .key = "correlation", .found = "correlations that contradict each other",
                           .expected = "a positive definite matrix"});
  }
  const Eigen::MatrixXd lower = factor.matrixL();
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) disease.mixing[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = lower(i, j);
  }
}

/// Organs in which no tumour of the disease ever lies get harmless values.
void read_organs(const ParameterTable& table, Disease& d) {
  double cumulative = 0;
  for (std::size_t o = 0; o < kOrgans; ++o) {
    const std::string organ(kOrganNames[o]);
    const bool primary = static_cast<Organ>(o) == d.primary;
    const bool site = !primary && table.has("site_" + organ);
    d.homing[o] = primary || site ? table.value("h_" + organ) : 1.0;
    d.lethality[o] = primary || site ? table.value("w_" + organ) : 1.0;
    d.resectable[o] = site ? table.value("resectable_" + organ) : 1.0;
    cumulative += site ? table.value("site_" + organ) : 0.0;
    d.site[o] = cumulative;
  }
  for (double& s : d.site) s /= cumulative;
}
}  // namespace

Disease read_disease(const ParameterTable& table, const std::string& name) {
  Disease d{};
  read_constants(table, d.constants);
#define COLEY_SPREAD(symbol) d.symbol = spread(table, #symbol)
  COLEY_SPREAD(gamma); COLEY_SPREAD(gamma_lesion); COLEY_SPREAD(gap); COLEY_SPREAD(gap_lesion); COLEY_SPREAD(d_dx);
  COLEY_SPREAD(mu); COLEY_SPREAD(iota); COLEY_SPREAD(ell); COLEY_SPREAD(a); COLEY_SPREAD(pi); COLEY_SPREAD(lambda_W);
  COLEY_SPREAD(tki_scale); COLEY_SPREAD(pk_clearance); COLEY_SPREAD(pk_volume); COLEY_SPREAD(phi); COLEY_SPREAD(health);
  COLEY_SPREAD(residual_cells); COLEY_SPREAD(age); COLEY_SPREAD(body_weight);
  COLEY_SPREAD(alpha_RT); COLEY_SPREAD(haemoglobin); COLEY_SPREAD(calcium); COLEY_SPREAD(neutrophils); COLEY_SPREAD(platelets); COLEY_SPREAD(ldh);
#undef COLEY_SPREAD
#define COLEY_READ(symbol) d.symbol = table.value(#symbol)
  COLEY_READ(k_c); COLEY_READ(q_0); COLEY_READ(regional_node); COLEY_READ(residual);
  COLEY_READ(male); COLEY_READ(sarcomatoid);
  COLEY_READ(sarcomatoid_gamma); COLEY_READ(sarcomatoid_iota); COLEY_READ(sarcomatoid_pi);
  COLEY_READ(invasion_0); COLEY_READ(invasion_size); COLEY_READ(invasion_growth); COLEY_READ(invasion_spread); COLEY_READ(invasion_t4);
  COLEY_READ(grade_size); COLEY_READ(grade_growth); COLEY_READ(grade_spread);
  COLEY_READ(necrosis_0); COLEY_READ(necrosis_size); COLEY_READ(necrosis_growth); COLEY_READ(necrosis_spread);
  COLEY_READ(ecog_0); COLEY_READ(ecog_age); COLEY_READ(ecog_Q); COLEY_READ(ecog_burden); COLEY_READ(ecog_dying); COLEY_READ(ecog_J); COLEY_READ(ecog_toxicity);
  COLEY_READ(toxicity_days); COLEY_READ(utility_0); COLEY_READ(utility_ecog); COLEY_READ(utility_toxicity);
  COLEY_READ(weight_Q); COLEY_READ(weight_J); COLEY_READ(k_weight);
  COLEY_READ(adverse_background);
  d.imaging.vanishing_mm = table.value("d_gone");
  COLEY_READ(alpha_beta); COLEY_READ(a_T); COLEY_READ(w_RT); COLEY_READ(rt_synergy);
  COLEY_READ(haemoglobin_Q); COLEY_READ(calcium_Q); COLEY_READ(neutrophils_Q); COLEY_READ(platelets_Q); COLEY_READ(ldh_Q);
  COLEY_READ(weight_loss_0); COLEY_READ(weight_loss_Q);
  read_correlations(table, d);
  COLEY_READ(unresectable_0); COLEY_READ(unresectable_size); COLEY_READ(unresectable_t4);
  COLEY_READ(perioperative_0); COLEY_READ(perioperative_age); COLEY_READ(perioperative_ecog); COLEY_READ(perioperative_metastatic);
  COLEY_READ(metastasectomy_death_0);
  COLEY_READ(second_procedure_0); COLEY_READ(second_procedure_size); COLEY_READ(second_procedure_t3);
  COLEY_READ(transabdominal_mm); COLEY_READ(recovery_transabdominal); COLEY_READ(recovery_second);
  COLEY_READ(refusal); COLEY_READ(cardiopulmonary); COLEY_READ(supportive_fatal);
  COLEY_READ(indication_0); COLEY_READ(indication_ecog); COLEY_READ(indication_age); COLEY_READ(indication_imdc); COLEY_READ(indication_burden);
#undef COLEY_READ
  const bool renal = name == "renal";
  d.primary = renal ? Organ::kidney : Organ::colon;
  if (renal) {
    const double clear = table.value("clear_cell");
    d.histologies = {{{Histology::clear_cell, clear, 1, 1, 1},
                      {Histology::non_clear_cell, 1 - clear, table.value("non_clear_iota"), table.value("non_clear_mu"), table.value("non_clear_tki")}}};
  } else {
    const double msi_h = table.value("msi_h");
    d.histologies = {{{Histology::msi_h, msi_h, table.value("msi_h_iota"), table.value("msi_h_mu"), 1},
                      {Histology::mss, 1 - msi_h, table.value("mss_iota"), 1, 1}}};
  }
  read_organs(table, d);
  return d;
}

}  // namespace coley
