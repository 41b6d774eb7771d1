// SPDX-License-Identifier: Apache-2.0
#include "credibility/structural_demands.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace coley::credibility {

namespace {

struct Pair {
  double published, simulated;
};

std::optional<Pair> figure(const Validation& validation, const std::string& id) {
  for (const ScoredRow& row : validation.rows) {
    if (row.row.id == id && row.row.published.estimate && row.row.simulated.estimate) return Pair{*row.row.published.estimate, *row.row.simulated.estimate};
  }
  return std::nullopt;
}

std::optional<std::vector<Pair>> figures(const Validation& validation, const std::vector<std::string>& ids) {
  std::vector<Pair> all;
  for (const std::string& id : ids) {
    const auto one = figure(validation, id);
    if (!one) return std::nullopt;
    all.push_back(*one);
  }
  return all;
}

/// Adjuvant PD-1 blockade works most in the first two years.
void front_loaded(const Validation& validation, std::vector<Demand>& out) {
  const auto f = figures(validation, {"KN564-22a", "KN564-22b", "KN564-26a", "KN564-26b"});
  if (!f) return;
  const auto ratios = [&](double Pair::*of) {
    const double a24 = (*f)[0].*of, b24 = (*f)[1].*of, a72 = (*f)[2].*of, b72 = (*f)[3].*of;
    return std::pair{hazard_ratio_between(1, a24, 1, b24), hazard_ratio_between(a24, a72, b24, b72)};
  };
  const auto published = ratios(&Pair::published), simulated = ratios(&Pair::simulated);
  const auto words = [](const std::pair<double, double>& r) { return fmt::format("{:.2f}, then {:.2f}", r.first, r.second); };
  out.push_back({"adjuvant benefit is front-loaded: DFS hazard ratio of KEYNOTE-564 to month 24 and from 24 to 72", words(published), words(simulated),
                 simulated.first < 1 && simulated.first < simulated.second});
}

/// Hazard ratios of successive looks; met when they move the way they did in the trial, by a tenth of it or more: less is chance.
void drift(const Validation& validation, const std::string& what, const std::vector<std::string>& ids, std::vector<Demand>& out) {
  const auto f = figures(validation, ids);
  if (!f) return;
  const auto words = [&](double Pair::*of) {
    std::string text;
    for (const Pair& pair : *f) text += fmt::format("{}{:.2f}", text.empty() ? "" : ", ", pair.*of);
    return text;
  };
  const double published = f->back().published - f->front().published, simulated = f->back().simulated - f->front().simulated;
  out.push_back({what, words(&Pair::published), words(&Pair::simulated), simulated / published > 0.1});
}

void surgery_without_response(const Validation& validation, std::vector<Demand>& out) {
  const auto f = figures(validation, {"SWOG-03", "SWOG-06a", "SWOG-06b"});
  if (!f) return;
  const auto words = [&](double Pair::*of) {
    return fmt::format("HR {:.2f}; {:.0f} and {:.0f} % respond", (*f)[0].*of, 100 * ((*f)[1].*of), 100 * ((*f)[2].*of));
  };
  const double gain = (*f)[1].simulated - (*f)[2].simulated;
  out.push_back({"surgery helps without a better response: SWOG 8949, with and without nephrectomy", words(&Pair::published), words(&Pair::simulated),
                 (*f)[0].simulated < 1 && gain < 0.03});
}

/// Of those operated on first some never come to drugs; met when at least half as many as published.
void surgery_costs_patients(const Validation& validation, std::vector<Demand>& out) {
  const auto share = figure(validation, "CNSYS-01");
  if (!share) return;
  const auto words = [](double x) { return fmt::format("{:.0f} %", 100 * x); };
  out.push_back({"surgery first costs patients: SWOG 8949, never treated with interferon after nephrectomy", words(share->published), words(share->simulated),
                 share->simulated > 0.5 * share->published});
}

/// Survival on interferon by what came after it: met when it more than doubles.
void eras_drift(const Validation& validation, std::vector<Demand>& out) {
  const auto f = figures(validation, {"MRC-03a", "SUN07-04b"});
  if (!f) return;
  const auto words = [&](double Pair::*of) { return fmt::format("{:.0f}, then {:.0f} months", (*f)[0].*of, (*f)[1].*of); };
  out.push_back({"eras drift: median survival on interferon in MRC RE01, with nothing after it, and against sunitinib, with it", words(&Pair::published),
                 words(&Pair::simulated), (*f)[1].simulated > 2 * (*f)[0].simulated});
}

void selection(const Validation& validation, std::vector<Demand>& out) {
  const auto hr = figure(validation, "CNNCDB-01");
  if (!hr) return;
  out.push_back({"selection imitates benefit: nephrectomy by indication with a true effect of none", fmt::format("HR {:.2f}, with whatever effect there is", hr->published),
                 fmt::format("HR {:.2f}", hr->simulated), hr->simulated < 0.95});
}

}  // namespace

double hazard_ratio_between(double a_from, double a_to, double b_from, double b_to) { return std::log(a_to / a_from) / std::log(b_to / b_from); }

std::vector<Demand> structural_demands(const Validation& validation) {
  std::vector<Demand> demands;
  front_loaded(validation, demands);
  drift(validation, "hazard ratios drift with follow-up: survival in KEYNOTE-564 at successive looks", {"KN564-04", "KN564-14", "KN564-27"}, demands);
  drift(validation, "the same: survival in KEYNOTE-426", {"KN426-10", "KN426-11", "KN426-01"}, demands);
  drift(validation, "the same, downwards: survival in CheckMate 214, favourable risk", {"CM214-19", "CM214-07"}, demands);
  surgery_without_response(validation, demands);
  surgery_costs_patients(validation, demands);
  eras_drift(validation, demands);
  selection(validation, demands);
  return demands;
}

}  // namespace coley::credibility
