// SPDX-License-Identifier: Apache-2.0
#include "run_table.hpp"

#include <fmt/format.h>

#include <string_view>

namespace coley {

namespace {

using report::Estimate;
using report::Scale;

std::string number(report::Number value, Scale scale) {
  if (!value) return "NR";
  switch (scale) {
    case Scale::ratio: return fmt::format("{:.2f}", *value);
    case Scale::probability: return fmt::format("{:.1f}", 100 * *value);
    case Scale::months: return fmt::format("{:.1f}", *value);
  }
  return "";
}

std::string interval(const Estimate& e, Scale scale) {
  if (!e.estimate) return scale == Scale::months ? "not reached" : "not estimable";
  if (!e.low && !e.high) return number(e.estimate, scale);
  return fmt::format("{} ({} to {})", number(e.estimate, scale), number(e.low, scale), number(e.high, scale));
}

std::string trials_range(const Estimate& e, Scale scale) {
  return e.high ? fmt::format("{} to {}", number(e.low, scale), number(e.high, scale)) : number(e.low, scale) + " or more";
}

std::string_view word(report::Role role) {
  switch (role) {
    case report::Role::calibration: return "calibration";
    case report::Role::validation: return "validation";
    case report::Role::context: return "context";
  }
  return "";
}

std::string arms_table(const report::Summary& summary) {
  std::string text;
  for (const report::ArmSummary& arm : summary.arms) {
    text += fmt::format("\n{} (n = {})\n", arm.label, arm.n);
    for (const report::FlowStep& step : arm.flow) {
      if (step.name != "randomised") text += fmt::format("  {:<44}{:>9}  {:>5.1f} %\n", step.label, step.patients, arm.n ? 100.0 * static_cast<double>(step.patients) / static_cast<double>(arm.n) : 0.0);
    }
    for (const report::Endpoint& e : arm.endpoints) {
      text += fmt::format("  {:<4} at {}: {} events, median {} months\n", e.name, e.cutoff.value_or("end"), e.events, interval(e.median_months, Scale::months));
      for (const report::Landmark& at : e.at) text += fmt::format("       {:>3.0f} months  {} %\n", at.month, interval(at.survival, Scale::probability));
    }
    if (arm.response) text += fmt::format("  response {} %, complete {} %\n", interval(arm.response->orr, Scale::probability), interval(arm.response->cr_rate, Scale::probability));
    if (arm.quality_adjusted) {
      const report::QualityAdjusted& q = *arm.quality_adjusted;
      text += fmt::format("  quality-adjusted months of {:.0f}: {}, mean utility {}\n", q.survival.month, interval(q.survival.months, Scale::months), number(q.mean_utility, Scale::ratio));
    }
    for (const report::SafetyRow& row : arm.safety) text += fmt::format("  {:<44}{:>9}  {} %\n", row.name, row.patients, interval(row.share, Scale::probability));
  }
  return text;
}

std::string comparisons_table(const report::Summary& summary) {
  std::string text = "\nHazard ratios (95 % Monte-Carlo interval)\n";
  for (const report::Comparison& c : summary.comparisons) {
    if (!c.hazard_ratio) continue;
    const std::string who = c.covariate ? fmt::format("{} = {}", *c.covariate, c.level.value_or("")) : "all";
    text += fmt::format("  {:<4} {} v {}, {}: {:<32} {}\n", c.endpoint, c.experimental, c.control, c.cutoff.value_or(""), who, interval(c.hazard_ratio->ratio, Scale::ratio));
  }
  return text;
}

std::string evidence_table(const report::Summary& summary) {
  if (summary.evidence.empty()) return "";
  std::string text = "\nPublished beside simulated (percent, months or ratio)\n";
  text += fmt::format("  {:<10} {:<44} {:>22} {:>22} {:>16}  {}\n", "row", "quantity", "published", "simulated", "90 % of trials", "");
  for (const report::EvidenceRow& row : summary.evidence) {
    const std::string trials = row.simulated_trials ? trials_range(*row.simulated_trials, row.scale) : "-";
    const std::string verdict = row.agrees ? (*row.agrees ? "agrees" : "DISAGREES") : "";
    text += fmt::format("  {:<10} {:<44} {:>22} {:>22} {:>16}  {} {}\n", row.id, row.quantity, interval(row.published, row.scale), interval(row.simulated, row.scale), trials, word(row.role), verdict);
  }
  return text + "  " + summary.evidence_rule + "\n";
}

std::string twins_table(const report::Summary& summary) {
  std::string text;
  for (const report::TwinSummary& t : summary.twins) {
    text += fmt::format("\nTwins, {} within {:.0f} months ({} v {}, n = {}): mean gain {:.0f} days, better {:.1f} %, worse {:.1f} %\n", t.endpoint,
                        t.horizon_months, t.experimental, t.control, t.n, t.mean_benefit_days.estimate.value_or(0), 100 * t.share_better, 100 * t.share_worse);
  }
  return text;
}

}  // namespace

std::string run_table(const report::Summary& summary) {
  std::string text = fmt::format("{}\n{} virtual patients, seed {}, {:.1f} s\n", summary.trial.title, summary.coley.patients, summary.coley.seed, summary.run.wall_seconds);
  if (summary.screening) {
    text += fmt::format("Screened {}, randomised {}; excluded:", summary.screening->screened, summary.screening->enrolled);
    for (const auto& reason : summary.screening->excluded) text += fmt::format(" {} {},", reason.name, reason.patients);
    text.back() = '\n';
  }
  text += arms_table(summary) + comparisons_table(summary) + twins_table(summary) + evidence_table(summary);
  if (summary.failures.integration > 0) text += fmt::format("\nNot integrated, counted and left out: {}\n", summary.failures.integration);
  return text + "\nA research instrument about virtual patients; it gives no advice on the care of a person.\n";
}

}  // namespace coley
