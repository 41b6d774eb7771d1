// SPDX-License-Identifier: Apache-2.0
// Published against simulated. What was fitted and what was not never share a table.
#include <fmt/format.h>

#include "report/html_sections.hpp"
#include "report/html_text.hpp"

namespace coley::report {
namespace {

struct Part {
  Role role;
  std::string key;  // as in the summary
  std::string heading;
  std::string meaning;
};

const std::vector<Part>& parts() {
  static const std::vector<Part> list{
      {Role::validation, "validation", "Validation: not used to fit the model",
       "No parameter was chosen by looking at these results."},
      {Role::calibration, "calibration", "Calibration: the model may have been fitted to these",
       "Agreement here says that the model can describe these results, not that it predicts."},
      {Role::context, "context", "Context: shown, not scored", "For orientation, or not verified at the source."},
  };
  return list;
}

std::string shown(const Estimate& e, Scale scale) {
  switch (scale) {
    case Scale::ratio:
      return interval(e, 2);
    case Scale::probability:
      return percent_interval(e);
    case Scale::months:
      return interval(e, 1);
  }
  return "";
}

Cell verdict(const EvidenceRow& row) {
  if (!row.agrees) return "not scored";
  return Cell::markup(*row.agrees ? "<span class=\"yes\">agrees</span>" : "<span class=\"no\">does not agree</span>");
}

std::string trials_range(const EvidenceRow& row) {
  if (!row.simulated_trials) return "–";
  const Estimate& e = *row.simulated_trials;
  if (row.scale == Scale::probability) return fmt::format("{} to {}", percent(e.low), percent(e.high));
  const int digits = row.scale == Scale::ratio ? 2 : 1;
  if (!e.high) return fmt::format("{} or more", fixed(e.low, digits));
  return fmt::format("{} to {}", fixed(e.low, digits), fixed(e.high, digits));
}

std::string role_table(const Summary& s, const Part& part) {
  double level = 0.9;
  for (const EvidenceRow& row : s.evidence) {
    if (row.role == part.role && row.simulated_trials) level = row.trials_level;
  }
  Table table(part.heading, {"Quantity", "<Verdict", "Published (95\u00a0% interval)", "Simulated (uncertainty)",
                             fmt::format("{:.0f}\u00a0% of simulated trials", 100.0 * level),
                             "Simulated trials below the published", "<Source"});
  for (const EvidenceRow& row : s.evidence) {
    if (row.role != part.role) continue;
    table.row({row.quantity, verdict(row), shown(row.published, row.scale), shown(row.simulated, row.scale),
               trials_range(row), percent(row.published_percentile),
               row.id + (row.source.empty() ? "" : ", " + row.source)});
  }
  return table.empty() ? "" : table.html();
}

std::string agreement_of(const Summary& s, const Part& part) {
  int scored = 0, agree = 0;
  for (const EvidenceRow& row : s.evidence) {
    if (row.role != part.role || !row.agrees) continue;
    ++scored;
    agree += *row.agrees ? 1 : 0;
  }
  return scored == 0 ? "" : fmt::format("{} of {} {} rows agree", agree, scored, part.key);
}

}  // namespace

std::string agreement(const Summary& s) {
  std::string text;
  for (const Part& part : parts()) {
    const std::string one = agreement_of(s, part);
    if (!one.empty()) text += (text.empty() ? "" : "; ") + one;
  }
  return text;
}

std::string evidence_section(const Summary& s) {
  if (s.evidence.empty())
    return "<p>No published result is linked to this trial: nothing here has been checked against a real one.</p>\n";
  std::string html =
      "<p>“Simulated” is the expectation of the model with its Monte-Carlo and parameter uncertainty. “Simulated "
      "trials” "
      "is where trials of the published size and follow-up fall: even a perfect model must leave the publication "
      "somewhere in that range, not on the expectation.</p>\n";
  if (!s.evidence_rule.empty()) html += "<p>" + escaped(s.evidence_rule) + "</p>\n";
  for (const Part& part : parts()) {
    const std::string table = role_table(s, part);
    if (table.empty()) continue;
    const std::string agrees = agreement_of(s, part);
    html += "<h3>" + escaped(part.heading) + "</h3>\n<p>" + escaped(part.meaning) +
            (agrees.empty() ? "" : " <strong>" + escaped(agrees) + ".</strong>") + "</p>\n";
    html += figure_host(
        "evidence",
        fmt::format(
            " data-role=\"{0}\" data-name=\"evidence-{0}\" data-label=\"Published against simulated, {0} rows\"",
            part.key),
        "Open circle: published. Filled square: simulated. Pale bar: range of simulated trials of the "
        "published size.");
    html += table;
  }
  return html;
}

}  // namespace coley::report
