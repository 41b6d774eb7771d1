// SPDX-License-Identifier: Apache-2.0
#include "population/covariates.hpp"

#include <map>

#include "core/error.hpp"
#include "population/prognosis.hpp"

namespace coley {

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
  };
  const auto found = readers.find(covariate);
  if (found != readers.end()) return found->second;
  throw InputError(Fault{.key = covariate, .found = "a covariate that patients of this entry do not have", .expected = "one that they have: risk, leibovich, uiss, histology, sarcomatoid, age, sex, ecog, synchronous"});
}

}  // namespace coley
