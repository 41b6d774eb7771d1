// SPDX-License-Identifier: Apache-2.0
#include "population/prospects.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/units.hpp"
#include "population/admission.hpp"
#include "population/candidate.hpp"
#include "population/lesions.hpp"
#include "population/screening.hpp"

namespace coley {

namespace {

template <std::size_t N>
bool any(const std::array<bool, N>& levels, int first, int last = static_cast<int>(N) - 1) {
  return std::any_of(levels.begin() + first, levels.begin() + last + 1, [](bool level) { return level; });
}

}  // namespace

template <std::size_t N, class Admits>
void Prospects::ask(const char* covariate, const Places& places, Admits admits, Levels<N>& levels) const {
  for (std::size_t level = 0; level < N; ++level) {
    levels.admitted[level] = admits(level);
    levels.open[level] = levels.admitted[level] && (population_.mix_by != covariate || places.open_to_group(static_cast<int>(level)));
  }
}

Prospects::Prospects(const Population& population, const Disease& disease, const Places& places, double longest_days)
    : population_(population),
      disease_(disease),
      longest_days_(longest_days),
      illness_wears_(std::min({disease.ecog_age, disease.ecog_Q, disease.ecog_burden, disease.ecog_dying, disease.ecog_J}) >= 0) {
  const Eligibility& rules = population.eligibility;
  const auto named = [](const std::vector<std::string>& admitted, const auto& names) { return [&](std::size_t level) { return admits(admitted, names, level); }; };
  ask("ecog", places, [&](std::size_t grade) { return static_cast<int>(grade) <= rules.ecog_max; }, ecog_);
  ask("risk", places, named(rules.risk, kRiskNames), risk_);
  ask("imdc", places, named(rules.imdc, kMetastaticRiskNames), imdc_);
  ask("mskcc", places, named(rules.mskcc, kMetastaticRiskNames), mskcc_);
}

std::optional<Exclusion> Prospects::barred(Patient& patient) const {
  const int grade = illness_wears_ ? ecog_grade(performance_at_rest(disease_, own_fitness(patient), patient.person.age)) : 0;
  if (!any(ecog_.open, grade)) return any(ecog_.admitted, grade) ? Exclusion::group_full : Exclusion::performance;
  if (population_.entry == Entry::metastatic) return barred_by_score(patient, grade);
  if (may_be_of(patient, risk_.open)) return std::nullopt;
  return risk_.open != risk_.admitted && may_be_of(patient, risk_.admitted) ? Exclusion::group_full : Exclusion::risk_low;
}

/// A primary that is not invasive at the size at which it is found at the latest is not at a smaller one, and what it sheds from
/// the first day on is no more than at that size.
bool Prospects::may_be_of(Patient& patient, const std::array<bool, kRiskNames.size()>& groups) const {
  const auto asked = [&](RiskGroup group) { return groups[static_cast<std::size_t>(group)]; };
  if (asked(RiskGroup::low) || disease_.invasion_size < 0 || disease_.grade_size < 0) return true;  // a smaller one may be the worse
  const Pathology worst = grade_primary(disease_, patient, std::round(diameter_mm(patient.traits.found_at)));
  if (asked(RiskGroup::intermediate_high) && (worst.t_stage >= 3 || risk_group(worst, patient.person.sarcomatoid) == RiskGroup::intermediate_high)) return true;
  if (asked(RiskGroup::high) && worst.t_stage == 4) return true;

  // what else there is takes a founder, and until the first has lodged the primary sheds alone (equation 14)
  const double of_primary = patient.traits.mu * longest_days_ * std::pow(patient.traits.found_at * kCellsPerCm3, 2.0 / 3.0);
  if (asked(RiskGroup::m1_ned) || asked(RiskGroup::metastatic)) return may_lodge(disease_, patient, of_primary, false);
  // with n metastases, found when N_0 + kappa sum N_i is N: N_0^(2/3) + sum N_i^(2/3) <= N^(2/3) (1 + n/kappa^2)^(1/3), by Hoelder
  const double kappa = disease_.constants.kappa;
  return asked(RiskGroup::high) && may_lodge(disease_, patient, of_primary * std::cbrt(1 + kMostMetastases / (kappa * kappa)), true);
}

/// Blood moves one way with suppression Q, which is 0 to 1, and no more than leaves the patient fit: the signs at both ends hold
/// every factor that is there whatever happens, and none that never is.
std::optional<Exclusion> Prospects::barred_by_score(const Patient& patient, int least_grade) const {
  const auto last = std::find(ecog_.open.rbegin(), ecog_.open.rend(), true);
  const int worst_grade = static_cast<int>(ecog_.open.rend() - last) - 1;
  double Q = 1;
  if (illness_wears_ && static_cast<std::size_t>(worst_grade) < kEcogThresholds.size()) {
    const double room = kEcogThresholds[static_cast<std::size_t>(worst_grade)] - performance_at_rest(disease_, own_fitness(patient), patient.person.age);
    if (room < disease_.ecog_Q) Q = room / disease_.ecog_Q;
  }
  const bool male = patient.person.male;
  const RiskSigns best{male, blood(disease_, patient, 0, false), least_grade, kNever}, worst{male, blood(disease_, patient, Q, true), worst_grade, 0};
  const auto may_be = [&](unsigned (*factors)(const RiskSigns&), const std::array<bool, kMetastaticRiskNames.size()>& groups) {
    const unsigned a = factors(best), b = factors(worst);
    const auto group = [](unsigned set) { return static_cast<int>(metastatic_risk(std::popcount(set))); };
    return any(groups, group(a & b), group(a | b));
  };
  if (may_be(imdc_factor_set, imdc_.open) && may_be(mskcc_factor_set, mskcc_.open)) return std::nullopt;
  return may_be(imdc_factor_set, imdc_.admitted) && may_be(mskcc_factor_set, mskcc_.admitted) ? Exclusion::group_full : Exclusion::risk_group;
}

}  // namespace coley
