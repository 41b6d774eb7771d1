// SPDX-License-Identifier: Apache-2.0
#include "trial/design.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "course/medication.hpp"
#include "protocol/shipped.hpp"
#include "protocol/vocabulary.hpp"
#include "treatment/exposure.hpp"

namespace coley {

double enrolment_day(const Accrual& accrual, double u) {
  // Rate rises linearly to 1 over the ramp, then stays: patients(t) = t^2/(2r) for t < r, t - r/2 after it.
  const double length = accrual.months, ramp = std::min(accrual.ramp_months, length);
  const double target = u * (length - ramp / 2);
  const double months = target < ramp / 2 ? std::sqrt(2 * ramp * target) : target + ramp / 2;
  return months * kDaysPerMonth;
}

double enrolment_day(const Accrual& accrual, const Patient& patient) {
  return enrolment_day(accrual, DrawAddress{patient.draws.key, patient.draws.patient, 0}.stream(Purpose::assignment).uniform());
}

namespace {

std::vector<DosingPlan> resolve_drugs(const std::vector<Dosing>& dosings, const std::map<std::string, Drug>& drugs) {
  std::vector<DosingPlan> plans;
  for (const Dosing& dosing : dosings) {
    const auto drug = drugs.find(dosing.drug);
    if (drug == drugs.end()) bug("a drug that was not read: " + dosing.drug);
    plans.push_back({dosing, treatment::resolve(drug->second)});
  }
  return plans;
}

double cutoff_day(const Protocol& protocol, const Cutoff& cutoff) {
  if (cutoff.months_after_first_patient) return *cutoff.months_after_first_patient * kDaysPerMonth;
  return *cutoff.median_follow_up_months * kDaysPerMonth + enrolment_day(protocol.accrual, 0.5);
}

std::vector<int> scan_days(const Visits& visits, double longest) {
  std::vector<int> days;
  double day = 0;
  for (const ScanPeriod& period : visits.scans) {
    while (day + 7 * period.every_weeks <= std::min(longest, period.until_months * kDaysPerMonth)) {
      day += 7 * period.every_weeks;
      days.push_back(static_cast<int>(std::lround(day)));
    }
  }
  return days;
}

void add_view(Design& design, const std::string& endpoint, const std::string& cutoff, const std::string& covariate, int level) {
  if (design.view(endpoint, cutoff, covariate, level) >= 0) return;
  double day = 0;
  for (const Cutoff& c : design.protocol().cutoffs) {
    if (c.name == cutoff) day = cutoff_day(design.protocol(), c);
  }
  design.views.push_back({endpoint_named(endpoint), endpoint, cutoff, day, covariate, level});
  design.view_readers.push_back(covariate.empty() ? LevelOf{} : level_reader(covariate));
}

void add_subgroups(Design& design, const std::string& endpoint, const std::string& cutoff, const std::string& covariate) {
  const int levels = static_cast<int>(levels_of(covariate).size());
  for (int level = 0; level < levels; ++level) add_view(design, endpoint, cutoff, covariate, level);
}

void plan_views(Design& design) {
  const Protocol& protocol = design.protocol();
  for (const Analysis& analysis : protocol.analyses) add_view(design, analysis.endpoint, analysis.cutoff, "", -1);
  for (const Analysis& analysis : protocol.analyses) {
    for (const std::string& covariate : analysis.subgroups) add_subgroups(design, analysis.endpoint, analysis.cutoff, covariate);
  }
  for (const EvidenceLink& link : protocol.evidence) {
    if (link.endpoint.empty()) continue;
    add_view(design, link.endpoint, link.cutoff, "", -1);
    if (!link.subgroup.empty()) add_subgroups(design, link.endpoint, link.cutoff, link.subgroup.substr(0, link.subgroup.find('=')));
  }
}

void plan_twins(Design& design) {
  std::vector<std::string> grouped;
  for (const Analysis& analysis : design.protocol().analyses) {
    const auto same = [&](const Design::TwinPair& pair) { return pair.endpoint_name == analysis.endpoint; };
    if (std::any_of(design.twin_pairs.begin(), design.twin_pairs.end(), same)) continue;
    design.twin_pairs.push_back({endpoint_named(analysis.endpoint), analysis.endpoint, design.arm(analysis.experimental),
                                 design.arm(analysis.control), static_cast<int>(60 * kDaysPerMonth)});
    for (const std::string& covariate : analysis.subgroups) {
      if (std::find(grouped.begin(), grouped.end(), covariate) == grouped.end()) grouped.push_back(covariate);
    }
  }
  for (Design::TwinPair& pair : design.twin_pairs) pair.horizon_day = std::min(pair.horizon_day, static_cast<int>(design.longest_follow_up));
  for (const std::string& covariate : grouped) {
    for (int level = 0; level < static_cast<int>(levels_of(covariate).size()); ++level) {
      design.twin_groups.push_back({covariate, level, level_reader(covariate)});
    }
  }
}

/// A dose must be in a unit that the drug's kinetics can read.
void refuse_dose(const std::string& key, const Dosing& dosing, const Drug& drug, std::vector<Fault>& faults) {
  if (dosing.dose <= 0 || drug.drug_class == DrugClass::placebo) return;
  const auto refuse = [&](const std::string& which, std::string found, std::string expected) {
    faults.push_back({.file = "drugs/" + drug.name + ".toml", .key = key + which, .found = std::move(found), .expected = std::move(expected)});
  };
  const bool units = treatment::in_units(dosing.unit);
  const bool reads_units = drug.il2 || (drug.one_compartment && drug.one_compartment->mg_per_miu);
  if (units && !reads_units && drug.pharmacokinetics != Pharmacokinetics::schedule) refuse(".unit", dosing.unit, "mg, mg/kg or mg/m2; the drug has no mg_per_miu");
  if (!units && drug.il2) refuse(".unit", dosing.unit, "MIU, MIU/m2 or kIU/kg");
  if (drug.two_compartment_iv && dosing.route != Route::iv) refuse(".route", routes()[static_cast<std::size_t>(dosing.route)], "iv; the kinetics of " + drug.name + " are those of infusions");
  if (drug.hypotension && dosing.days_on.empty() && dosing.doses <= 0) {
    refuse(".days_on", "a series without end", "cycle_days and days_on, or doses: whether doses are withheld is decided for each block");
  }
}

/// What a protocol can say and this version cannot simulate is refused, never passed over.
void refuse_unsupported(const Protocol& protocol, const std::map<std::string, Drug>& drugs_read) {
  std::vector<Fault> faults;
  const auto refuse = [&](std::string key, std::string found, std::string expected) {
    faults.push_back({.file = protocol.name, .key = std::move(key), .found = std::move(found), .expected = std::move(expected)});
  };
  const Population& population = protocol.population;
  if (population.disease != "renal") refuse("population.disease", population.disease, "renal; other diseases are not simulated yet");
  if (population.entry != Entry::adjuvant) refuse("population.entry", "metastatic", "adjuvant; trials of metastatic disease are not simulated yet");
  if (!population.mix_by.empty() && population.mix_by != "risk") refuse("population.mix", population.mix_by, "risk");
  const Eligibility& rules = population.eligibility;
  if (!rules.imdc.empty() || !rules.mskcc.empty() || !rules.exclude_sites.empty()) {
    refuse("population.eligibility", "a rule about metastatic disease", "age, ecog_max, histology and risk");
  }
  if (protocol.randomisation.assignment != Assignment::randomised) refuse("randomisation.assignment", "by_indication", "randomised; assignment by indication is not simulated yet");
  if (protocol.visits.irecist) refuse("visits.irecist", "true", "false; iRECIST is not part of a run yet");
  const auto check_drugs = [&](const std::string& key, const std::vector<Dosing>& drugs) {
    if (drugs.size() > kMostDrugs) refuse(key, std::to_string(drugs.size()) + " drugs", "at most 4 at once");
    for (const Dosing& dosing : drugs) {
      const StopRules& stop = dosing.stop;
      const bool plain = stop.progression && stop.toxicity && stop.after_months < 0 && stop.after_complete_response_months < 0 &&
                         stop.after_response_months < 0 && !stop.retreat_at_progression && !stop.treat_beyond_progression;
      if (!plain) refuse(key + ".stop", "rules for " + dosing.drug, "no stop table: recurrence, progression and toxicity end a drug; other rules are not simulated yet");
      refuse_dose(key, dosing, drugs_read.at(dosing.drug), faults);
    }
  };
  for (const Arm& arm : protocol.arms) {
    check_drugs("arm." + arm.name + ".drug", arm.drugs);
    if (!arm.operations.empty() || arm.supportive_care) {
      refuse("arm." + arm.name, "an operation or supportive care", "drugs and radiotherapy; these are not simulated within an arm yet");
    }
    if (!arm.radiotherapy.empty() && population.entry == Entry::adjuvant) {
      refuse("arm." + arm.name + ".radiotherapy", "radiotherapy with adjuvant entry", "it with metastatic entry: known lesions are irradiated");
    }
  }
  for (const LaterTreatment& later : protocol.later) check_drugs("later." + later.label + ".drug", later.drugs);
  for (const Analysis& analysis : protocol.analyses) {
    if (analysis.endpoint == "PFS") refuse("analysis.endpoint", "PFS", "OS, DFS or TFS in adjuvant entry");
  }
  if (!faults.empty()) throw InputError(std::move(faults));
}

}  // namespace

Design make_design(TrialInputs inputs) {
  refuse_unsupported(inputs.protocol, inputs.drugs);
  Design design{.inputs = std::move(inputs)};
  const Protocol& protocol = design.protocol();
  CourseSetting& setting = design.setting;
  setting.entry = protocol.population.entry;
  setting.disease = read_disease(design.inputs.parameters);
  setting.life_table = LifeTable::parse(*shipped_text("evidence/life_table.csv"), "evidence/life_table.csv");
  setting.withdrawal_per_year = protocol.visits.withdrawal_per_year;
  setting.confirm_days = 7 * protocol.visits.confirm_weeks;
  for (const Arm& arm : protocol.arms) {
    setting.arm_names.push_back(arm.name);
    setting.arms.push_back({.drugs = resolve_drugs(arm.drugs, design.inputs.drugs), .radiotherapy = arm.radiotherapy, .pulses = pulses_of(arm.radiotherapy)});
  }
  for (const LaterTreatment& later : protocol.later) setting.later.push_back({later, resolve_drugs(later.drugs, design.inputs.drugs)});
  for (const Cutoff& cutoff : protocol.cutoffs) design.longest_follow_up = std::max(design.longest_follow_up, cutoff_day(protocol, cutoff));
  setting.scan_days = scan_days(protocol.visits, design.longest_follow_up);
  for (const std::string& covariate : protocol.randomisation.strata) {
    design.stratum_readers.push_back(level_reader(covariate));
    design.stratum_levels.push_back(static_cast<int>(levels_of(covariate).size()));
    design.strata *= design.stratum_levels.back();
  }
  plan_views(design);
  plan_twins(design);
  return design;
}

int Design::stratum(const Patient& patient) const {
  int index = 0;
  for (std::size_t i = 0; i < stratum_readers.size(); ++i) index = index * stratum_levels[i] + stratum_readers[i](patient);
  return index;
}

int Design::arm(const std::string& name) const {
  for (std::size_t i = 0; i < setting.arm_names.size(); ++i) {
    if (setting.arm_names[i] == name) return static_cast<int>(i);
  }
  bug("an arm that the protocol's check let pass: " + name);
}

int Design::view(const std::string& endpoint, const std::string& cutoff, const std::string& covariate, int level) const {
  for (std::size_t i = 0; i < views.size(); ++i) {
    const View& v = views[i];
    if (v.endpoint_name == endpoint && v.cutoff == cutoff && v.covariate == covariate && v.level == level) return static_cast<int>(i);
  }
  return -1;
}

Tally Design::empty_tally(bool twins) const {
  Tally tally;
  const int arms = static_cast<int>(setting.arms.size());
  for (const View& view : views) tally.views.emplace_back(arms, view.covariate.empty() ? strata : 1);
  tally.arms.resize(setting.arms.size());
  if (!twins) return tally;
  for (const TwinPair& pair : twin_pairs) {
    TwinCounts counts;
    counts.horizon_day = pair.horizon_day;
    counts.histogram.resize(static_cast<std::size_t>(2 * pair.horizon_day + 1));
    counts.groups.resize(twin_groups.size());
    tally.twins.push_back(std::move(counts));
  }
  return tally;
}

}  // namespace coley
