// SPDX-License-Identifier: Apache-2.0
#include "report/summary.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace coley::report {

Number finite(double value) {
  return std::isfinite(value) ? Number(value) : std::nullopt;
}

namespace {

struct FlowWord {
  std::string_view name;
  std::string_view label;
  bool leaves;
};

// docs/summary.md lists the same words.
constexpr std::array<FlowWord, 17> kFlowWords{{
    {"randomised", "Randomised", false},
    {"eligible_for_surgery", "Eligible for surgery", false},
    {"unresectable", "Found unresectable", true},
    {"operated", "Operated", false},
    {"perioperative_death", "Died within 30 days of the operation", true},
    {"second_procedure", "Of these, a second procedure", false},
    {"eligible_after_surgery", "Fit for systemic treatment after surgery", false},
    {"not_started", "Did not start systemic treatment", true},
    {"started_systemic", "Started systemic treatment", false},
    {"discontinued_toxicity", "Stopped for toxicity", true},
    {"discontinued_progression", "Stopped for progression or recurrence", true},
    {"discontinued_death", "Died on treatment", true},
    {"discontinued_other", "Stopped for another reason", true},
    {"stopped_elective", "Stopped by plan", true},
    {"completed", "Completed treatment", false},
    {"withdrawn", "Lost to follow-up", true},
    {"analysed", "Analysed", false},
}};

}  // namespace

FlowStep flow_step(std::string name, Count patients) {
  const auto word =
      std::find_if(kFlowWords.begin(), kFlowWords.end(), [&](const FlowWord& w) { return w.name == name; });
  if (word != kFlowWords.end()) return {std::move(name), patients, std::string(word->label), word->leaves};
  std::string label = name;
  std::replace(label.begin(), label.end(), '_', ' ');
  if (!label.empty() && label[0] >= 'a' && label[0] <= 'z') label[0] = static_cast<char>(label[0] - 'a' + 'A');
  return {std::move(name), patients, std::move(label), false};
}

std::vector<std::string> twin_keys(const std::vector<TwinSummary>& twins) {
  std::vector<std::string> keys;
  for (const TwinSummary& t : twins) {
    const bool known = std::find(keys.begin(), keys.end(), t.endpoint) != keys.end();
    keys.push_back(known ? t.endpoint + "/" + t.experimental + "/" + t.control : t.endpoint);
  }
  return keys;
}

}  // namespace coley::report
