// SPDX-License-Identifier: Apache-2.0
#include "protocol/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace coley {

const std::vector<Covariate>& covariates() {
  static const std::vector<Covariate> all = {
      {"risk",
       {"low", "intermediate_high", "high", "m1_ned", "metastatic"},
       "risk of recurrence after resection, as in KEYNOTE-564"},
      {"leibovich", {"low", "intermediate", "high"}, "Leibovich score"},
      {"uiss", {"low", "intermediate", "high"}, "UCLA integrated staging system"},
      {"imdc", {"favourable", "intermediate", "poor"}, "IMDC risk group"},
      {"mskcc", {"favourable", "intermediate", "poor"}, "MSKCC risk group"},
      {"ecog", {"0", "1", "2", "3", "4"}, "ECOG performance status"},
      {"age", {"under_65", "65_and_over"}, "age in years at enrolment"},
      {"sex", {"female", "male"}, "sex"},
      {"histology",
       {"clear_cell", "non_clear_cell", "msi_h", "mss"},
       "histology (renal) or mismatch repair (colorectal)"},
      {"sarcomatoid", {"no", "yes"}, "sarcomatoid features"},
      {"synchronous", {"no", "yes"}, "metastases known at diagnosis"},
      {"prior_nephrectomy", {"no", "yes"}, "primary removed before enrolment"},
      {"lung_metastases", {"no", "yes"}, "detectable metastases in the lung, before earlier treatment if there was any"},
      {"metastases", {"1", "2", "3", "4", "5_or_more"}, "metastases detectable at randomisation; at most five are followed"},
      {"disease_free_interval", {"under_12", "12_to_24", "over_24"}, "months from nephrectomy to metastases; under 12 when they were there at diagnosis"},
      {"stopped_for", {"plan", "toxicity"}, "why treatment before the trial was stopped; with prior_until = \"stop\""},
  };
  return all;
}

const Covariate* find_covariate(const std::string& name) {
  const auto& all = covariates();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Covariate& c) { return c.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> covariate_names() {
  std::vector<std::string> names;
  for (const Covariate& covariate : covariates()) names.push_back(covariate.name);
  return names;
}

std::vector<std::string> levels_of(const std::string& covariate) {
  const Covariate* found = find_covariate(covariate);
  if (!found) bug("no covariate " + covariate);
  return found->levels;
}

const std::vector<std::string>& organs() {
  static const std::vector<std::string> all = {"lung", "bone", "brain", "liver", "node", "soft_tissue", "peritoneum"};
  return all;
}

const std::vector<std::string>& endpoints() {
  static const std::vector<std::string> all = {"OS", "PFS", "DFS", "RFI", "TTNT", "TTD", "TFS", "DOR", "TTR", "TTDET", "LC"};
  return all;
}

const std::vector<std::string>& dose_units() {
  static const std::vector<std::string> all = {"mg", "mg/kg", "mg/m2", "MIU", "MIU/m2", "kIU/kg"};
  return all;
}

const std::vector<std::string>& routes() {
  static const std::vector<std::string> all = {"iv", "sc", "po", "civ"};
  return all;
}

const std::vector<std::string>& flow_steps() {
  static const std::vector<std::string> all = {
      "randomised",       "operated",         "unresectable",      "transabdominal",          "second_procedure",
      "perioperative_death", "complete_resection", "eligible_after_surgery", "not_started",    "started_systemic",
      "completed",        "stopped_elective",  "discontinued_toxicity", "discontinued_progression", "completed_in_part", "not_resumed",
      "discontinued_death", "discontinued_lost", "on_treatment", "withdrawn", "next_line"};
  return all;
}

namespace {

std::string among(const std::string& word, const std::vector<std::string>& words) {
  if (std::find(words.begin(), words.end(), word) != words.end()) return "";
  const std::string near = nearest(word, words);
  return fmt::format("one of {}{}", fmt::join(words, ", "), near.empty() ? "" : "; did you mean " + near + "?");
}

}  // namespace

std::string quantity_fault(const std::string& quantity) {
  if (quantity.starts_with("flow.")) return among(quantity.substr(5), flow_steps());
  if (quantity.starts_with("share.")) {
    const std::string rest = quantity.substr(6);
    const std::size_t dot = rest.find('.');
    const std::string covariate = rest.substr(0, dot);
    const std::string level = dot == std::string::npos ? "" : rest.substr(dot + 1);
    if (covariate == "site") return among(level, organs());
    if (const Covariate* found = find_covariate(covariate)) return among(level, found->levels);
    return among(covariate, covariate_names());
  }
  return among(quantity, {"hazard_ratio", "odds_ratio", "survival", "cumulative_incidence", "median", "median_gain", "orr", "orr_treated", "cr_rate", "durable_cr_rate", "grade3plus",
                          "treatment_related_death", "treatment_free_months", "treatment_free", "synchronous_at_diagnosis", "flow.<step>", "share.<covariate>.<level>", "share.site.<organ>"});
}

}  // namespace coley
