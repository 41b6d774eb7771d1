// SPDX-License-Identifier: Apache-2.0
#include "trial/design.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "core/units.hpp"
#include "course/medication.hpp"
#include "course/run_in.hpp"
#include "protocol/ensemble.hpp"
#include "protocol/shipped.hpp"
#include "protocol/vocabulary.hpp"
#include "treatment/exposure.hpp"
#include "trial/quality.hpp"

namespace coley {

double enrolment_day(const Accrual& accrual, double u) {
  // Rate rises linearly to 1 over the ramp, then stays: patients(t) = t^2/(2r) for t < r, t - r/2 after it.
  const double length = accrual.months, ramp = std::min(accrual.ramp_months, length);
  const double target = u * (length - ramp / 2);
  const double months = target < ramp / 2 ? std::sqrt(2 * ramp * target) : target + ramp / 2;
  return months * kDaysPerMonth;
}

double enrolment_day(const Accrual& accrual, const Patient& patient) {
  return enrolment_day(accrual, patient.draws.stream(Purpose::assignment).uniform());
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

/// Those that are begun again at progression after an elective stop.
std::vector<DosingPlan> given_again(const std::vector<DosingPlan>& drugs) {
  std::vector<DosingPlan> again;
  std::copy_if(drugs.begin(), drugs.end(), std::back_inserter(again), [](const DosingPlan& drug) { return drug.dosing.stop.retreat_at_progression; });
  return again;
}

ArmPlan arm_plan(const Arm& arm, const std::map<std::string, Drug>& drugs) {
  ArmPlan plan{resolve_drugs(arm.drugs, drugs), arm.radiotherapy, pulses_of(arm.radiotherapy), arm.operations, {}, arm.supportive_care};
  std::stable_sort(plan.operations.begin(), plan.operations.end(), [](const Operation& a, const Operation& b) { return a.day < b.day; });
  plan.retreatment = given_again(plan.drugs);
  return plan;
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

/// What patients had before the trial: one arm, scans every 12 weeks, nothing after progression.
CourseSetting earlier_treatment(const CourseSetting& setting, std::vector<DosingPlan> drugs) {
  CourseSetting earlier = setting;
  earlier.arm_names = {"earlier treatment"};
  earlier.arms = {{.drugs = std::move(drugs)}};
  earlier.later.clear();
  earlier.scan_days.clear();
  for (int day = 84; day < kLongestRunIn; day += 84) earlier.scan_days.push_back(day);
  earlier.withdrawal_per_year = 0;
  earlier.irecist = false;
  return earlier;
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
    if (link.quantity == "treatment_free_months" || link.quantity == "treatment_free") {
      for (const char* endpoint : {"TTNT", "TTD"}) {
        link.subgroup.empty() ? add_view(design, endpoint, link.cutoff, "", -1)
                              : add_subgroups(design, endpoint, link.cutoff, link.subgroup.substr(0, link.subgroup.find('=')));
      }
    }
    if (link.quantity == "orr" && !link.subgroup.empty()) {
      for (const char* endpoint : {"TTR", "OS"}) add_subgroups(design, endpoint, link.cutoff, link.subgroup.substr(0, link.subgroup.find('=')));
    }
    if (link.endpoint.empty()) continue;
    add_view(design, link.endpoint, link.cutoff, "", -1);
    if (!link.subgroup.empty()) add_subgroups(design, link.endpoint, link.cutoff, link.subgroup.substr(0, link.subgroup.find('=')));
  }
}

void plan_twins(Design& design) {
  std::vector<std::string> grouped;
  for (const Analysis& analysis : design.protocol().analyses) {
    // local control is of lesions; times from or to a response, and without treatment, are of those who have them
    static const std::set<std::string> of_some{"LC", "DOR", "TTR", "TFS"};
    if (of_some.count(analysis.endpoint)) continue;
    const int experimental = design.arm(analysis.experimental), control = design.arm(analysis.control);
    const auto same = [&](const Design::TwinPair& pair) {
      return pair.endpoint_name == analysis.endpoint && pair.experimental == experimental && pair.control == control;
    };
    if (std::any_of(design.twin_pairs.begin(), design.twin_pairs.end(), same)) continue;
    design.twin_pairs.push_back({endpoint_named(analysis.endpoint), analysis.endpoint, experimental, control, static_cast<int>(60 * kDaysPerMonth)});
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

/// Covariates that only patients of metastatic entry have, and those that only make sense after resection.
constexpr std::array<std::string_view, 7> kOfMetastaticEntry{"imdc", "mskcc", "prior_nephrectomy", "lung_metastases", "metastases", "disease_free_interval", "stopped_for"};
constexpr std::array<std::string_view, 3> kOfAdjuvantEntry{"risk", "leibovich", "uiss"};
/// Those that only kidney cancer has.
constexpr std::array<std::string_view, 6> kRenal{"risk", "leibovich", "uiss", "imdc", "mskcc", "sarcomatoid"};

bool applies(const std::string& covariate, const Population& population) {
  const auto in = [&](const auto& list) { return std::find(list.begin(), list.end(), covariate) != list.end(); };
  if (population.disease != "renal" && in(kRenal)) return false;
  if (covariate == "stopped_for" && population.prior_until != PriorUntil::stop) return false;
  return population.entry == Entry::adjuvant ? !in(kOfMetastaticEntry) : !in(kOfAdjuvantEntry);
}

bool irradiates(const Protocol& protocol) {
  return std::any_of(protocol.arms.begin(), protocol.arms.end(), [](const Arm& arm) { return !arm.radiotherapy.empty(); });
}

/// What a protocol can say and this version cannot simulate is refused, never passed over.
class Refusal {
 public:
  Refusal(const Protocol& protocol, const std::map<std::string, Drug>& drugs) : protocol_(protocol), drugs_(drugs) {}

  void run() {
    population();
    drugs("population.prior", protocol_.population.prior);
    for (const Dosing& dosing : protocol_.population.prior) prior_rules(dosing.stop);
    for (const Arm& arm : protocol_.arms) {
      drugs("arm." + arm.name + ".drug", arm.drugs);
      if (protocol_.population.entry == Entry::adjuvant && !arm.radiotherapy.empty()) {
        refuse("arm." + arm.name + ".radiotherapy", "radiotherapy with adjuvant entry", "it with metastatic entry: known lesions are irradiated");
      }
      for (const Operation& operation : arm.operations) {
        if (protocol_.population.disease != "renal" && operation.kind != OperationKind::metastasectomy) {
          refuse("arm." + arm.name + ".operation", "a nephrectomy in " + protocol_.population.disease + " disease", "metastasectomy");
        }
      }
      if (protocol_.population.entry == Entry::adjuvant && !arm.operations.empty()) {
        refuse("arm." + arm.name + ".operation", "an operation", "none in adjuvant entry, where the kidney is out already");
      }
    }
    for (const LaterTreatment& later : protocol_.later) {
      drugs("later." + later.label + ".drug", later.drugs);
      for (const Operation& operation : later.operations) {
        if (operation.kind != OperationKind::metastasectomy) refuse("later." + later.label + ".operation", "a nephrectomy", "metastasectomy; the kidney is taken out in an arm");
      }
    }
    endpoints();
    if (!faults_.empty()) throw InputError(std::move(faults_));
  }

 private:
  void refuse(std::string key, std::string found, std::string expected) {
    faults_.push_back({.file = protocol_.name, .key = std::move(key), .found = std::move(found), .expected = std::move(expected)});
  }

  void covariate(const std::string& key, const std::string& name) {
    if (name.empty() || applies(name, protocol_.population)) return;
    refuse(key, name, protocol_.population.disease != "renal" ? "a covariate of colorectal cancer" : protocol_.population.entry == Entry::adjuvant ? "a covariate of patients after resection" : "a covariate of metastatic disease");
  }

  void population() {
    const Population& population = protocol_.population;
    if (population.disease != "renal" && population.entry == Entry::adjuvant) refuse("population.entry", "adjuvant in " + population.disease + " disease", "metastatic; stages of the bowel are not simulated");
    if (population.disease != "renal" && !(population.eligibility.imdc.empty() && population.eligibility.mskcc.empty())) refuse("population.eligibility", "IMDC or MSKCC groups in " + population.disease + " disease", "none; they are of kidney cancer");
    if (population.entry == Entry::adjuvant && !population.mix_by.empty() && population.mix_by != "risk") refuse("population.mix", population.mix_by, "risk");
    covariate("population.mix", population.mix_by);
    if (population.entry == Entry::metastatic && !population.eligibility.risk.empty()) {
      refuse("population.eligibility.risk", "groups after resection", "imdc or mskcc");
    }
    if (population.entry == Entry::adjuvant && !population.eligibility.exclude_sites.empty()) {
      refuse("population.eligibility.exclude_sites", "organs", "none in adjuvant entry, where no disease may be seen anywhere");
    }
    for (const std::string& stratum : protocol_.randomisation.strata) covariate("randomisation.strata", stratum);
    if (protocol_.randomisation.assignment == Assignment::by_indication) {
      if (protocol_.arms.size() != 2) refuse("randomisation.assignment", "by_indication with " + std::to_string(protocol_.arms.size()) + " arms", "two arms, the chosen one first");
      if (population.entry == Entry::adjuvant) refuse("randomisation.assignment", "by_indication in adjuvant entry", "randomised, or entry = \"metastatic\"");
    }
    if (protocol_.visits.irecist && population.entry == Entry::adjuvant) refuse("visits.irecist", "true in adjuvant entry", "false: a recurrence is the first sign of disease");
  }

  void drugs(const std::string& key, const std::vector<Dosing>& dosings) {
    if (dosings.size() > kMostDrugs) refuse(key, std::to_string(dosings.size()) + " drugs", "at most 4 at once");
    for (const Dosing& dosing : dosings) {
      dose(key, dosing, drugs_.at(dosing.drug));
    }
  }

  /// A dose must be in a unit that the drug's kinetics can read.
  void dose(const std::string& key, const Dosing& dosing, const Drug& drug) {
    if (dosing.dose <= 0 || drug.drug_class == DrugClass::placebo) return;
    const auto refuse_drug = [&](const std::string& which, std::string found, std::string expected) {
      faults_.push_back({.file = "drugs/" + drug.name + ".toml", .key = key + which, .found = std::move(found), .expected = std::move(expected)});
    };
    const bool units = treatment::in_units(dosing.unit);
    const bool reads_units = drug.il2 || (drug.one_compartment && drug.one_compartment->mg_per_miu);
    if (units && !reads_units && drug.pharmacokinetics != Pharmacokinetics::schedule) refuse_drug(".unit", dosing.unit, "mg, mg/kg or mg/m2; the drug has no mg_per_miu");
    if (!units && drug.il2) refuse_drug(".unit", dosing.unit, "MIU, MIU/m2 or kIU/kg");
    if (drug.two_compartment_iv && dosing.route != Route::iv) refuse_drug(".route", routes()[static_cast<std::size_t>(dosing.route)], "iv; the kinetics of " + drug.name + " are those of infusions");
    if (drug.two_compartment_iv && !dosing.days_on.empty()) refuse_drug(".days_on", "days with doses", "every_days and doses; antibodies are given one by one");
    if (drug.il2 && dosing.route == Route::po) refuse_drug(".route", "po", "iv, sc or civ");
    if (drug.hypotension && dosing.days_on.empty() && dosing.doses <= 0) {
      refuse_drug(".days_on", "a series without end", "cycle_days and days_on, or doses: whether doses are withheld is decided for each block");
    }
  }

  /// Treatment before the trial that ends by plan may say when; nothing else, and none where progression ends it.
  void prior_rules(const StopRules& stop) {
    const bool by_plan = stop.after_months >= 0 || stop.after_response_months >= 0 || stop.after_complete_response_months >= 0;
    const bool plain = stop.progression && stop.toxicity && !stop.retreat_at_progression && !stop.treat_beyond_progression;
    if (plain && (!by_plan || protocol_.population.prior_until == PriorUntil::stop)) return;
    refuse("population.prior.stop", "rules of treatment before the trial", "progression and toxicity; with prior_until = \"stop\" a time or a response too");
  }

  void endpoints() {
    const bool adjuvant = protocol_.population.entry == Entry::adjuvant;
    for (const Analysis& analysis : protocol_.analyses) {
      const std::string& name = analysis.endpoint;
      if (adjuvant && (name == "PFS" || name == "DOR" || name == "TTR")) refuse("analysis.endpoint", name, "OS, DFS, RFI, TTNT, TTD, TFS or TTDET in adjuvant entry");
      if (!adjuvant && (name == "DFS" || name == "RFI")) refuse("analysis.endpoint", name, "OS, PFS, TTNT, TTD, TFS, DOR, TTR, TTDET or LC in metastatic entry");
      if (name == "LC" && !irradiates(protocol_)) refuse("analysis.endpoint", name, "radiotherapy in an arm, or another endpoint");
      for (const std::string& subgroup : analysis.subgroups) covariate("analysis.subgroups", subgroup);
    }
    for (const EvidenceLink& link : protocol_.evidence) covariate("evidence.subgroup", link.subgroup.substr(0, link.subgroup.find('=')));
  }

  const Protocol& protocol_;
  const std::map<std::string, Drug>& drugs_;
  std::vector<Fault> faults_;
};

/// Endpoints that every trial of the entry shows, at its last data cut-off.
void plan_usual_views(Design& design) {
  const auto& cutoffs = design.protocol().cutoffs;
  const auto last = std::max_element(cutoffs.begin(), cutoffs.end(), [&](const Cutoff& a, const Cutoff& b) {
    return cutoff_day(design.protocol(), a) < cutoff_day(design.protocol(), b);
  });
  const auto show = [&](const char* endpoint) { add_view(design, endpoint, last->name, "", -1); };
  if (design.setting.entry == Entry::metastatic) {
    for (const char* endpoint : {"OS", "PFS", "DOR", "TTR", "TTNT", "TTD", "TFS"}) show(endpoint);
  } else {
    show("OS");
  }
  show("TTDET");
  if (irradiates(design.protocol())) show("LC");
}

void plan_baseline(Design& design) {
  for (const Covariate& covariate : covariates()) {
    if (applies(covariate.name, design.protocol().population)) design.baseline.push_back({covariate.name, covariate.levels, level_reader(covariate.name)});
  }
}

}  // namespace

Design make_design(TrialInputs inputs) {
  Refusal(inputs.protocol, inputs.drugs).run();
  Design design{.inputs = std::move(inputs)};
  const Protocol& protocol = design.protocol();
  CourseSetting& setting = design.setting;
  setting.entry = protocol.population.entry;
  setting.disease = read_disease(design.inputs.parameters, protocol.population.disease);
  setting.life_table = LifeTable::parse(*shipped_text("evidence/life_table.csv"), "evidence/life_table.csv");
  setting.withdrawal_per_year = protocol.visits.withdrawal_per_year;
  setting.confirm_days = 7 * protocol.visits.confirm_weeks;
  setting.irecist = protocol.visits.irecist;
  for (const Arm& arm : protocol.arms) {
    setting.arm_names.push_back(arm.name);
    setting.arms.push_back(arm_plan(arm, design.inputs.drugs));
  }
  for (const LaterTreatment& later : protocol.later) {
    std::vector<DosingPlan> drugs = resolve_drugs(later.drugs, design.inputs.drugs), again = given_again(drugs);
    setting.later.push_back({later, std::move(drugs), std::move(again)});
  }
  for (const Cutoff& cutoff : protocol.cutoffs) design.longest_follow_up = std::max(design.longest_follow_up, cutoff_day(protocol, cutoff));
  setting.scan_days = scan_days(protocol.visits, design.longest_follow_up);
  if (!protocol.population.prior.empty()) {
    const std::vector<DosingPlan> prior = resolve_drugs(protocol.population.prior, design.inputs.drugs);
    design.earlier = earlier_treatment(setting, prior);
    setting.had = prior;
  }
  for (const std::string& covariate : protocol.randomisation.strata) {
    design.stratum_readers.push_back(level_reader(covariate));
    design.stratum_levels.push_back(static_cast<int>(levels_of(covariate).size()));
    design.strata *= design.stratum_levels.back();
  }
  plan_views(design);
  plan_usual_views(design);
  plan_baseline(design);
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
  const auto months = static_cast<std::size_t>(quality_months(longest_follow_up)) + 1;
  tally.quality.assign(setting.arms.size(), {std::vector<long long>(months), std::vector<long long>(months)});
  tally.baseline.resize(kOrgans);
  for (const BaselineCovariate& covariate : baseline) tally.baseline.resize(tally.baseline.size() + covariate.levels.size());
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

Design at_ensemble(Design design, const Ensemble& ensemble, const std::vector<std::string>& sets) {
  std::string digests;
  for (std::size_t m = 0; m < ensemble.members.size(); ++m) {
    auto member = std::make_shared<Design>(make_design(with_member(design.inputs, ensemble, m, sets)));
    digests += member->inputs.parameters_sha256;
    design.members.push_back(std::move(member));
  }
  design.inputs.parameters_sha256 = sha256(digests);
  return design;
}

Design read_design(const NamedText& protocol, const std::vector<std::string>& sets) {
  std::vector<std::string> others = sets;
  const std::optional<Ensemble> ensemble = take_ensemble(others);
  Design design = make_design(read_trial(protocol, others));
  return ensemble ? at_ensemble(std::move(design), *ensemble, others) : design;
}

}  // namespace coley
