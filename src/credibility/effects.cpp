// SPDX-License-Identifier: Apache-2.0
#include "credibility/effects.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "core/error.hpp"
#include "protocol/vocabulary.hpp"
#include "statistics/estimate.hpp"
#include "trial/summarise.hpp"

namespace coley::credibility {

namespace {

[[noreturn]] void refuse(const Effect& effect, const std::string& expected) {
  throw InputError(Fault{.file = "evidence/effects.toml", .key = effect.trial + ": " + effect.claim, .found = effect.figure + " " + effect.endpoint + " " + effect.arm, .expected = expected});
}

bool is(const std::string& asked, const std::string& name) { return asked.empty() || asked == name; }

const report::ArmSummary& arm_of(const report::Summary& summary, const Effect& effect) {
  for (const report::ArmSummary& arm : summary.arms) {
    if (is(effect.arm, arm.name)) return arm;
  }
  refuse(effect, "an arm of the trial");
}

/// Patients of a group below which its mean says nothing.
constexpr report::Count kLeastOfGroup = 30;

/// True of covariate=level.
bool is_level(const std::string& subgroup) {
  const std::size_t equals = subgroup.find('=');
  const Covariate* covariate = find_covariate(subgroup.substr(0, equals));
  if (!covariate || equals == std::string::npos) return false;
  return std::find(covariate->levels.begin(), covariate->levels.end(), subgroup.substr(equals + 1)) != covariate->levels.end();
}

report::Estimate gain(const report::Summary& summary, const Effect& effect) {
  for (const report::TwinSummary& twins : summary.twins) {
    if (!is(effect.endpoint, twins.endpoint) || !is(effect.arm, twins.experimental) || !is(effect.against, twins.control)) continue;
    if (effect.subgroup.empty()) return twins.mean_benefit_days;
    for (const report::TwinGroup& group : twins.by) {
      if (group.covariate + "=" + group.level == effect.subgroup) return group.n < kLeastOfGroup ? report::Estimate{} : group.mean_benefit_days;
    }
    if (is_level(effect.subgroup)) return {};  // nobody of it
  }
  refuse(effect, "a comparison of the trial, and a subgroup of it");
}

report::Estimate hazard_ratio(const report::Summary& summary, const Effect& effect) {
  for (const report::Comparison& c : summary.comparisons) {
    if (effect.subgroup != (c.covariate ? *c.covariate + "=" + *c.level : "") || !is(effect.endpoint, c.endpoint) || !is(effect.arm, c.experimental) || !is(effect.against, c.control)) continue;
    return c.hazard_ratio ? c.hazard_ratio->ratio : report::Estimate{};
  }
  refuse(effect, "a comparison of the trial");
}

report::Estimate of_endpoint(const report::ArmSummary& arm, const Effect& effect, const std::string& endpoint) {
  for (const report::Endpoint& e : arm.endpoints) {
    if (e.name != endpoint) continue;
    if (effect.figure == "median") return e.median_months;
    for (const report::Landmark& at : e.at) {
      if (at.month == effect.month) return at.survival;
    }
  }
  refuse(effect, "an endpoint of the trial, and a landmark of its analysis");
}

report::Estimate of_response(const report::ArmSummary& arm, const Effect& effect) {
  if (!arm.response) return {};
  const report::Response& r = *arm.response;
  if (effect.figure == "response") return r.orr;
  if (effect.figure == "complete") return r.cr_rate;
  if (effect.figure == "durable") return r.durable_cr_rate.value_or(report::Estimate{});
  return r.median_duration_months.value_or(report::Estimate{});
}

/// A share of the arm with the normal interval, which is enough at these sizes.
report::Estimate share_of(report::Count patients, report::Count n) {
  if (n <= 0) return {};
  const double p = static_cast<double>(patients) / static_cast<double>(n), half = statistics::kNormal975 * std::sqrt(std::max(p * (1 - p), 1e-6) / static_cast<double>(n));
  return {p, std::max(0.0, p - half), std::min(1.0, p + half)};
}

bool of_twins(const Effect& effect) { return effect.figure == "gain"; }

report::Scale scale_of(const Effect& effect) {
  if (effect.figure == "hazard_ratio") return report::Scale::ratio;
  const bool time = of_twins(effect) || effect.figure == "median" || effect.figure == "duration";
  return time ? report::Scale::months : report::Scale::probability;
}

std::optional<double> null_of(const Effect& effect) {
  if (of_twins(effect)) return 0;
  if (effect.figure == "hazard_ratio") return 1;
  return std::nullopt;
}

/// A run that effects may share: several show another figure of the same patients.
struct Runs {
  const std::optional<Ensemble>& ensemble;
  const std::vector<std::string>& sets;
  std::uint64_t seed;
  int threads;
  std::map<std::tuple<std::string, long, bool, std::vector<std::string>>, report::Summary> known;

  const report::Summary& operator()(const Effect& effect, const std::vector<std::string>& off);
};

report::Summary simulate(const Effect& effect, std::vector<std::string> all, const std::optional<Ensemble>& ensemble, std::uint64_t seed, int threads) {
  RunOptions options{.patients = effect.patients, .seed = seed, .threads = threads, .twins = of_twins(effect)};
  if (ensemble) {
    const auto members = static_cast<long>(ensemble->members.size());
    const long size = std::max(1L, effect.patients / members);
    all.push_back("population.size=" + std::to_string(size));
    options.patients = size * members;
  }
  Design design = make_design(read_trial(effect.trial, all));
  if (ensemble) design = at_ensemble(std::move(design), *ensemble, all);
  return summarise(design, options, run_trial(design, options), "");
}

const report::Summary& Runs::operator()(const Effect& effect, const std::vector<std::string>& off) {
  std::vector<std::string> all = sets;
  all.insert(all.end(), effect.sets.begin(), effect.sets.end());
  all.insert(all.end(), off.begin(), off.end());
  const auto [run, unknown] = known.try_emplace({effect.trial, effect.patients, of_twins(effect), all});
  if (unknown) run->second = simulate(effect, std::move(all), ensemble, seed, threads);
  return run->second;
}

}  // namespace

report::Estimate figure_of(const report::Summary& summary, const Effect& effect) {
  const std::string& figure = effect.figure;
  if (figure == "gain") return gain(summary, effect);
  if (figure == "hazard_ratio") return hazard_ratio(summary, effect);
  for (const report::EvidenceRow& row : summary.evidence) {
    if (figure == "evidence." + row.id) return row.simulated;
  }
  const report::ArmSummary& arm = arm_of(summary, effect);
  if (figure == "survival" || figure == "median") return of_endpoint(arm, effect, effect.endpoint);
  if (figure == "local_control") return of_endpoint(arm, effect, "LC");
  if (figure == "response" || figure == "complete" || figure == "durable" || figure == "duration") return of_response(arm, effect);
  for (const report::FlowStep& step : arm.flow) {
    if (figure == "flow." + step.name) return share_of(step.patients, arm.n);
  }
  for (const report::SafetyRow& row : arm.safety) {
    if (figure == "harm." + row.name) return row.share;
  }
  refuse(effect, "gain, hazard_ratio, survival, median, local_control, response, complete, durable, duration, flow.<step>, harm.<row> or evidence.<row>, of a share");
}

Finding compare(const report::Estimate& with, const report::Estimate& without, report::Scale scale, std::optional<double> null) {
  const auto on_scale = [scale](double x) { return scale == report::Scale::ratio ? std::log(x) : x; };
  const auto known = [](const report::Estimate& e) { return e.estimate && e.low && e.high; };
  if (!known(with) || !known(without)) return Finding::not_estimable;
  const auto half = [&](const report::Estimate& e) { return (on_scale(*e.high) - on_scale(*e.low)) / 2; };
  const double a = on_scale(*with.estimate), b = on_scale(*without.estimate);
  if (null && std::abs(a - on_scale(*null)) <= half(with)) return Finding::no_effect;
  if (std::abs(a - b) <= std::hypot(half(with), half(without))) return Finding::no_difference;
  if (!null) return a > b ? Finding::falls : Finding::rises;
  const double left = std::abs(b - on_scale(*null)), effect = std::abs(a - on_scale(*null));
  if (left <= half(without) || left < 0.1 * effect) return Finding::gone;
  if ((a > on_scale(*null)) != (b > on_scale(*null))) return Finding::reversed;
  return left < effect ? Finding::smaller : Finding::larger;
}

std::vector<EffectResult> run_effects(const std::vector<Effect>& effects, const std::optional<Ensemble>& ensemble, const std::vector<std::string>& sets,
                                      std::uint64_t seed, int threads, const std::function<void(const Effect&)>& progress) {
  std::vector<EffectResult> results;
  Runs runs{ensemble, sets, seed, threads, {}};
  for (const Effect& effect : effects) {
    if (progress) progress(effect);
    EffectResult result{.effect = effect, .scale = scale_of(effect), .days = of_twins(effect)};
    result.with = figure_of(runs(effect, {}), effect);
    if (effect.off.empty()) {
      result.finding = Finding::one_run;
    } else {
      result.without = figure_of(runs(effect, effect.off), effect);
      result.finding = compare(result.with, result.without, result.scale, null_of(effect));
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace coley::credibility
