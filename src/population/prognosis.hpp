// SPDX-License-Identifier: Apache-2.0
#pragma once
// Prognostic scores from what is known of a patient: Leibovich 2003 and UISS (Zisman 2002) after resection, IMDC (Heng
// 2009) and MSKCC (Motzer 2002) in metastatic disease. Sources: docs/references.md.

#include "population/patient.hpp"

namespace coley {

/// 0 to 11: T stage, regional nodes, size of 10 cm or more, grade, necrosis.
int leibovich_score(const Pathology& pathology);
/// low 0-2, intermediate 3-5, high 6 or more.
Leibovich leibovich(int score);

enum class Uiss : std::uint8_t { low, intermediate, high };
/// Localised disease: low is pT1 N0 of grade 1 or 2 with ECOG 0; high is pT3 of grade 2 or more with ECOG above 0, pT4 or
/// N+; intermediate is the rest.
Uiss uiss(const Pathology& pathology, int ecog);

enum class MetastaticRisk : std::uint8_t { favourable, intermediate, poor };
inline constexpr std::array<std::string_view, 3> kMetastaticRiskNames{"favourable", "intermediate", "poor"};
/// What the scores of metastatic disease ask for.
struct RiskSigns {
  bool male = true;
  Laboratory laboratory;
  int ecog = 0;
  double days_from_diagnosis = 0;  ///< to treatment
};
/// Which of the adverse factors named below are there, a bit each.
unsigned imdc_factor_set(const RiskSigns& signs);
unsigned mskcc_factor_set(const RiskSigns& signs);
/// Adverse factors of six: KPS below 80 (ECOG 2 or more), less than a year from diagnosis to treatment, haemoglobin low,
/// corrected calcium high, neutrophils high, platelets high.
int imdc_factors(const Patient& patient, double days_from_diagnosis);
/// Adverse factors of five: KPS below 80, less than a year, haemoglobin low, calcium high, LDH above 1.5 times normal.
int mskcc_factors(const Patient& patient, double days_from_diagnosis);
/// 0 favourable, 1 or 2 intermediate, 3 or more poor.
MetastaticRisk metastatic_risk(int factors);
/// The groups at randomisation.
MetastaticRisk imdc(const Patient& patient);
MetastaticRisk mskcc(const Patient& patient);

}  // namespace coley
