// SPDX-License-Identifier: Apache-2.0
#include "population/covariates.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "core/units.hpp"
#include "population/prognosis.hpp"

namespace coley {

namespace {

bool lung_metastases(const Patient& p) {
  return p.lung_before_treatment || shows_disease(p.baseline, Organ::lung);
}

int disease_free_interval(const Patient& p) {
  const double months = p.disease_free / kDaysPerMonth;
  return months < 12 ? 0 : months < 24 ? 1 : 2;
}

}  // namespace

int metastases_seen(const Patient& p) {
  return static_cast<int>(std::count_if(p.baseline.lesions.begin() + (p.prior_nephrectomy ? 0 : 1), p.baseline.lesions.end(), is_disease));
}

LevelOf level_reader(const std::string& covariate) {
  static const std::map<std::string, LevelOf> readers{
      {"risk", [](const Patient& p) { return static_cast<int>(p.risk); }},
      {"leibovich", [](const Patient& p) { return static_cast<int>(leibovich(p.leibovich_score)); }},
      {"uiss", [](const Patient& p) { return static_cast<int>(uiss(p.pathology, p.ecog)); }},
      {"histology", [](const Patient& p) { return static_cast<int>(p.person.histology); }},
      {"sarcomatoid", [](const Patient& p) { return p.person.sarcomatoid ? 1 : 0; }},
      {"age", [](const Patient& p) { return p.person.age < 65 ? 0 : 1; }},
      {"sex", [](const Patient& p) { return p.person.male ? 1 : 0; }},
      {"ecog", [](const Patient& p) { return p.ecog; }},
      {"synchronous", [](const Patient& p) { return p.pathology.metastases > 0 ? 1 : 0; }},
      {"imdc", [](const Patient& p) { return static_cast<int>(imdc(p)); }},
      {"mskcc", [](const Patient& p) { return static_cast<int>(mskcc(p)); }},
      {"prior_nephrectomy", [](const Patient& p) { return p.prior_nephrectomy ? 1 : 0; }},
      {"lung_metastases", [](const Patient& p) { return lung_metastases(p) ? 1 : 0; }},
      {"metastases", [](const Patient& p) { return std::clamp(metastases_seen(p), 1, 5) - 1; }},
      {"disease_free_interval", disease_free_interval},
      {"stopped_for", [](const Patient& p) { return p.stopped_for_toxicity ? 1 : 0; }},
  };
  const auto found = readers.find(covariate);
  if (found != readers.end()) return found->second;
  throw InputError(Fault{.key = covariate, .found = "a covariate that patients do not have", .expected = "one that they have, see docs/protocol.md"});
}

}  // namespace coley
