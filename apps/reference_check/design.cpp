// SPDX-License-Identifier: Apache-2.0
// Family design: group-sequential designs, sample size and event prediction against R's rpact, whose argument names the
// cases use.
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "registry.hpp"
#include "statistics/survival_sample_size.hpp"

namespace coley::reference_check {
namespace {

using namespace coley::statistics;

bool has(const json& spec, const char* key) { return spec.contains(key) && !spec.at(key).is_null(); }

double number(const json& spec, const char* key, double otherwise) {
  return has(spec, key) ? pack_numbers(spec.at(key)).at(0) : otherwise;
}

std::string word(const json& spec, const char* key, const char* otherwise) {
  return has(spec, key) ? spec.at(key).get<std::string>() : otherwise;
}

/// A spending function by the second half of its name: asOF, bsHSD, ...
Spending spending(const std::string& name, double parameter, const json& cumulative) {
  if (name == "OF") return {SpendingKind::obrien_fleming, 0, {}};
  if (name == "P") return {SpendingKind::pocock, 0, {}};
  if (name == "HSD") return {SpendingKind::hwang_shih_decani, parameter, {}};
  if (name == "KD") return {SpendingKind::kim_demets, parameter, {}};
  if (name == "User") return {SpendingKind::user, 0, pack_numbers(cumulative)};
  throw InputError(Fault{.key = "spending", .found = name, .expected = "OF, P, HSD, KD or User"});
}

std::vector<double> information_rates(const json& spec) {
  if (has(spec, "informationRates")) return pack_numbers(spec.at("informationRates"));
  const auto looks = static_cast<int>(number(spec, "kMax", 1));
  std::vector<double> rates;
  for (int k = 1; k <= looks; ++k) rates.push_back(static_cast<double>(k) / looks);
  return rates;
}

void set_shape(SequentialPlan& plan, const json& spec) {
  const std::string type = word(spec, "typeOfDesign", "OF");
  if (type.rfind("as", 0) == 0) {
    plan.shape = BoundaryShape::spending;
    plan.alpha_spending = spending(type.substr(2), number(spec, "gammaA", 1), spec.value("userAlphaSpending", json()));
    if (plan.two_sided)
      for (double& spent : plan.alpha_spending.cumulative) spent *= 0.5;
  } else if (type == "noEarlyEfficacy") {
    plan.shape = BoundaryShape::spending;
    plan.alpha_spending = {SpendingKind::user, 0, std::vector<double>(plan.information.size(), 0.0)};
    plan.alpha_spending.cumulative.back() = plan.two_sided ? 0.5 * plan.alpha : plan.alpha;
  } else if (type == "HP") {
    plan.shape = BoundaryShape::haybittle_peto;
    plan.early_bound = number(spec, "constantBoundsHP", 3);
  } else if (type == "P") {
    plan.delta = 0.5;
  } else if (type == "WT") {
    plan.delta = number(spec, "deltaWT", 0);
  } else if (type == "PT") {
    plan.shape = BoundaryShape::pampallona_tsiatis;
    plan.delta = number(spec, "deltaPT1", 0);
    plan.futility_delta = number(spec, "deltaPT0", 0);
  } else if (type != "OF") {
    throw InputError(Fault{.key = "typeOfDesign", .found = type, .expected = "OF, P, WT, PT, HP or a spending function"});
  }
}

SequentialDesign design_of(const json& spec) {
  SequentialPlan plan{.information = information_rates(spec),
                      .alpha = number(spec, "alpha", 0.025),
                      .beta = number(spec, "beta", 0.2),
                      .two_sided = number(spec, "sided", 1) == 2};
  set_shape(plan, spec);
  if (has(spec, "futilityBounds")) {
    plan.futility_z = pack_numbers(spec.at("futilityBounds"));
    plan.futility_z.resize(plan.information.size() - 1, plan.futility_z.back());
  }
  if (const std::string type = word(spec, "typeBetaSpending", "none"); type != "none")
    plan.beta_spending = spending(type.substr(2), number(spec, "gammaB", 1), spec.value("userBetaSpending", json()));
  plan.two_sided_power = has(spec, "twoSidedPower") && spec.at("twoSidedPower").get<bool>();
  plan.binding = has(spec, "bindingFutility") && spec.at("bindingFutility").get<bool>();
  return make_sequential_design(plan);
}

void check_group_sequential(const Case& one, Verdict& verdict) {
  const SequentialDesign design = design_of(one.spec);
  const double inflation = design.inflation();
  json got = {{"information_rates", design.plan.information}, {"critical_z", json::array()},
              {"alpha_spent", design.alpha_spent},            {"inflation_factor", inflation},
              {"shift", design.drift * design.drift},         {"n_fixed", design.fixed_drift * design.fixed_drift}};
  for (const double z : design.efficacy_z) {
    got["critical_z"].push_back(std::isinf(z) ? json("Inf") : json(z));
    got["stage_levels_one_sided"].push_back(0.5 * std::erfc(z / std::sqrt(2.0)));
  }
  const OperatingCharacteristics at = operating_characteristics(design, design.drift);
  double power = 0;
  for (std::size_t k = 0; k < at.stop_above.size(); ++k)
    got["power"].push_back(power += at.stop_above[k] + (design.plan.two_sided && design.plan.two_sided_power ? at.stop_below[k] : 0));
  const auto sample_number = [&](double drift) {
    return inflation * operating_characteristics(design, drift).expected_information;
  };
  const bool looks = design.efficacy_z.size() > 1;  // rpact gives no sample numbers for a fixed design
  got["asn_h1"] = looks ? json({sample_number(design.drift)}) : json::array();
  got["asn_h01"] = looks ? json({sample_number(0.5 * design.drift)}) : json::array();
  got["asn_h0"] = looks ? json({sample_number(0.0)}) : json::array();
  for (const char* key : {"asn_h1", "asn_h01", "asn_h0"})
    if (one.expected.contains(key) && one.expected.at(key).is_number()) got[key] = got[key].at(0);
  got["futility_z"] = std::vector<double>(design.futility_z.begin(), design.futility_z.end() - 1);
  for (json& z : got["futility_z"])
    if (std::isinf(z.get<double>())) z = -6.0;  // rpact writes -6 for no bound
  verdict.compare(got, one.expected, {.relative = 0, .absolute = 1e-5});
}

/// Rate lambda of S(t) = exp(-(lambda t)^kappa) of an arm given as lambda, median, or share with an event by eventTime; 0
/// when not given.
double hazard(const json& args, const std::string& arm) {
  const double inverse = 1 / number(args, "kappa", 1);
  if (has(args, ("lambda" + arm).c_str())) return number(args, ("lambda" + arm).c_str(), 0);
  if (has(args, ("median" + arm).c_str())) return std::pow(std::log(2.0), inverse) / number(args, ("median" + arm).c_str(), 0);
  if (has(args, ("pi" + arm).c_str())) return std::pow(-std::log1p(-number(args, ("pi" + arm).c_str(), 0)), inverse) / number(args, "eventTime", 12);
  return 0;
}

/// Control hazard as given, treated hazard as given or by the hazard ratio (or control from treated).
struct Hazards {
  PiecewiseHazard treated, control;
  double ratio;
  std::vector<double> lambda1, lambda2;  ///< as rpact gives them
};

/// The hazard of S(t) = exp(-(lambda t)^kappa) in pieces that keep its integral, fine enough for eight digits.
PiecewiseHazard weibull_hazard(double lambda, double kappa) {
  if (kappa == 1) return {{0.0}, {lambda}};
  constexpr int kPieces = 12000;
  const double last = 30 / lambda;  // by when all have had the event, but for e^-30 and less for kappa above 1
  PiecewiseHazard hazard{{}, {}};
  const auto cut = [&](int i) { return last * std::pow(static_cast<double>(i) / kPieces, 3); };
  const auto cumulative = [&](double t) { return std::pow(lambda * t, kappa); };
  for (int i = 0; i < kPieces; ++i) {
    hazard.starts.push_back(cut(i));
    hazard.rates.push_back((cumulative(cut(i + 1)) - cumulative(cut(i))) / (cut(i + 1) - cut(i)));
  }
  return hazard;
}
Hazards hazards_of(const json& args) {
  if (has(args, "piecewiseSurvivalTime")) {
    const double ratio = number(args, "hazardRatio", 1);
    const PiecewiseHazard control{pack_numbers(args.at("piecewiseSurvivalTime")), pack_numbers(args.at("lambda2"))};
    PiecewiseHazard treated = control;
    for (double& rate : treated.rates) rate *= ratio;
    if (has(args, "lambda1")) treated.rates = pack_numbers(args.at("lambda1"));
    return {treated, control, has(args, "lambda1") ? treated.rates[0] / control.rates[0] : ratio, treated.rates, control.rates};
  }
  const double kappa = number(args, "kappa", 1), factor = std::pow(number(args, "hazardRatio", 1), 1 / kappa);
  double treated = hazard(args, "1"), control = hazard(args, "2");
  if (treated == 0) treated = control * factor;
  if (control == 0) control = treated / factor;
  return {weibull_hazard(treated, kappa), weibull_hazard(control, kappa), std::pow(treated / control, kappa), {treated}, {control}};
}

Accrual accrual_of(const json& args) {
  std::vector<double> times = has(args, "accrualTime") ? pack_numbers(args.at("accrualTime")) : std::vector<double>{0, 12};
  if (times.size() == 1) times.insert(times.begin(), 0.0);
  std::vector<double> intensities = has(args, "accrualIntensity") ? pack_numbers(args.at("accrualIntensity")) : std::vector<double>{1};
  intensities.resize(times.size() - 1, intensities.back());
  return {times, intensities};
}

TwoArmAccrual trial_of(const json& args, const Hazards& hazards) {
  const double time = number(args, "dropoutTime", 12);
  return {{hazards.treated, dropout_hazard(number(args, "dropoutRate1", 0), time)},
          {hazards.control, dropout_hazard(number(args, "dropoutRate2", 0), time)},
          number(args, "allocationRatioPlanned", 1),
          accrual_of(args)};
}

/// What rpact solves for depends on what is given: accrual without an end is prolonged at its last intensity, a number of
/// patients (or intensities that are absolute, 1 or more, over a given time) fixes the follow-up, and else the number of
/// patients is solved for.
SurvivalTrialSize size_of(const json& args, const SequentialDesign& design, const SurvivalQuestion& question,
                          TwoArmAccrual trial) {
  Accrual& accrual = trial.accrual;
  const double follow_up = number(args, "followUpTime", 6), patients = number(args, "maxNumberOfSubjects", 0);
  if (accrual.times.back() == 0) {
    accrual.times.back() = 1;
    if (patients == 0) return size_for_intensity(design, question, trial, follow_up);
    accrual.times.back() = patients / accrual.intensities.back();
  }
  if (patients > 0) return size_for_patients(design, question, trial, patients);
  const bool absolute = has(args, "accrualIntensity") && accrual.intensities[0] >= 1 && !has(args, "followUpTime");
  if (absolute) return size_for_patients(design, question, trial, accrual.patients());
  return size_for_follow_up(design, question, trial, follow_up);
}

void check_sample_size(const Case& one, Verdict& verdict) {
  const json& args = one.spec.at("args");
  const SequentialDesign design = design_of(one.spec.at("design"));
  const Hazards hazards = hazards_of(args);
  const TwoArmAccrual trial = trial_of(args, hazards);
  const std::string formula = word(args, "typeOfComputation", "Schoenfeld");
  const SurvivalQuestion question{hazards.ratio, number(args, "thetaH0", 1),
                                  formula == "Freedman"        ? EventsFormula::freedman
                                  : formula == "HsiehFreedman" ? EventsFormula::hsieh_freedman
                                                               : EventsFormula::schoenfeld};
  const SurvivalTrialSize size = size_of(args, design, question, trial);
  json got = {{"events_fixed", {size.events_fixed}},
              {"max_events", {size.max_events}},
              {"subjects_fixed", {size.patients_fixed}},
              {"max_subjects", {size.patients}},
              {"events_per_stage", size.events_by_look},
              {"analysis_time", size.time_by_look},
              {"study_duration", {size.expected_duration}},
              {"follow_up", {size.follow_up}},
              {"expected_events_h1", {size.expected_events}},
              {"lambda1", hazards.lambda1},
              {"lambda2", hazards.lambda2},
              {"hazard_ratio", {hazards.ratio}},
              {"critical_hr", size.critical_ratio}};
  if (design.plan.two_sided) got["critical_hr"] = json::array();  // rpact gives a lower and an upper one
  verdict.compare(got, one.expected, {.relative = one.relative_tolerance(1e-4)});
}

void check_schoenfeld(const Case& one, Verdict& verdict) {
  const double events = schoenfeld_events(one.number("hr", 0), one.number("alpha_one_sided", 0.025), one.number("power", 0.9),
                                          one.number("allocation", 0.5));
  verdict.compare({{"events", events}}, one.expected);
}

void check_event_probability(const Case& one, Verdict& verdict) {
  const TwoArmAccrual trial = trial_of(one.spec, hazards_of(one.spec));
  json got = {{"time", pack_numbers(one.spec.at("time"))}};
  for (const double time : pack_numbers(one.spec.at("time"))) {
    got["event_prob_treated"].push_back(event_share(trial.treated, trial.accrual, time));
    got["event_prob_control"].push_back(event_share(trial.control, trial.accrual, time));
    got["overall"].push_back(event_share(trial, time));
  }
  verdict.compare(got, one.expected, {.relative = one.relative_tolerance(1e-6)});
}

}  // namespace

void add_design_checks(Registry& registry) {
  registry.kinds["group_sequential"] = check_group_sequential;
  registry.kinds["sample_size_survival"] = check_sample_size;
  registry.kinds["schoenfeld_events"] = check_schoenfeld;
  registry.kinds["event_probability"] = check_event_probability;
}

}  // namespace coley::reference_check
