// SPDX-License-Identifier: Apache-2.0
#include "population/prognosis.hpp"

#include <bit>

#include "core/units.hpp"

namespace coley {

namespace {
// Limits of normal: haemoglobin g/dL (WHO), corrected calcium mmol/L, neutrophils and platelets 10^9/L.
constexpr double kHaemoglobinMen = 13.0, kHaemoglobinWomen = 12.0, kCalcium = 2.60, kNeutrophils = 7.5, kPlatelets = 400;
constexpr double kLdhFold = 1.5;

unsigned common_factors(const RiskSigns& signs) {
  const bool anaemic = signs.laboratory.haemoglobin < (signs.male ? kHaemoglobinMen : kHaemoglobinWomen);
  return (signs.ecog >= 2 ? 1u : 0u) | (signs.days_from_diagnosis < kDaysPerYear ? 2u : 0u) | (anaemic ? 4u : 0u) | (signs.laboratory.calcium > kCalcium ? 8u : 0u);
}

RiskSigns signs(const Patient& p, double days) { return {p.person.male, p.laboratory, p.ecog, days}; }
}  // namespace

int leibovich_score(const Pathology& path) {
  const int stage = path.t_stage >= 3 ? 4 : path.t_stage == 2 ? 3 : path.t1a ? 0 : 2;
  const int grade = path.grade >= 4 ? 3 : path.grade == 3 ? 1 : 0;
  return stage + (path.node_positive ? 2 : 0) + (path.size_mm >= 100 ? 1 : 0) + grade + (path.necrosis ? 1 : 0);
}

Leibovich leibovich(int score) { return score <= 2 ? Leibovich::low : score <= 5 ? Leibovich::intermediate : Leibovich::high; }

Uiss uiss(const Pathology& path, int ecog) {
  if (path.t_stage == 4 || path.node_positive) return Uiss::high;
  if (path.t_stage == 3) return path.grade >= 2 && ecog > 0 ? Uiss::high : Uiss::intermediate;
  return path.t_stage == 1 && path.grade <= 2 && ecog == 0 ? Uiss::low : Uiss::intermediate;
}

unsigned imdc_factor_set(const RiskSigns& signs) {
  return common_factors(signs) | (signs.laboratory.neutrophils > kNeutrophils ? 16u : 0u) | (signs.laboratory.platelets > kPlatelets ? 32u : 0u);
}

unsigned mskcc_factor_set(const RiskSigns& signs) { return common_factors(signs) | (signs.laboratory.ldh > kLdhFold ? 16u : 0u); }

int imdc_factors(const Patient& p, double days) { return std::popcount(imdc_factor_set(signs(p, days))); }

int mskcc_factors(const Patient& p, double days) { return std::popcount(mskcc_factor_set(signs(p, days))); }

MetastaticRisk metastatic_risk(int factors) {
  return factors == 0 ? MetastaticRisk::favourable : factors <= 2 ? MetastaticRisk::intermediate : MetastaticRisk::poor;
}

MetastaticRisk imdc(const Patient& p) { return metastatic_risk(imdc_factors(p, p.since_diagnosis)); }
MetastaticRisk mskcc(const Patient& p) { return metastatic_risk(mskcc_factors(p, p.since_diagnosis)); }

}  // namespace coley
