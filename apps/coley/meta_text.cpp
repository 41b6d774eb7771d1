// SPDX-License-Identifier: Apache-2.0
// The table of `coley meta`, with a forest plot drawn in characters.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "meta_report.hpp"

namespace coley {

namespace {

using statistics::Coefficient;
using statistics::Interval;
using statistics::PooledEffect;

std::string with_interval(const MetaReport& report, double estimate, const Interval& interval) {
  return fmt::format("{:>7.3f}   {:.3f} to {:.3f}", shown(report, estimate), shown(report, interval.low), shown(report, interval.high));
}

std::string p_text(double p) { return p < 1e-4 ? fmt::format("p = {:.1e}", p) : fmt::format("p = {:.4f}", p); }

/// One line of a forest plot drawn with characters: interval as dashes, estimate as '#', no effect as '|'.
class TextAxis {
 public:
  explicit TextAxis(const MetaReport& report) {
    low_ = high_ = 0;
    for (const auto& study : report.studies.effects) {
      const Interval i = study_interval(report, study);
      low_ = std::min(low_, i.low);
      high_ = std::max(high_, i.high);
    }
    low_ = std::max(low_, -3.0 * spread(report));
    high_ = std::min(high_, 3.0 * spread(report));
  }

  std::string line(double estimate, const Interval& interval, char mark) const {
    std::string text(kWidth, ' ');
    text[place(0)] = '|';
    for (std::size_t i = place(interval.low); i <= place(interval.high); ++i) text[i] = '-';
    if (interval.low < low_) text.front() = '<';
    if (interval.high > high_) text.back() = '>';
    text[place(estimate)] = mark;
    return text;
  }

 private:
  static constexpr std::size_t kWidth = 41;

  /// Beyond three times this an interval is drawn as an arrow, so that one tiny study does not squeeze the others.
  static double spread(const MetaReport& report) {
    std::vector<double> reach;
    for (const auto& study : report.studies.effects)
      reach.push_back(std::fabs(study.estimate) + std::sqrt(study.variance));
    std::nth_element(reach.begin(), reach.begin() + static_cast<std::ptrdiff_t>(reach.size() / 2), reach.end());
    return reach[reach.size() / 2];
  }

  std::size_t place(double x) const {
    const double share = std::clamp((x - low_) / (high_ - low_), 0.0, 1.0);
    return static_cast<std::size_t>(std::lround(share * static_cast<double>(kWidth - 1)));
  }

  double low_, high_;
};

void append_studies(std::string& text, const MetaReport& report) {
  std::size_t width = std::max<std::size_t>(15, report.method.size());
  for (const std::string& label : report.studies.labels) width = std::max(width, label.size());
  const TextAxis axis(report);
  text += fmt::format("\n{:<{}} {:>7}   {:<18} {:>6}\n", "study", width, report.ratio ? "ratio" : "effect",
                      fmt::format("{:g} % interval", 100 * report.level), "weight");
  for (std::size_t i = 0; i < report.studies.effects.size(); ++i) {
    const auto& study = report.studies.effects[i];
    const Interval interval = study_interval(report, study);
    const std::string weight = report.weights.empty() ? "" : fmt::format("{:.1f} %", 100 * report.weights[i]);
    text += fmt::format("{:<{}} {:<28} {:>6}  {}\n", report.studies.labels[i], width,
                        with_interval(report, study.estimate, interval), weight, axis.line(study.estimate, interval, '#'));
  }
  const Coefficient& e = report.pooled.effect;
  text += fmt::format("{:<{}} {:<28} {:>6}  {}\n", report.method, width, with_interval(report, e.estimate, e.interval), "",
                      axis.line(e.estimate, e.interval, 'O'));
  if (report.pooled.prediction)
    text += fmt::format("{:<{}} {:<28} {:>6}  {}\n", "a further study", width,
                        with_interval(report, e.estimate, *report.pooled.prediction), "",
                        axis.line(e.estimate, *report.pooled.prediction, 'O'));
}

void append_heterogeneity(std::string& text, const MetaReport& report) {
  const auto& h = report.pooled.heterogeneity;
  text += fmt::format("\nHeterogeneity: Q = {:.2f} on {} df, {}; I2 = {:.0f} %; tau2 = {:.4f}", h.q, h.df, p_text(h.p),
                      100 * h.i2, h.tau2);
  if (report.profile)
    text += fmt::format(" ({:.4f} to {:.4f})", report.profile->tau2_interval.low, report.profile->tau2_interval.high);
  text += fmt::format("\nTest of no effect ({}): {}\n", report.test, p_text(report.pooled.effect.p));
}

void append_alternatives(std::string& text, const MetaReport& report) {
  if (report.alternatives.empty()) return;
  text += "\nThe same studies by other models\n";
  for (const auto& [name, pooled] : report.alternatives)
    text += fmt::format("  {:<40} {}\n", name, with_interval(report, pooled.effect.estimate, pooled.effect.interval));
}

void append_series(std::string& text, const MetaReport& report, const std::vector<PooledEffect>& fits, const char* title,
                   const char* prefix) {
  if (fits.empty()) return;
  text += fmt::format("\n{}\n", title);
  for (std::size_t i = 0; i < fits.size(); ++i)
    text += fmt::format("  {} {:<28} {}   I2 {:.0f} %\n", prefix, report.studies.labels[i],
                        with_interval(report, fits[i].effect.estimate, fits[i].effect.interval), 100 * fits[i].heterogeneity.i2);
}

void append_subgroups(std::string& text, const MetaReport& report) {
  if (!report.subgroups) return;
  text += "\nBy subgroup\n";
  for (const auto& group : report.subgroups->groups)
    text += fmt::format("  {:<30} {}   k = {}, I2 {:.0f} %\n", group.name,
                        with_interval(report, group.pooled.effect.estimate, group.pooled.effect.interval), group.pooled.k,
                        100 * group.pooled.heterogeneity.i2);
  text += fmt::format("  difference between subgroups: Q = {:.2f} on {} df, {}\n", report.subgroups->q_between,
                      report.subgroups->df, p_text(report.subgroups->p));
}

void append_regression(std::string& text, const MetaReport& report) {
  if (!report.regression) return;
  const Coefficient& slope = report.regression->coefficients[1];
  text += fmt::format("\nRegression on {}{}: slope {:.4g} ({:.4g} to {:.4g}), {}; residual tau2 {:.4f}\n", report.covariate,
                      report.ratio ? " (log scale)" : "", slope.estimate, slope.interval.low, slope.interval.high,
                      p_text(slope.p), report.regression->residual.tau2);
}

void append_small_study(std::string& text, const MetaReport& report) {
  if (!report.small_study) return;
  const SmallStudyChecks& s = *report.small_study;
  text += fmt::format("\nSmall studies\n  Egger (mixed effects): z = {:.2f}, {}\n  Egger (classical): t = {:.2f} on {} df, {}\n"
                      "  Begg: tau = {:.2f}, {}\n  trim and fill: {} studies on the {}, {}\n",
                      s.egger.statistic, p_text(s.egger.p), s.egger_classical.statistic, s.egger_classical.df,
                      p_text(s.egger_classical.p), s.begg.tau, p_text(s.begg.p), s.trim_and_fill.filled, s.trim_and_fill.side,
                      with_interval(report, s.trim_and_fill.pooled.effect.estimate, s.trim_and_fill.pooled.effect.interval));
}

void append_gains(std::string& text, const MetaReport& report) {
  if (!report.gains) return;
  const SurvivalGains& g = *report.gains;
  text += fmt::format("\nIn months, if hazards are proportional and control survival has median {:g}{}\n"
                      "  median: {:+.1f} ({:+.1f} to {:+.1f})\n",
                      g.baseline.median, g.baseline.shape == 1 ? " and a constant hazard" : fmt::format(" and Weibull shape {:g}", g.baseline.shape),
                      g.median.estimate, g.median.interval.low, g.median.interval.high);
  if (g.horizon)
    text += fmt::format("  mean within the first {:g}: {:+.1f} ({:+.1f} to {:+.1f})\n", *g.horizon, g.restricted_mean.estimate,
                        g.restricted_mean.interval.low, g.restricted_mean.interval.high);
}

}  // namespace

double shown(const MetaReport& report, double x) { return report.ratio ? std::exp(x) : x; }

Interval study_interval(const MetaReport& report, const statistics::StudyEffect& study) {
  const double half = normal_quantile(0.5 + 0.5 * report.level) * std::sqrt(study.variance);
  return {study.estimate - half, study.estimate + half};
}

std::string to_text(const MetaReport& report) {
  std::string text = fmt::format("{} {} from {}: {}, {}\n", report.studies.effects.size(),
                                 report.studies.effects.size() == 1 ? "study" : "studies", report.file, report.measure, report.method);
  append_studies(text, report);
  append_heterogeneity(text, report);
  append_alternatives(text, report);
  append_subgroups(text, report);
  append_regression(text, report);
  append_series(text, report, report.leave_one_out, "Leaving one study out", "without");
  append_series(text, report, report.cumulative, "Cumulative", "up to");
  append_small_study(text, report);
  append_gains(text, report);
  if (!report.studies.left_out.empty()) text += "\nLeft out\n";
  for (const std::string& study : report.studies.left_out) text += "  " + study + "\n";
  if (!report.warnings.empty()) text += "\nTake note\n";
  for (const std::string& warning : report.warnings) text += "  " + warning + "\n";
  return text;
}

}  // namespace coley
