// SPDX-License-Identifier: Apache-2.0
#include "trial/estimates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/error.hpp"
#include "core/units.hpp"
#include "evidence/published.hpp"
#include "protocol/shipped.hpp"
#include "protocol/vocabulary.hpp"
#include "report/words.hpp"
#include "statistics/estimate.hpp"
#include "statistics/proportion.hpp"
#include "statistics/sample_quantile.hpp"

namespace coley {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTrialsLevel = 0.9;

/// Which arms a link speaks of, with the value of the row for each: value_a is the first (experimental) arm of the protocol.
struct Side {
  int arm;
  int which;
};

std::vector<Side> sides(const Design& design, const EvidenceLink& link, bool two_values) {
  if (!link.arm.empty()) {
    const int arm = design.arm(link.arm);
    const bool second = link.value.empty() ? arm > 0 : link.value == "b";
    return {{arm, two_values && second ? 2 : 1}};
  }
  return {{0, 1}, {1, 2}};
}

EvidenceEstimate share(std::string name, int which, long long events, long long n) {
  if (n <= 0) return {std::move(name), report::Scale::probability, which, kNaN, kNaN, kNaN};
  const auto interval = statistics::clopper_pearson(events, n);
  return {std::move(name), report::Scale::probability, which, interval.estimate, interval.low, interval.high};
}

const statistics::DayCounts& counts(const Design& design, const Tally& tally, const EvidenceLink& link) {
  std::string covariate;
  int level = -1;
  if (!link.subgroup.empty()) {
    const std::size_t equals = link.subgroup.find('=');
    covariate = link.subgroup.substr(0, equals);
    const auto levels = levels_of(covariate);
    level = static_cast<int>(std::find(levels.begin(), levels.end(), link.subgroup.substr(equals + 1)) - levels.begin());
  }
  const int view = design.view(link.endpoint, link.cutoff, covariate, level);
  if (view < 0) bug("an evidence link without a view: " + link.row);
  return tally.views[static_cast<std::size_t>(view)];
}

/// The protocol's first comparison of this endpoint: experimental and control arm.
std::pair<int, int> compared(const Design& design, const std::string& endpoint) {
  for (const Analysis& analysis : design.protocol().analyses) {
    if (analysis.endpoint == endpoint) return {design.arm(analysis.experimental), design.arm(analysis.control)};
  }
  return {0, 1};
}

/// Whether the comparison that the row speaks of is stratified.
bool stratified(const Design& design, const EvidenceLink& link) {
  const auto& analyses = design.protocol().analyses;
  return std::any_of(analyses.begin(), analyses.end(), [&](const Analysis& a) { return a.endpoint == link.endpoint && a.cutoff == link.cutoff && a.stratified; });
}

/// "risk=high" in words.
std::string subgroup_words(const std::string& subgroup) {
  const std::size_t equals = subgroup.find('=');
  return report::in_words(subgroup.substr(0, equals)) + ": " + report::in_words(subgroup.substr(equals + 1));
}

std::string described(const EvidenceLink& link) {
  return link.subgroup.empty() ? link.endpoint : link.endpoint + " (" + subgroup_words(link.subgroup) + ")";
}

/// Time without treatment within `month` months of randomisation: the area between the curves of next treatment and of end
/// of treatment (Regan 2021); or the share alive and without treatment at that month.
EvidenceEstimate treatment_free(const Design& design, const Tally& tally, const EvidenceLink& link, const Side& side, const std::string& label) {
  const auto curve = [&](const char* endpoint) {
    EvidenceLink of = link;
    of.endpoint = endpoint;
    return counts(design, tally, of).kaplan_meier(side.arm);
  };
  const auto next = curve("TTNT"), end = curve("TTD");
  const double day = link.month * kDaysPerMonth;
  if (link.quantity == "treatment_free") {
    const double share = statistics::curve_at(next, day).survival - statistics::curve_at(end, day).survival;
    return {fmt::format("Alive without treatment at {} months, {}", link.month, label), report::Scale::probability, side.which, share, kNaN, kNaN};
  }
  const double months = (statistics::restricted_mean(next, day).value - statistics::restricted_mean(end, day).value) / kDaysPerMonth;
  return {fmt::format("Months without treatment of {}, {}", link.month, label), report::Scale::months, side.which, months, kNaN, kNaN};
}

/// Odds of an event by the month at this level of the covariate, over those at its other level.
EvidenceEstimate odds_ratio(const Design& design, const Tally& tally, const EvidenceLink& link) {
  const std::size_t equals = link.subgroup.find('=');
  const std::string covariate = link.subgroup.substr(0, equals);
  const auto levels = levels_of(covariate);
  const auto odds = [&](const std::string& level) {
    EvidenceLink of = link;
    of.subgroup = covariate + "=" + level;
    const int arm = design.arm(link.arm);
    const statistics::DayCounts& patients = counts(design, tally, of);
    const auto n = static_cast<double>(patients.patients(arm));
    if (n == 0) return kNaN;
    // where all or none have had the event, half a patient in each cell (Haldane 1956)
    const double survival = statistics::curve_at(patients.kaplan_meier(arm), link.month * kDaysPerMonth).survival;
    const double held = survival > 0 && survival < 1 ? survival : (n * survival + 0.5) / (n + 1);
    return (1 - held) / held;
  };
  const std::string level = link.subgroup.substr(equals + 1);
  const double other = odds(levels[level == levels[0] ? 1 : 0]);
  return {fmt::format("Odds ratio of an event by {} months, {}", link.month, described(link)), report::Scale::ratio, 0,
          other > 0 ? odds(level) / other : kNaN, kNaN, kNaN};
}

/// By how much the median of the endpoint is longer in the first arm of its comparison.
EvidenceEstimate median_gain(const Design& design, const Tally& tally, const EvidenceLink& link) {
  const auto [experimental, control] = compared(design, link.endpoint);
  const auto median = [&](int arm) { return statistics::quantile(counts(design, tally, link).kaplan_meier(arm), 0.5).estimate / kDaysPerMonth; };
  return {"Gain in median " + described(link), report::Scale::months, 0, median(experimental) - median(control), kNaN, kNaN};
}

long long flow_count(const ArmCounts& flow, const std::string& step) {
  const std::map<std::string, long long> counts{
      {"randomised", flow.randomised}, {"operated", flow.operated}, {"unresectable", flow.unresectable},
      {"transabdominal", flow.transabdominal}, {"second_procedure", flow.second_procedure},
      {"perioperative_death", flow.perioperative_death}, {"complete_resection", flow.complete_resection},
      {"eligible_after_surgery", flow.eligible_after_surgery}, {"not_started", flow.ended(TreatmentEnd::not_started)},
      {"started_systemic", flow.started()}, {"completed", flow.ended(TreatmentEnd::completed)}, {"stopped_elective", flow.ended(TreatmentEnd::plan)},
      {"discontinued_toxicity", flow.ended(TreatmentEnd::toxicity)}, {"discontinued_progression", flow.ended(TreatmentEnd::progression)},
      {"completed_in_part", flow.ended(TreatmentEnd::completed_in_part)}, {"not_resumed", flow.ended(TreatmentEnd::not_resumed)},
      {"discontinued_death", flow.ended(TreatmentEnd::death)},
      {"discontinued_lost", flow.ended(TreatmentEnd::lost)}, {"on_treatment", flow.ended(TreatmentEnd::ongoing)},
      {"withdrawn", flow.withdrawn}, {"next_line", flow.next_line}};
  const auto found = counts.find(step);
  if (found == counts.end()) bug("a step of the flow that the protocol's check let pass: " + step);
  return found->second;
}

/// `name` is covariate.level or site.organ.
long long baseline_count(const Design& design, const Tally& tally, const std::string& name) {
  std::size_t cell = 0;
  for (const Design::BaselineCovariate& covariate : design.baseline) {
    for (const std::string& level : covariate.levels) {
      if (covariate.name + "." + level == name) return tally.baseline[cell];
      ++cell;
    }
  }
  for (std::string_view organ : kOrganNames) {
    if ("site." + std::string(organ) == name) return tally.baseline[cell];
    ++cell;
  }
  throw InputError(Fault{.file = design.protocol().name, .key = "evidence.quantity", .found = "share." + name, .expected = "a covariate that patients of this entry have"});
}

void add(const Design& design, const Tally& tally, const EvidenceLink& link, const evidence::Published& row, std::vector<EvidenceEstimate>& out) {
  const bool two_values = row.value_a && row.value_b;
  const auto& arms = design.protocol().arms;
  if (link.quantity == "hazard_ratio") {
    const auto [experimental, control] = compared(design, link.endpoint);
    const statistics::DayCounts pair = counts(design, tally, link).pair(control, experimental);
    const auto hr = (stratified(design, link) ? pair : pair.pooled()).hazard_ratio();
    const bool known = hr.not_estimable.empty() && !hr.infinite;
    out.push_back({described(link) + " hazard ratio", report::Scale::ratio, 0, known ? hr.hazard_ratio.estimate : kNaN,
                   known ? hr.hazard_ratio.low : kNaN, known ? hr.hazard_ratio.high : kNaN});
    return;
  }
  if (link.quantity == "median_gain") {
    out.push_back(median_gain(design, tally, link));
    return;
  }
  if (link.quantity == "odds_ratio") {
    out.push_back(odds_ratio(design, tally, link));
    return;
  }
  if (link.quantity == "synchronous_at_diagnosis") {
    out.push_back(share("Metastases at diagnosis, of all who were found", 1, tally.screening.synchronous, tally.screening.found));
    return;
  }
  if (link.quantity.starts_with("share.")) {
    out.push_back(share(report::in_words(link.quantity.substr(6)), row.value_a ? 1 : 0, baseline_count(design, tally, link.quantity.substr(6)), tally.screening.enrolled));
    return;
  }
  for (const Side& side : sides(design, link, two_values)) {
    const auto arm = static_cast<std::size_t>(side.arm);
    const ArmCounts& flow = tally.arms[arm];
    if (link.quantity == "survival") {
      const auto point = statistics::curve_at(counts(design, tally, link).kaplan_meier(side.arm), link.month * kDaysPerMonth);
      out.push_back({fmt::format("{} at {} months, {}", described(link), link.month, arms[arm].label), report::Scale::probability, side.which,
                     point.survival, point.low, point.high});
    } else if (link.quantity == "cumulative_incidence") {
      const auto point = statistics::curve_at(counts(design, tally, link).kaplan_meier(side.arm), link.month * kDaysPerMonth);
      out.push_back({fmt::format("1 − {} at {} months, {}", described(link), link.month, arms[arm].label), report::Scale::probability, side.which,
                     1 - point.survival, 1 - point.high, 1 - point.low});
    } else if (link.quantity == "median") {
      const statistics::DayCounts& patients = counts(design, tally, link);
      const auto median = statistics::quantile(patients.kaplan_meier(side.arm), 0.5);
      // a trial in which it is not reached says that it is long: infinite, and not unknown
      const double reached = std::isnan(median.estimate) && patients.patients(side.arm) > 0 ? std::numeric_limits<double>::infinity() : median.estimate;
      out.push_back({fmt::format("Median {}, {}", described(link), arms[arm].label), report::Scale::months, side.which,
                     reached / kDaysPerMonth, median.low / kDaysPerMonth, median.high / kDaysPerMonth});
      if (const auto published = evidence::figure(row, side.which).estimate) {
        const auto point = statistics::curve_at(counts(design, tally, link).kaplan_meier(side.arm), *published * kDaysPerMonth);
        out.back().at_published_median = report::Estimate{point.survival, point.low, point.high};
      }
    } else if (link.quantity == "orr" && !link.subgroup.empty()) {
      EvidenceLink of = link;
      of.endpoint = "TTR";
      const auto responses = counts(design, tally, of).events(side.arm);
      of.endpoint = "OS";
      out.push_back(share("Response (" + subgroup_words(link.subgroup) + "), " + arms[arm].label, side.which, static_cast<long long>(responses),
                          static_cast<long long>(counts(design, tally, of).patients(side.arm))));
    } else if (link.quantity == "orr" || link.quantity == "cr_rate" || link.quantity == "durable_cr_rate") {
      const long long n = flow.best[0] + flow.best[1] + flow.best[2] + flow.best[3] + flow.best[4];
      const bool any = link.quantity == "orr", durable = link.quantity == "durable_cr_rate";
      const char* what = any ? "Response, " : durable ? "Durable complete response, " : "Complete response, ";
      out.push_back(share(what + arms[arm].label, side.which, any ? flow.best[0] + flow.best[1] : durable ? flow.durable_complete : flow.best[0], n));
    } else if (link.quantity == "orr_treated") {
      out.push_back(share("Response of those treated, " + arms[arm].label, side.which, flow.responses_treated, flow.measurable_treated));
    } else if (link.quantity == "treatment_free_months" || link.quantity == "treatment_free") {
      out.push_back(treatment_free(design, tally, link, side, arms[arm].label));
    } else if (link.quantity.starts_with("flow.")) {
      const std::string step = link.quantity.substr(5);
      out.push_back(share(report::in_words(step) + ", " + arms[arm].label, side.which, flow_count(flow, step), flow.randomised));
    } else if (link.quantity == "grade3plus") {
      out.push_back(share("Grade 3+ events, " + arms[arm].label, side.which, flow.grade3plus, flow.started()));
    } else if (link.quantity == "treatment_related_death") {
      out.push_back(share("Treatment-related deaths, " + arms[arm].label, side.which, flow.treatment_death, flow.started()));
    } else {
      throw InputError(Fault{.file = design.protocol().name, .key = "evidence.quantity", .found = link.quantity,
                             .expected = "a quantity that this entry of patients has"});
    }
  }
}

const evidence::Published& published_row(const std::string& id) {
  if (const evidence::Published* row = evidence::shipped_row(id)) return *row;
  bug("an evidence row that the protocol's check let pass: " + id);
}

report::Role role(evidence::Role role) {
  switch (role) {
    case evidence::Role::calibration: return report::Role::calibration;
    case evidence::Role::validation: return report::Role::validation;
    case evidence::Role::context: return report::Role::context;
  }
  bug("a role of no kind");
}

/// The 95 % interval of an expectation with what the members of the ensemble differ by: trials scatter by their size and by
/// their members' numbers, and only the first of these is in the interval of the sum.
void add_parameter_uncertainty(const Design& design, const TrialResult& result, std::size_t k, EvidenceEstimate& estimate) {
  const bool ratio = estimate.scale == report::Scale::ratio;
  const auto on_scale = [ratio](double x) { return ratio ? std::log(x) : x; };
  if (design.members.empty() || !std::isfinite(on_scale(estimate.low)) || !std::isfinite(on_scale(estimate.high))) return;
  const TrialSpread spread = spread_over_trials(result, k, estimate.scale);
  if (spread.values.size() < 10) return;
  // trials that the sum holds: of a long run more than those whose figures were kept one by one
  const double n = static_cast<double>(result.tally.screening.enrolled) / design.protocol().population.size;
  const double half = (on_scale(estimate.high) - on_scale(estimate.low)) / 2, luck = half * half / (statistics::kNormal975 * statistics::kNormal975);
  const double between = std::max(0.0, spread.sd * spread.sd - luck * n);
  const double wider = statistics::kNormal975 * std::sqrt(luck + between), at = on_scale(estimate.value);
  const bool share = estimate.scale == report::Scale::probability;
  estimate.low = ratio ? std::exp(at - wider) : std::max(0.0, at - wider);
  estimate.high = ratio ? std::exp(at + wider) : share ? std::min(1.0, at + wider) : at + wider;
}

}  // namespace

std::vector<EvidenceEstimate> evidence_of(const Design& design, const Tally& tally) {
  std::vector<EvidenceEstimate> all;
  for (const EvidenceLink& link : design.protocol().evidence) {
    const std::size_t first = all.size();
    add(design, tally, link, published_row(link.row), all);
    for (std::size_t k = first; k < all.size(); ++k) all[k].row = link.row;
  }
  return all;
}

std::vector<std::size_t> overall_views(const Design& design) {
  std::vector<std::size_t> views;
  for (std::size_t v = 0; v < design.views.size(); ++v) {
    if (design.views[v].level < 0) views.push_back(v);
  }
  std::stable_sort(views.begin(), views.end(), [&](std::size_t a, std::size_t b) { return design.views[a].cutoff_day > design.views[b].cutoff_day; });
  return views;
}

std::vector<std::size_t> drawn_views(const Design& design) {
  std::vector<std::size_t> drawn;
  for (const std::size_t v : overall_views(design)) {
    const auto same = [&](std::size_t other) { return design.views[other].endpoint_name == design.views[v].endpoint_name; };
    if (std::none_of(drawn.begin(), drawn.end(), same)) drawn.push_back(v);
  }
  return drawn;
}

std::vector<double> grid_months(const View& view) {
  constexpr double kMostPoints = 48;
  const double end = view.cutoff_day / kDaysPerMonth;
  double step = 1;
  while (end / step > kMostPoints) step = step < 3 ? step + 1 : 2 * step;
  std::vector<double> months;
  for (double month = step; month <= end; month += step) months.push_back(month);
  return months;
}

std::vector<double> kept_estimates(const Design& design, const Tally& tally) {
  std::vector<double> kept;
  for (const EvidenceEstimate& estimate : evidence_of(design, tally)) kept.push_back(estimate.value);
  for (const std::size_t v : drawn_views(design)) {
    const std::vector<double> months = grid_months(design.views[v]);
    for (std::size_t arm = 0; arm < design.setting.arms.size(); ++arm) {
      const auto curve = tally.views[v].kaplan_meier(static_cast<int>(arm));
      for (const double month : months) {
        const double day = month * kDaysPerMonth;
        const bool known = curve.size() > 0 && day <= curve.time.back();
        kept.push_back(known ? statistics::curve_at(curve, day).survival : std::numeric_limits<double>::quiet_NaN());
      }
    }
  }
  return kept;
}

std::optional<report::Estimate> range_over_trials(const TrialResult& result, std::size_t k, double level) {
  std::vector<double> values;
  for (const auto& trial : result.by_trial) {
    if (k < trial.size() && !std::isnan(trial[k])) values.push_back(trial[k]);
  }
  if (values.size() < kLeastTrials) return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto at = [&values](double p) { return statistics::sample_quantile(values, p); };
  const double low = at(0.5 - level / 2), middle = at(0.5), high = at(0.5 + level / 2);
  // medians that are not reached are infinite, and no upper limit; where the lower one is there is no range, and no verdict
  if (!std::isfinite(low)) return std::nullopt;
  return report::Estimate{report::finite(middle), low, report::finite(high)};
}

TrialSpread spread_over_trials(const TrialResult& result, std::size_t k, report::Scale scale) {
  TrialSpread spread;
  for (const auto& trial : result.by_trial) {
    const double value = k >= trial.size() ? kNaN : scale == report::Scale::ratio ? std::log(trial[k]) : trial[k];
    if (std::isfinite(value)) spread.values.push_back(value);
    spread.unbounded = spread.unbounded || value > std::numeric_limits<double>::max();
  }
  std::sort(spread.values.begin(), spread.values.end());
  const auto n = static_cast<double>(spread.values.size());
  for (const double value : spread.values) spread.mean += value / n;
  if (spread.values.size() < 2) return spread;
  for (const double value : spread.values) spread.sd += (value - spread.mean) * (value - spread.mean) / (n - 1);
  spread.sd = std::sqrt(spread.sd);
  return spread;
}

namespace {

/// Of rows with the same words, which are of other data cut-offs, each says its own.
void name_cutoffs(const std::vector<std::string>& cutoffs, std::vector<report::EvidenceRow>& rows) {
  std::map<std::string, std::set<std::string>> of;
  for (std::size_t i = 0; i < rows.size(); ++i) of[rows[i].quantity].insert(cutoffs[i]);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!cutoffs[i].empty() && of.at(rows[i].quantity).size() > 1) rows[i].quantity += ", data cut-off " + cutoffs[i];
  }
}

}  // namespace

std::vector<report::EvidenceRow> evidence_rows(const Design& design, const TrialResult& result) {
  std::vector<report::EvidenceRow> rows;
  std::vector<std::string> cutoffs;
  std::size_t k = 0;
  for (const EvidenceLink& link : design.protocol().evidence) {
    const evidence::Published& published = published_row(link.row);
    std::vector<EvidenceEstimate> estimates;
    add(design, result.tally, link, published, estimates);
    for (EvidenceEstimate& estimate : estimates) {
      add_parameter_uncertainty(design, result, k, estimate);
      const evidence::Figure figure = evidence::figure(published, estimate.which);
      report::EvidenceRow row;
      row.id = link.row + (estimate.which == 0 || estimates.size() == 1 ? "" : estimate.which == 1 ? "a" : "b");
      row.quantity = estimate.name;
      row.scale = estimate.scale;
      row.source = published.source;
      row.published = {figure.estimate, figure.low, figure.high};
      row.simulated = {report::finite(estimate.value), report::finite(estimate.low), report::finite(estimate.high)};
      row.simulated_trials = range_over_trials(result, k, kTrialsLevel);
      row.trials_level = kTrialsLevel;
      row.role = published.verified ? role(published.role) : report::Role::context;
      const bool scored = row.role != report::Role::context && figure.estimate && row.simulated_trials;
      if (scored) row.agrees = *figure.estimate >= *row.simulated_trials->low && (!row.simulated_trials->high || *figure.estimate <= *row.simulated_trials->high);
      if (row.simulated_trials && figure.estimate) {
        double below = 0, all = 0;
        for (const auto& trial : result.by_trial) {
          if (k >= trial.size() || std::isnan(trial[k])) continue;
          ++all;
          below += trial[k] < *figure.estimate;
        }
        row.published_percentile = below / all;
      }
      rows.push_back(std::move(row));
      cutoffs.push_back(link.cutoff);
      ++k;
    }
  }
  name_cutoffs(cutoffs, rows);
  return rows;
}

}  // namespace coley
