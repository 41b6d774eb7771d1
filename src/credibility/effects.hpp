// SPDX-License-Identifier: Apache-2.0
#pragma once
// Each claimed effect with its mechanism and without it: the same patients, simulated twice over the members of the ensemble,
// and whether the figure moves by more than Monte-Carlo error.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocol/effects_file.hpp"
#include "protocol/ensemble.hpp"
#include "report/summary.hpp"

namespace coley::credibility {

/// What the two runs of an effect show.
enum class Finding { gone, smaller, larger, reversed, falls, rises, no_difference, no_effect, not_estimable, one_run };

struct EffectResult {
  Effect effect;
  report::Scale scale = report::Scale::months;  ///< of the figures; `days` where they are days
  bool days = false;
  report::Estimate with{}, without{};  ///< 95 % Monte-Carlo intervals
  Finding finding = Finding::not_estimable;
};

/// The figure of an effect in a summary. Throws InputError when the trial has no such figure.
report::Estimate figure_of(const report::Summary& summary, const Effect& effect);

/// Compares the two. `null` is the value of no effect, nothing for a level such as a response rate.
Finding compare(const report::Estimate& with, const report::Estimate& without, report::Scale scale, std::optional<double> null);

/// Runs every effect: its patients in as many small trials as the ensemble has members, or in one without an ensemble.
std::vector<EffectResult> run_effects(const std::vector<Effect>& effects, const std::optional<Ensemble>& ensemble, const std::vector<std::string>& sets,
                                      std::uint64_t seed, int threads, const std::function<void(const Effect&)>& progress = {});

/// The page docs/effects.md.
std::string effects_page(const std::vector<EffectResult>& results, const std::string& provenance);

}  // namespace coley::credibility
