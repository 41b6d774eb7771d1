// SPDX-License-Identifier: Apache-2.0
#include "trial/treatment_words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace coley {

namespace {

std::string operation_words(const Operation& operation) {
  const char* kind = operation.kind == OperationKind::nephrectomy ? "nephrectomy" : operation.kind == OperationKind::partial_nephrectomy ? "partial nephrectomy" : "metastasectomy";
  return fmt::format("{} on day {:g}{}", kind, operation.day, operation.if_response ? " if there is a response" : "");
}

/// "every 21 days", "3 times a week".
std::string interval_words(double days) {
  if (days == 1) return "every day";
  if (days == std::round(days)) return fmt::format("every {:g} days", days);
  const double span = days < 1 ? 1 : 7, times = std::round(span / days);
  if (std::abs(times * days - span) > 0.01) return fmt::format("every {:g} days", days);
  return fmt::format("{:g} times a {}", times, days < 1 ? "day" : "week");
}

/// With the days of a cycle, counted from 1.
std::string rhythm_words(const Dosing& dosing) {
  std::string text = interval_words(dosing.every_days);
  for (std::size_t i = 0; i < dosing.days_on.size(); ++i) {
    const Interval& on = dosing.days_on[i];
    text += fmt::format("{} {:g}", i == 0 ? " on days" : " and", on.low + 1) + (on.high > on.low ? fmt::format(" to {:g}", on.high + 1) : "");
  }
  if (!dosing.days_on.empty()) text += fmt::format(" of {:g}", dosing.cycle_days);
  if (dosing.doses > 0) text += fmt::format(", {} doses", dosing.doses);
  if (dosing.cycles > 0) text += fmt::format(", {} cycles", dosing.cycles);
  return text;
}

}  // namespace

std::string treatment_words(const Arm& arm) {
  std::string text;
  const auto append = [&](const std::string& words) { text += (text.empty() ? "" : "; ") + words; };
  for (const Operation& operation : arm.operations) append(operation_words(operation));
  for (const Dosing& dosing : arm.drugs) {
    append(dosing.drug + (dosing.dose > 0 ? fmt::format(" {:g} {}", dosing.dose, dosing.unit) : "") + ' ' + rhythm_words(dosing));
  }
  for (const Radiotherapy& field : arm.radiotherapy) append(fmt::format("radiotherapy of {} x {:g} Gy on day {:g}", field.fractions, field.dose_gy, field.day));
  if (arm.supportive_care) append("supportive care");
  return text;
}

}  // namespace coley
