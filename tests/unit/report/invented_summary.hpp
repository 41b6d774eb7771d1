// SPDX-License-Identifier: Apache-2.0
#pragma once
// A summary whose every number is invented, for tests of how a summary is written and shown. Nothing here was simulated
// or published.

#include <cmath>

#include "report/summary.hpp"

namespace coley::report {

/// Arms that fail exponentially, with uniform censoring between 24 and 72 months: enough to give curves and counts that
/// belong together.
struct InventedArm {
  std::string name;
  std::string label;
  double n;
  double events_per_month;
};

inline double invented_survival(const InventedArm& arm, double month) {
  return std::exp(-arm.events_per_month * month);
}

inline SurvivalCurve invented_curve(const InventedArm& arm, const std::string& endpoint) {
  SurvivalCurve curve{.endpoint = endpoint, .arm = arm.name, .cutoff = "invented-2024", .points = {}, .at_risk = {}};
  double events = 0, censored = 0;
  for (int day = 0; day <= 2190; ++day) {
    const double month = day / 30.4375, s = invented_survival(arm, month);
    const double margin = 1.96 * std::sqrt(s * (1 - s) / arm.n) * (1 + month / 40);
    curve.points.push_back({month, s, std::fmax(0.0, s - margin), std::fmin(1.0, s + margin)});
    if (day % 30 == 0) {
      const double spread = 0.03 + 0.0006 * month;
      curve.envelope.push_back(
          {month, std::fmax(0.0, s - spread * (month > 0)), std::fmin(1.0, s + spread * (month > 0))});
    }
    if (day % 61 == 0) curve.one_trial.push_back({month, s - 0.012 * std::sin(month / 5) * (1 - s), {}, {}});
  }
  for (int month = 0; month <= 72; month += 12) {
    if (month > 0) {
      const double before = arm.n - events - censored;
      const double fail = before * (1 - invented_survival(arm, 12));
      events += std::round(fail);
      if (month > 24) censored += std::round((before - fail) * 12.0 / (84.0 - month));
    }
    const auto count = [](double x) { return static_cast<Count>(x); };
    curve.at_risk.push_back(
        {static_cast<double>(month), count(arm.n - events - censored), count(censored), count(events)});
  }
  return curve;
}

inline Endpoint invented_endpoint(const InventedArm& arm, const std::string& name, const SurvivalCurve& curve) {
  const double median = std::log(2) / arm.events_per_month;
  Endpoint e{
      .name = name, .cutoff = "invented-2024", .n = static_cast<Count>(arm.n), .events = curve.at_risk.back().events};
  if (median < 72) e.median_months = {median, median - 2.5, median > 66 ? Number() : Number(median + 2.9)};
  for (const double month : {24.0, 36.0, 48.0, 60.0}) {
    const double s = invented_survival(arm, month);
    e.at.push_back({month, {s, s - 0.011, s + 0.011}});
  }
  e.rmst = RestrictedMean{60, {(1 - invented_survival(arm, 60)) / arm.events_per_month, 40.1, 49.9}};
  return e;
}

inline ArmSummary invented_arm(const InventedArm& arm, bool active) {
  const Count n = static_cast<Count>(arm.n);
  ArmSummary a{.name = arm.name,
               .label = arm.label,
               .treatment = active ? "Inventimab 200 mg every 3 weeks, 17 doses" : "Placebo every 3 weeks, 17 doses",
               .n = n};
  a.flow = {flow_step("randomised", n),
            flow_step("not_started", n / 100),
            flow_step("started_systemic", n - n / 100),
            flow_step("completed", n - n / 100 - (active ? n / 5 : n / 50) - n / 10),
            flow_step("discontinued_toxicity", active ? n / 5 : n / 50),
            flow_step("discontinued_progression", n / 10),
            flow_step("withdrawn", n / 40)};
  a.response = Response{.n = n / 2,
                        .cr = n / 40,
                        .pr = n / 10,
                        .sd = n / 8,
                        .pd = n / 5,
                        .ne = n / 2 - n / 40 - n / 10 - n / 8 - n / 5,
                        .orr = {0.25, 0.24, 0.26},
                        .cr_rate = {0.05, 0.045, 0.055},
                        .durable_cr_rate = Estimate{0.03, 0.025, 0.035},
                        .median_duration_months = Estimate{21.4, 18.0, {}}};
  a.treated = n - n / 100;
  a.safety = {{"grade3plus", active ? n / 3 : n / 6, {active ? 0.334 : 0.168, 0.16, 0.34}},
              {"treatment_related_death", 0, {0.0, 0.0, 0.0004}}};
  return a;
}

inline Comparison invented_comparison(const std::string& endpoint, double hr, double width, double n) {
  Comparison c{.endpoint = endpoint, .experimental = "inventimab", .control = "placebo", .cutoff = "invented-2024"};
  c.n_experimental = c.n_control = static_cast<Count>(n);
  c.events_experimental = static_cast<Count>(0.35 * n * hr);
  c.events_control = static_cast<Count>(0.35 * n);
  c.hazard_ratio = HazardRatio{{hr, hr / width, hr * width}, hr * width < 1 ? 0.0004 : 0.41};
  return c;
}

inline std::vector<Comparison> invented_comparisons() {
  std::vector<Comparison> all;
  for (const std::string endpoint : {"DFS", "OS"}) {
    all.push_back(invented_comparison(endpoint, endpoint == "DFS" ? 0.71 : 0.64, 1.05, 10000));
    all.back().logrank = LogRank{171.3, 1e-30};
    all.back().rmst_difference = RestrictedMean{60, {4.2, 3.6, 4.8}};
  }
  struct Level {
    const char* covariate;
    const char* level;
    double hr, width, n;
  };
  for (const Level& l : {Level{"risk", "intermediate_high", 0.75, 1.07, 8600}, Level{"risk", "high", 0.61, 1.2, 800},
                         Level{"risk", "m1_ned", 0.48, 1.25, 600}, Level{"sarcomatoid", "yes", 0.54, 2.3, 110},
                         Level{"sarcomatoid", "no", 0.72, 1.06, 9100}, Level{"sarcomatoid", "unknown", 1.02, 6.0, 12},
                         Level{"age", "under_65", 0.7, 1.08, 6600}, Level{"age", "65_and_over", 0.73, 1.1, 3400}}) {
    all.push_back(invented_comparison("DFS", l.hr, l.width, l.n));
    all.back().covariate = l.covariate;
    all.back().level = l.level;
    all.back().interaction_p = std::string(l.covariate) == "risk" ? Number(0.0002) : Number(0.38);
  }
  return all;
}

inline TwinSummary invented_twins() {
  TwinSummary t{.endpoint = "DFS",
                .experimental = "inventimab",
                .control = "placebo",
                .n = 10000,
                .horizon_months = 72,
                .mean_benefit_days = {128, 119, 137},
                .benefit_days = {},
                .share_better = 0.21,
                .share_worse = 0.04,
                .by = {}};
  for (int i = 0; i <= 200; ++i) {
    const double share = i / 200.0;
    const double days = share < 0.04   ? -400 * std::pow((0.04 - share) / 0.04, 2)
                        : share > 0.79 ? 2000 * std::pow((share - 0.79) / 0.21, 1.6)
                                       : 0;
    t.benefit_days.push_back({share, days});
  }
  t.by = {{"risk", "intermediate_high", 8600, {110, 101, 119}, 0.19, 0.04},
          {"risk", "high", 800, {190, 160, 220}, 0.3, 0.05},
          {"risk", "m1_ned", 600, {330, 280, 380}, 0.44, 0.03},
          {"micrometastases_at_randomisation", "none", 5200, {0, -1, 1}, 0.0, 0.01},
          {"micrometastases_at_randomisation", "present", 4800, {270, 255, 285}, 0.43, 0.07}};
  t.patients = {{0, -30, {{"risk", "high"}}}, {1, 400, {{"risk", "m1_ned"}}}, {2, 0, {{"risk", "intermediate_high"}}}};
  return t;
}

inline std::vector<PatientLine> invented_patients() {
  PatientLine measured{.id = 0, .arm = "inventimab", .months = 20, .treatment_months = 11, .response = "PR", .best_change = -0.4, .change = {{0, 0}, {3, -0.4}, {6, 0.1}}};
  measured.response_month = 3;
  measured.progression_month = 6;
  PatientLine died{.id = 1, .arm = "placebo", .months = 4, .treatment_months = 4};
  died.death_month = 4;
  return {measured, died};
}

inline std::vector<EvidenceRow> invented_evidence() {
  const std::string source = "invented for a test";
  const auto row = [&](std::string id, std::string quantity, Scale scale, Estimate published, Estimate simulated,
                       Estimate trials, double percentile, Role role, std::optional<bool> agrees) {
    return EvidenceRow{.id = std::move(id),
                       .quantity = std::move(quantity),
                       .scale = scale,
                       .source = source,
                       .published = published,
                       .simulated = simulated,
                       .simulated_trials = trials,
                       .trials_level = 0.9,
                       .published_percentile = percentile,
                       .role = role,
                       .agrees = agrees};
  };
  return {row("INV-01", "DFS hazard ratio, inventimab against placebo", Scale::ratio, {0.72, 0.59, 0.87},
              {0.71, 0.68, 0.74}, {0.71, 0.6, 0.84}, 0.55, Role::calibration, true),
          row("INV-02", "DFS at 24 months, placebo", Scale::probability, {0.672, 0.628, 0.712}, {0.68, 0.671, 0.689},
              {0.68, 0.645, 0.714}, 0.36, Role::calibration, true),
          row("INV-03", "DFS at 24 months, inventimab", Scale::probability, {0.782, {}, {}}, {0.73, 0.721, 0.739},
              {0.73, 0.698, 0.762}, 0.98, Role::calibration, false),
          row("INV-04", "OS hazard ratio, inventimab against placebo", Scale::ratio, {0.62, 0.44, 0.87},
              {0.64, 0.58, 0.7}, {0.64, 0.46, 0.88}, 0.44, Role::validation, true),
          row("INV-05", "Patients of the older series who reached systemic treatment after the operation",
              Scale::probability, {0.62, 0.548, 0.689}, {0.75, 0.71, 0.79}, {0.75, 0.69, 0.8}, 0.001, Role::validation,
              false),
          row("INV-06", "Median OS, untreated, older series", Scale::months, {15.2, 12.9, 18.1}, {14.0, 13.1, 15.0},
              {14.0, 12.2, 15.9}, 0.83, Role::validation, true),
          row("INV-07", "Response on placebo", Scale::probability, {0.06, 0.025, 0.132}, {0.02, 0.017, 0.023},
              {0.02, 0.0, 0.05}, 0.96, Role::context, std::nullopt)};
}

/// Two arms, two endpoints, every part present.
inline Summary invented_summary() {
  Summary s;
  s.coley = {"0.0.0-test",
             20240913,
             20000,
             500,
             std::string(64, 'a'),
             "coley run invented-trial --patients 20000 --seed 20240913 --replicates 500 --twins"};
  s.run = {2, 1, 3.25, 6153.8};
  s.trial = {"invented-trial",
             "Invented trial: adjuvant inventimab or placebo (all numbers made up for a test)",
             std::string(64, 'b'),
             {"INVENTED-0001"},
             {"accrual at a constant rate over 27 months", "loss to follow-up 2 % a year"}};
  s.screening = Screening{61234, 20000, {{"performance", 8120}, {"histology", 12914}, {"group_full", 20200}}};
  const InventedArm inventimab{"inventimab", "Inventimab", 10000, 0.0113}, placebo{"placebo", "Placebo", 10000, 0.0161};
  for (const InventedArm& arm : {inventimab, placebo}) {
    s.arms.push_back(invented_arm(arm, arm.name == "inventimab"));
    for (const std::string endpoint : {"DFS", "OS"}) {
      const InventedArm slower{arm.name, arm.label, arm.n, arm.events_per_month * (endpoint == "OS" ? 0.25 : 1)};
      s.survival.push_back(invented_curve(slower, endpoint));
      s.arms.back().endpoints.push_back(invented_endpoint(slower, endpoint, s.survival.back()));
    }
  }
  s.comparisons = invented_comparisons();
  s.twins = {invented_twins()};
  s.evidence = invented_evidence();
  s.evidence_rule = "A row agrees when the published estimate lies in the central 90 % of simulated trials.";
  s.failures = {3, 0};
  s.parameters = {
      {"Tumour growth", "rho", "growth rate of the primary", "1/day", 0.0021, "log-normal, CV 60 %", "GROW-01", false},
      {"Tumour growth", "K", "carrying capacity", "cm3", 4000, "", "assumed", false},
      {"Drug", "CL", "clearance of inventimab", "L/day", 0.22, "log-normal, CV 38 %", "invented label", true}};
  s.limits = {"No second cancers.", "No cost and no quality of life.", "Infection after surgery is not modelled."};
  s.patients = invented_patients();
  return s;
}

}  // namespace coley::report
