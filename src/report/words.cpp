// SPDX-License-Identifier: Apache-2.0
#include "report/words.hpp"

#include <algorithm>
#include <set>

namespace coley::report {
namespace {

const std::map<std::string, std::string>& words() {
  static const std::map<std::string, std::string> all{
      // steps of the flow
      {"randomised", "Randomised"},
      {"unresectable", "Found unresectable"},
      {"operated", "Operated"},
      {"perioperative_death", "Died within 30 days of the operation"},
      {"second_procedure", "Of these, a second procedure"},
      {"transabdominal", "Of these, through the abdomen"},
      {"complete_resection", "Of these, every known metastasis taken out"},
      {"unfit_site", "Not treated further: disease in an excluded organ"},
      {"unfit_performance", "Not treated further: performance status"},
      {"unfit_progression", "Not treated further: progression"},
      {"unfit_comorbidity", "Not treated further: heart or lung disease"},
      {"refused", "Refused systemic treatment"},
      {"retreated", "Study drugs given again at progression"},
      {"not_operated", "Not operated on"},
      {"lost_after_surgery", "Died or lost before systemic treatment"},
      {"eligible_after_surgery", "Fit for systemic treatment after surgery"},
      {"not_started", "Did not start systemic treatment"},
      {"started_systemic", "Started systemic treatment"},
      {"discontinued_toxicity", "Stopped for toxicity"},
      {"discontinued_progression", "Stopped for progression or recurrence"},
      {"discontinued_death", "Died on treatment"},
      {"completed_in_part", "Completed treatment, one drug stopped before for toxicity"},
      {"not_resumed", "Not treated further after an operation"},
      {"discontinued_lost", "Lost to follow-up on treatment"},
      {"on_treatment", "On treatment when observation ended"},
      {"stopped_elective", "Stopped by plan"},
      {"completed", "Completed treatment"},
      {"withdrawn", "Lost to follow-up at any time"},
      {"next_line", "Treated after recurrence or progression"},
      // reasons not to enrol
      {"never_found", "Tumour never large enough to be found"},
      {"histology", "Histology"},
      {"risk_low", "Risk group not admitted"},
      {"metastatic", "Metastases that cannot be resected"},
      {"performance", "Performance status"},
      {"no_metastases", "No metastases"},
      {"nephrectomy", "Kidney in place, or out, against the protocol"},
      {"site", "Organs with disease"},
      {"burden", "More metastases than the protocol admits"},
      {"not_measurable", "No measurable disease"},
      {"risk_group", "IMDC or MSKCC group not admitted"},
      {"group_full", "Recruitment of the risk group closed"},
      {"earlier_treatment", "Died on treatment before the trial, or did not end it as the protocol asks"},
      {"early_recurrence", "Disease on the scan before randomisation"},
      {"not_integrated", "Could not be integrated"},
      // covariates and levels
      {"risk", "Risk group"},
      {"leibovich", "Leibovich score"},
      {"uiss", "UISS"},
      {"imdc", "IMDC risk group"},
      {"mskcc", "MSKCC risk group"},
      {"ecog", "ECOG performance status"},
      {"sarcomatoid", "Sarcomatoid features"},
      {"synchronous", "Metastases known at diagnosis"},
      {"prior_nephrectomy", "Primary removed before enrolment"},
      {"lung_metastases", "Detectable lung metastases"},
      {"metastases", "Detectable metastases"},
      {"stopped_for", "Earlier treatment stopped for"},
      {"plan", "Plan"},
      {"toxicity", "Toxicity"},
      {"disease_free_interval", "Months from nephrectomy to metastases"},
      {"5_or_more", "5 or more"},
      {"under_12", "Under 12"},
      {"12_to_24", "12 to 24"},
      {"over_24", "Over 24"},
      {"intermediate_high", "Intermediate-high"},
      {"m1_ned", "M1, no evidence of disease"},
      {"under_65", "Under 65 years"},
      {"65_and_over", "65 years and over"},
      {"clear_cell", "Clear cell"},
      {"non_clear_cell", "Non-clear cell"},
      {"msi_h", "MSI-H"},
      {"mss", "MSS"},
      // adverse events
      {"grade3plus", "Adverse event of grade 3 or more"},
      {"drug_grade3plus", "Drug-related adverse event of grade 3 or more"},
      {"treatment_related_death", "Treatment-related death"},
      // endpoints
      {"OS", "Overall survival"},
      {"PFS", "Progression-free survival"},
      {"DFS", "Disease-free survival"},
      {"RFI", "Recurrence-free interval"},
      {"RFS", "Recurrence-free survival"},
      {"EFS", "Event-free survival"},
      {"MFS", "Metastasis-free survival"},
      {"TFS", "Treatment-free survival"},
      {"TTNT", "Time to next treatment"},
      {"TTD", "Time to end of study treatment"},
      {"TTR", "Time to response"},
      {"DOR", "Duration of response"},
      {"TTDET", "Time to deterioration"},
      {"LC", "Local control of irradiated lesions"},
  };
  return all;
}

/// Steps of the flow at which patients leave the path: of those who began systemic treatment, every one in one of them.
const std::set<std::string> kLeaving{"not_operated", "unresectable", "lost_after_surgery",       "perioperative_death",      "not_started",
                                     "discontinued_death", "discontinued_toxicity",    "not_resumed", "discontinued_lost", "completed_in_part",
                                     "unfit_site", "unfit_performance", "unfit_progression", "unfit_comorbidity", "refused",
                                     "stopped_elective",   "discontinued_progression", "completed", "on_treatment"};

}  // namespace

std::string in_words(const std::string& key) {
  if (const auto known = words().find(key); known != words().end()) return known->second;
  std::string text = key;
  std::replace(text.begin(), text.end(), '_', ' ');
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

FlowStep flow_step(std::string name, Count patients) {
  std::string label = in_words(name);
  const bool leaves = kLeaving.count(name) > 0;
  return {std::move(name), patients, std::move(label), leaves};
}

std::map<std::string, std::string> figure_words(const Summary& s) {
  std::map<std::string, std::string> shown;
  const auto add = [&](const std::string& key) { shown[key] = in_words(key); };
  if (s.screening) {
    for (const NamedCount& why : s.screening->excluded) add(why.name);
  }
  for (const Comparison& c : s.comparisons) {
    if (c.covariate) add(*c.covariate);
    if (c.level) add(*c.level);
  }
  for (const TwinSummary& t : s.twins) {
    for (const TwinGroup& g : t.by) {
      add(g.covariate);
      add(g.level);
    }
  }
  return shown;
}

}  // namespace coley::report
