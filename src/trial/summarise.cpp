// SPDX-License-Identifier: Apache-2.0
#include "trial/summarise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "protocol/drug_file.hpp"
#include "protocol/vocabulary.hpp"
#include "statistics/estimate.hpp"
#include "statistics/p_value.hpp"
#include "statistics/proportion.hpp"
#include "trial/estimates.hpp"
#include "trial/limits.hpp"
#include "trial/quality.hpp"
#include "trial/treatment_words.hpp"
#include "trial/version.hpp"

namespace coley {

namespace {

using report::finite;

report::Estimate months(const statistics::Estimate& days) {
  return {finite(days.estimate / kDaysPerMonth), finite(days.low / kDaysPerMonth), finite(days.high / kDaysPerMonth)};
}

report::SafetyRow safety_row(const char* name, long long patients, long long treated) {
  report::SafetyRow row{name, patients, {}};
  if (treated > 0) {
    const auto interval = statistics::clopper_pearson(patients, treated);
    row.share = {interval.estimate, interval.low, interval.high};
  }
  return row;
}

report::RestrictedMean restricted(const statistics::SurvivalCurve& curve, double month) {
  const auto mean = statistics::restricted_mean(curve, month * kDaysPerMonth);
  return {month, {finite(mean.value / kDaysPerMonth), finite(mean.low / kDaysPerMonth), finite(mean.high / kDaysPerMonth)}};
}

report::Endpoint endpoint(const Design& design, const View& view, const statistics::SurvivalCurve& curve) {
  report::Endpoint result{.name = view.endpoint_name, .cutoff = view.cutoff};
  result.n = static_cast<report::Count>(curve.subjects);
  result.events = static_cast<report::Count>(curve.events);
  result.median_months = months(statistics::quantile(curve, 0.5));
  for (const Analysis& analysis : design.protocol().analyses) {
    if (analysis.endpoint != view.endpoint_name || analysis.cutoff != view.cutoff) continue;
    for (double month : analysis.landmarks_months) {
      const auto point = statistics::curve_at(curve, month * kDaysPerMonth);
      result.at.push_back({month, {finite(point.survival), finite(point.low), finite(point.high)}});
    }
    if (analysis.rmst_months > 0) result.rmst = restricted(curve, analysis.rmst_months);
    break;
  }
  return result;
}

report::SurvivalCurve figure(const View& view, const std::string& arm, const statistics::SurvivalCurve& curve) {
  report::SurvivalCurve result{.endpoint = view.endpoint_name, .arm = arm, .cutoff = view.cutoff};
  result.points.push_back({0, 1, 1.0, 1.0});
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (curve.event_count[i] > 0) result.points.push_back({curve.time[i] / kDaysPerMonth, curve.survival[i], finite(curve.low[i]), finite(curve.high[i])});
  }
  if (curve.size() > 0) {
    const std::size_t end = curve.size() - 1;
    result.points.push_back({curve.time[end] / kDaysPerMonth, curve.survival[end], finite(curve.low[end]), finite(curve.high[end])});
  }
  std::vector<double> ticks;
  const double last = curve.time.empty() ? 0 : curve.time.back() / kDaysPerMonth;
  // an eighth of a day before the tick, which is a quarter of a day or none from a whole one: nobody leaves at that moment, so that
  // the three add up, and who leaves on the very day is at risk; the first rounds to month -0, hence the + 0.0
  for (double month = 0; month <= last; month += 12) ticks.push_back(month * kDaysPerMonth - 0.125);
  for (const auto& row : statistics::risk_table(curve, ticks)) {
    result.at_risk.push_back({std::round(row.time / kDaysPerMonth) + 0.0, static_cast<report::Count>(row.at_risk),
                              static_cast<report::Count>(row.censored), static_cast<report::Count>(row.events)});
  }
  return result;
}

std::vector<report::FlowStep> flow(const Arm& arm, const ArmCounts& counts) {
  std::vector<report::FlowStep> steps;
  const auto add = [&](const char* name, long long patients) { steps.push_back(report::flow_step(name, patients)); };
  add("randomised", counts.randomised);
  if (!arm.operations.empty()) {
    add("not_operated", counts.not_operated);
    add("unresectable", counts.unresectable);
    add("operated", counts.operated);
    const auto of = [&](OperationKind kind) { return std::any_of(arm.operations.begin(), arm.operations.end(), [&](const Operation& o) { return o.kind == kind; }); };
    if (of(OperationKind::nephrectomy) || of(OperationKind::partial_nephrectomy)) {
      add("transabdominal", counts.transabdominal);
      add("second_procedure", counts.second_procedure);
      add("perioperative_death", counts.perioperative_death);
    }
    if (of(OperationKind::metastasectomy)) add("complete_resection", counts.complete_resection);
    if (!arm.drugs.empty()) {
      static constexpr std::array<const char*, 6> names{"", "unfit_site", "unfit_performance", "unfit_progression", "unfit_comorbidity", "refused"};
      for (std::size_t i = 1; i < names.size(); ++i) add(names[i], counts.unfit[i]);
      add("lost_after_surgery", counts.lost_after_surgery);
      add("eligible_after_surgery", counts.eligible_after_surgery);
    }
  }
  const auto elective = [](const Dosing& d) { return d.stop.after_months >= 0 || d.stop.after_response_months >= 0 || d.stop.after_complete_response_months >= 0; };
  const bool stops = std::any_of(arm.drugs.begin(), arm.drugs.end(), elective);
  const bool repeats = std::any_of(arm.drugs.begin(), arm.drugs.end(), [](const Dosing& d) { return d.stop.retreat_at_progression; });
  add("started_systemic", counts.started());
  if (!arm.drugs.empty()) {  // each who started is in one of these
    add("completed", counts.ended(TreatmentEnd::completed));
    if (arm.drugs.size() > 1) add("completed_in_part", counts.ended(TreatmentEnd::completed_in_part));
    if (stops) add("stopped_elective", counts.ended(TreatmentEnd::plan));
    add("discontinued_toxicity", counts.ended(TreatmentEnd::toxicity));
    add("discontinued_progression", counts.ended(TreatmentEnd::progression));
    if (!arm.operations.empty()) add("not_resumed", counts.ended(TreatmentEnd::not_resumed));
    add("discontinued_death", counts.ended(TreatmentEnd::death));
    add("discontinued_lost", counts.ended(TreatmentEnd::lost));
    add("on_treatment", counts.ended(TreatmentEnd::ongoing));
  }
  if (repeats) add("retreated", counts.retreated);
  add("next_line", counts.next_line);
  add("withdrawn", counts.withdrawn);
  return steps;
}

/// An endpoint that every trial of this entry counts, at its last cut-off.
statistics::SurvivalCurve last_curve(const Design& design, const Tally& tally, std::size_t arm, const char* endpoint) {
  for (const std::size_t v : overall_views(design)) {
    if (design.views[v].endpoint_name == endpoint) return tally.views[v].kaplan_meier(static_cast<int>(arm));
  }
  bug(std::string("an endpoint that is not counted: ") + endpoint);
}

report::Estimate response_median(const Design& design, const Tally& tally, std::size_t arm, const char* endpoint) {
  return months(statistics::quantile(last_curve(design, tally, arm, endpoint), 0.5));
}

report::Estimate share(long long patients, long long n) {
  if (n <= 0) return {};
  const auto interval = statistics::clopper_pearson(patients, n);
  return {interval.estimate, interval.low, interval.high};
}

std::optional<report::Response> response(const Design& design, const Tally& tally, std::size_t arm) {
  const ArmCounts& counts = tally.arms[arm];
  report::Response result;
  result.cr = counts.best[0];
  result.pr = counts.best[1];
  result.sd = counts.best[2];
  result.pd = counts.best[3];
  result.ne = counts.best[4];
  result.n = result.cr + result.pr + result.sd + result.pd + result.ne;
  if (result.n == 0) return std::nullopt;
  result.orr = share(result.cr + result.pr, result.n);
  result.cr_rate = share(result.cr, result.n);
  result.durable_cr_rate = share(counts.durable_complete, result.n);
  if (result.cr + result.pr == 0) return result;
  result.median_duration_months = response_median(design, tally, arm, "DOR");
  result.median_time_months = response_median(design, tally, arm, "TTR");
  return result;
}

std::vector<report::BaselineRow> baseline(const Design& design, const Tally& tally) {
  std::vector<report::BaselineRow> rows;
  const auto enrolled = static_cast<double>(tally.screening.enrolled);
  std::size_t cell = 0;
  const auto add = [&](const std::string& covariate, const std::string& level) {
    const long long n = tally.baseline[cell++];
    if (n > 0) rows.push_back({covariate, level, n, static_cast<double>(n) / enrolled});
  };
  for (const Design::BaselineCovariate& covariate : design.baseline) {
    for (const std::string& level : covariate.levels) add(covariate.name, level);
  }
  for (std::string_view organ : kOrganNames) add("site", std::string(organ));
  return rows;
}

report::ArmSummary arm_summary(const Design& design, const Tally& tally, std::size_t a, std::vector<report::SurvivalCurve>& figures) {
  const Arm& arm = design.protocol().arms[a];
  const ArmCounts& counts = tally.arms[a];
  report::ArmSummary result{.name = arm.name, .label = arm.label, .treatment = treatment_words(arm)};
  result.n = counts.randomised;
  result.flow = flow(arm, counts);
  if (design.setting.entry == Entry::metastatic) result.response = response(design, tally, a);
  const std::vector<std::size_t> drawn = drawn_views(design);
  for (std::size_t v : overall_views(design)) {
    const View& view = design.views[v];
    const auto curve = tally.views[v].kaplan_meier(static_cast<int>(a));
    result.endpoints.push_back(endpoint(design, view, curve));
    if (std::find(drawn.begin(), drawn.end(), v) != drawn.end()) figures.push_back(figure(view, arm.name, curve));
  }
  result.quality_adjusted = quality_adjusted(tally.quality[a], last_curve(design, tally, a, "OS"));
  result.treated = counts.started();
  result.safety = {safety_row("grade3plus", counts.grade3plus, counts.started()),
                   safety_row("drug_grade3plus", counts.drug_toxicity, counts.started()),
                   safety_row("treatment_related_death", counts.treatment_death, counts.started())};
  return result;
}

/// Where the curves of single trials lie, and the first of them; `curves` by arm, then by drawn view.
void add_trial_curves(const Design& design, const TrialResult& result, std::size_t first, std::vector<report::SurvivalCurve>& curves) {
  const std::vector<std::size_t> drawn = drawn_views(design);
  std::size_t k = first;
  for (std::size_t d = 0; d < drawn.size(); ++d) {
    for (std::size_t a = 0; a < design.setting.arms.size(); ++a) {
      report::SurvivalCurve& curve = curves[a * drawn.size() + d];
      for (const double month : grid_months(design.views[drawn[d]])) {
        const auto range = range_over_trials(result, k, curve.envelope_level);
        if (range) curve.envelope.push_back({month, *range->low, *range->high});
        if (range && k < result.by_trial[0].size() && !std::isnan(result.by_trial[0][k])) curve.one_trial.push_back({month, result.by_trial[0][k], {}, {}});
        ++k;
      }
      if (curve.envelope.empty()) continue;
      curve.envelope.insert(curve.envelope.begin(), {0, 1, 1});
      curve.one_trial.insert(curve.one_trial.begin(), {0, 1, {}, {}});
    }
  }
}

report::Comparison comparison(const Design& design, const Tally& tally, const Analysis& analysis, std::size_t v) {
  const View& view = design.views[v];
  const int experimental = design.arm(analysis.experimental), control = design.arm(analysis.control);
  report::Comparison result{.endpoint = analysis.endpoint, .experimental = analysis.experimental, .control = analysis.control, .cutoff = analysis.cutoff};
  if (view.level >= 0) {
    result.covariate = view.covariate;
    result.level = levels_of(view.covariate)[static_cast<std::size_t>(view.level)];
  }
  const statistics::DayCounts pair = tally.views[v].pair(control, experimental);
  const statistics::DayCounts counts = analysis.stratified ? pair : pair.pooled();
  result.n_control = static_cast<report::Count>(counts.patients(0));
  result.n_experimental = static_cast<report::Count>(counts.patients(1));
  result.events_control = static_cast<report::Count>(counts.events(0));
  result.events_experimental = static_cast<report::Count>(counts.events(1));
  const auto hr = counts.hazard_ratio();
  if (hr.not_estimable.empty() && !hr.infinite) {
    result.hazard_ratio = report::HazardRatio{{finite(hr.hazard_ratio.estimate), finite(hr.hazard_ratio.low), finite(hr.hazard_ratio.high)}, finite(hr.p)};
  }
  const auto test = counts.log_rank();
  if (test.not_estimable.empty()) result.logrank = report::LogRank{test.chi_square, test.p};
  if (analysis.rmst_months > 0 && view.level < 0) {
    const auto contrast = statistics::rmst_contrast(counts.kaplan_meier(0), counts.kaplan_meier(1), analysis.rmst_months * kDaysPerMonth, true);
    const auto& d = contrast.difference;
    result.rmst_difference = report::RestrictedMean{analysis.rmst_months,
        {finite(d.estimate / kDaysPerMonth), finite(d.low / kDaysPerMonth), finite(d.high / kDaysPerMonth)}};
  }
  return result;
}

/// Chi-square test that the log hazard ratios of a covariate's levels are one and the same (Cochran's Q).
void set_interaction(const std::string& covariate, std::size_t first, std::vector<report::Comparison>& rows) {
  double weights = 0, weighted = 0, squares = 0;
  int levels = 0;
  const auto of_covariate = [&](const report::Comparison& row) { return row.covariate == covariate && row.hazard_ratio && row.hazard_ratio->ratio.low && row.hazard_ratio->ratio.high; };
  for (std::size_t i = first; i < rows.size(); ++i) {
    if (!of_covariate(rows[i])) continue;
    const auto& ratio = rows[i].hazard_ratio->ratio;
    const double log_hr = std::log(*ratio.estimate), se = (std::log(*ratio.high) - std::log(*ratio.low)) / (2 * statistics::kNormal975);
    weights += 1 / (se * se);
    weighted += log_hr / (se * se);
    squares += log_hr * log_hr / (se * se);
    ++levels;
  }
  if (levels < 2) return;
  const double q = std::max(0.0, squares - weighted * weighted / weights);
  const double p = statistics::chi_square_tail(q, levels - 1).p;
  for (std::size_t i = first; i < rows.size(); ++i) {
    if (of_covariate(rows[i])) rows[i].interaction_p = p;
  }
}

void add_comparisons(const Design& design, const Tally& tally, std::vector<report::Comparison>& out) {
  for (const Analysis& analysis : design.protocol().analyses) {
    const std::size_t first = out.size();
    for (std::size_t v = 0; v < design.views.size(); ++v) {
      const View& view = design.views[v];
      if (view.endpoint_name != analysis.endpoint || view.cutoff != analysis.cutoff) continue;
      const bool wanted = view.level < 0 || std::find(analysis.subgroups.begin(), analysis.subgroups.end(), view.covariate) != analysis.subgroups.end();
      if (!wanted) continue;
      report::Comparison row = comparison(design, tally, analysis, v);
      if (row.n_control + row.n_experimental > 0) out.push_back(std::move(row));
    }
    for (const std::string& covariate : analysis.subgroups) set_interaction(covariate, first, out);
  }
}

report::TwinSummary twin_summary(const Design& design, std::size_t k, const TwinCounts& counts) {
  const Design::TwinPair& pair = design.twin_pairs[k];
  report::TwinSummary result{.endpoint = pair.endpoint_name,
                             .experimental = design.setting.arm_names[static_cast<std::size_t>(pair.experimental)],
                             .control = design.setting.arm_names[static_cast<std::size_t>(pair.control)]};
  result.horizon_months = pair.horizon_day / kDaysPerMonth;
  long long n = 0, better = 0, worse = 0;
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < counts.histogram.size(); ++i) {
    const auto days = static_cast<double>(static_cast<long long>(i) - pair.horizon_day);
    const auto c = counts.histogram[i];
    n += c;
    sum += days * static_cast<double>(c);
    squares += days * days * static_cast<double>(c);
    if (days > 1) better += c;
    if (days < -1) worse += c;
  }
  result.n = n;
  if (n == 0) return result;
  const auto total = static_cast<double>(n);
  const auto mean_of = [](double s, double q, double m) {
    const double mean = s / m, se = std::sqrt(std::max(0.0, q / m - mean * mean) / m);
    return report::Estimate{mean, mean - statistics::kNormal975 * se, mean + statistics::kNormal975 * se};
  };
  result.mean_benefit_days = mean_of(sum, squares, total);
  result.share_better = static_cast<double>(better) / total;
  result.share_worse = static_cast<double>(worse) / total;
  long long passed = 0;
  std::size_t i = 0;
  for (int step = 0; step <= 200; ++step) {
    const double share = step / 200.0;
    while (i + 1 < counts.histogram.size() && static_cast<double>(passed + counts.histogram[i]) < share * total) passed += counts.histogram[i++];
    while (step == 0 && counts.histogram[i] == 0) ++i;  // the smallest benefit that occurred
    result.benefit_days.push_back({share, static_cast<double>(static_cast<long long>(i) - pair.horizon_day)});
  }
  for (std::size_t g = 0; g < counts.groups.size(); ++g) {
    const TwinCounts::Group& group = counts.groups[g];
    if (group.n == 0) continue;
    const auto size = static_cast<double>(group.n);
    result.by.push_back({design.twin_groups[g].covariate, levels_of(design.twin_groups[g].covariate)[static_cast<std::size_t>(design.twin_groups[g].level)],
                         group.n, mean_of(static_cast<double>(group.sum), static_cast<double>(group.squares), size),
                         static_cast<double>(group.better) / size, static_cast<double>(group.worse) / size});
  }
  return result;
}

std::string distribution_words(const Parameter& row) {
  switch (row.distribution) {
    case Distribution::fixed: return "";
    case Distribution::lognormal: return fmt::format("log-normal, sd {:g}", row.sd);
    case Distribution::logit_normal: return fmt::format("logit-normal, sd {:g}", row.sd);
    case Distribution::normal: return fmt::format("normal, sd {:g}", row.sd);
  }
  return "";
}

/// What a number, of these values over the members of the ensemble, is; "" where it is the same in all.
std::string ensemble_range(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  if (values.empty() || values.front() == values.back()) return "";
  return fmt::format("; in this run {:.3g} ({:.3g} to {:.3g}) over {} fitted sets", values[values.size() / 2], values.front(), values.back(), values.size());
}

std::vector<report::ParameterRow> parameter_rows(const Design& design) {
  std::vector<report::ParameterRow> rows;
  for (const Parameter& row : design.inputs.parameters.rows()) {
    std::string source = row.status == "calibrated" ? "calibrated; " + row.source : row.source;
    std::vector<double> values;
    for (const auto& member : design.members) values.push_back(member->inputs.parameters.row(row.symbol).value);
    source += ensemble_range(std::move(values));
    rows.push_back({"Patient model", row.symbol, row.meaning, row.unit, row.value, distribution_words(row), source, false});
  }
  for (const auto& [name, drug] : design.inputs.drugs) {
    const auto numbers = numbers_of(drug);
    std::vector<std::vector<double>> values(numbers.size());  // over the members
    for (const auto& member : design.members) {
      const auto of_member = numbers_of(member->inputs.drugs.at(name));
      for (std::size_t k = 0; k < numbers.size(); ++k) values[k].push_back(of_member[k].number.value);
    }
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      const DrugNumber& number = numbers[k];
      const std::string source = number.number.source + ensemble_range(std::move(values[k]));
      rows.push_back({drug.label, number.key, number.meaning, number.unit, number.number.value, "", source, false});
    }
  }
  return rows;
}

report::Screening screening(const ScreeningCount& count) {
  report::Screening result{.screened = count.screened, .enrolled = count.enrolled};
  for (std::size_t i = 0; i < count.excluded.size(); ++i) {
    if (count.excluded[i] > 0) result.excluded.push_back({std::string(kExclusionNames[i]), count.excluded[i]});
  }
  return result;
}

report::WorkFacts work_facts(const solver::Work& work) {
  const double taken = static_cast<double>(work.steps + work.rejected);
  return {work.steps, work.rejected, work.stops, work.lane_slots > 0 ? taken / static_cast<double>(work.lane_slots) : 0.0};
}

}  // namespace

report::Summary summarise(const Design& design, const RunOptions& options, const TrialResult& result, const std::string& command) {
  const Tally& tally = result.tally;
  report::Summary summary;
  summary.coley = {kVersion, options.seed, options.patients, result.whole_trials, design.inputs.parameters_sha256, command};
  summary.run = {options.threads, 1, result.wall_seconds, static_cast<double>(options.patients) / std::max(1e-9, result.wall_seconds),
                 work_facts(result.tally.natural_history), work_facts(result.tally.courses)};
  const Protocol& protocol = design.protocol();
  summary.trial = {protocol.name, protocol.title, design.inputs.protocol_sha256, protocol.sources, protocol.assumed};
  summary.screening = screening(tally.screening);
  summary.baseline = baseline(design, tally);
  for (std::size_t a = 0; a < protocol.arms.size(); ++a) summary.arms.push_back(arm_summary(design, tally, a, summary.survival));
  add_comparisons(design, tally, summary.comparisons);
  for (std::size_t k = 0; k < tally.twins.size(); ++k) summary.twins.push_back(twin_summary(design, k, tally.twins[k]));
  summary.evidence = evidence_rows(design, result);
  add_trial_curves(design, result, summary.evidence.size(), summary.survival);
  summary.evidence_rule = "A row agrees when the published estimate lies within the central 90 % of simulated trials of the published size and follow-up.";
  if (result.whole_trials < static_cast<long long>(kLeastTrials)) summary.evidence_rule += fmt::format(" That takes at least {} such trials, and this run has {}: no row is scored.", kLeastTrials, result.whole_trials);
  summary.failures.integration = tally.failed + tally.screening.excluded[static_cast<std::size_t>(Exclusion::not_integrated)];
  summary.parameters = parameter_rows(design);
  summary.limits = model_limits();
  return summary;
}

namespace {

/// The text as one word of a POSIX shell.
std::string for_shell(const std::string& text) {
  constexpr const char* kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.,=+-/:%";
  if (text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::string repeat_command(const std::string& trial, const std::vector<std::string>& sets, const RunOptions& options) {
  std::string text = fmt::format("coley run {} --patients {} --seed {}", for_shell(trial), options.patients, options.seed);
  for (const std::string& set : sets) text += " --set " + for_shell(set);
  if (options.twins) text += " --twins";
  return text;
}

}  // namespace coley
