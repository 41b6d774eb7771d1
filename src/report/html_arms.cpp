// SPDX-License-Identifier: Apache-2.0
// What is counted by arm: flow, response, safety; and the twins.
#include <fmt/format.h>

#include <algorithm>

#include "core/units.hpp"
#include "report/assets.hpp"
#include "report/html_sections.hpp"
#include "report/html_text.hpp"
#include "report/words.hpp"

namespace coley::report {
namespace {

std::vector<std::string> arm_heads(const Summary& s, std::string first) {
  std::vector<std::string> heads{std::move(first)};
  for (const ArmSummary& arm : s.arms) heads.push_back(arm.label);
  return heads;
}

/// The names of `list(arm)` over all arms, in order of first appearance.
template <typename List>
std::vector<std::string> names(const Summary& s, List list) {
  std::vector<std::string> all;
  for (const ArmSummary& arm : s.arms) {
    for (const auto& entry : list(arm)) {
      if (std::find(all.begin(), all.end(), entry.name) == all.end()) all.push_back(entry.name);
    }
  }
  return all;
}

template <typename Entry>
const Entry* by_name(const std::vector<Entry>& list, const std::string& name) {
  const auto it = std::find_if(list.begin(), list.end(), [&](const Entry& e) { return e.name == name; });
  return it == list.end() ? nullptr : &*it;
}

std::string screening_table(const Screening& screening) {
  Table table("Screening", {"Virtual patients", "n"});
  table.row({"Screened", count(screening.screened)});
  for (const NamedCount& why : screening.excluded)
    table.row({"Not enrolled: " + in_words(why.name), count(why.patients)});
  table.row({"Enrolled", count(screening.enrolled)}, "total");
  return table.html();
}

std::string baseline_table(const Summary& s) {
  Table table("Enrolled patients at randomisation", {"What is known of them", "n", "Share"});
  std::string heading;
  for (const BaselineRow& row : s.baseline) {
    if (row.covariate != heading) table.group(in_words(heading = row.covariate));
    table.row({in_words(row.level), count(row.patients), percent(row.share)});
  }
  return table.empty() ? "" : table.html();
}

std::string flow_table(const Summary& s) {
  const auto flow = [](const ArmSummary& arm) -> const std::vector<FlowStep>& { return arm.flow; };
  Table table("Patient flow by arm", arm_heads(s, "Step"));
  for (const std::string& name : names(s, flow)) {
    std::string label = name;
    std::vector<Cell> cells{""};
    for (const ArmSummary& arm : s.arms) {
      const FlowStep* step = by_name(arm.flow, name);
      if (step) label = step->label;
      cells.emplace_back(step ? count(step->patients) : "–");
    }
    cells[0] = Cell(label);
    table.row(cells);
  }
  return table.empty() ? "" : table.html();
}

std::string in_months(const Estimate& days) {
  const auto month = [](Number d) { return d ? Number(*d / kDaysPerMonth) : std::nullopt; };
  return interval({month(days.estimate), month(days.low), month(days.high)}, 1);
}

/// The quantile at `share`, between the points given.
Number quantile(const std::vector<BenefitQuantile>& points, double share) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].share < share) continue;
    if (points[i].share == share) return points[i].days;
    if (i == 0) return std::nullopt;
    const double part = (share - points[i - 1].share) / (points[i].share - points[i - 1].share);
    return points[i - 1].days + part * (points[i].days - points[i - 1].days);
  }
  return std::nullopt;
}

std::string quantile_table(const TwinSummary& t, const std::string& label) {
  Table table(label + ": months gained by one patient", {"Quantile of patients", "Months gained"});
  for (const double share : {0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95}) {
    const Number days = quantile(t.benefit_days, share);
    table.row(
        {fmt::format("{:.0f}\u00a0%", 100.0 * share), fixed(days ? Number(*days / kDaysPerMonth) : std::nullopt, 1)});
  }
  return table.html();
}

std::string group_table(const TwinSummary& t, const std::string& label) {
  Table table(label + ": who gains",
              {"Known at the start", "n", "Mean months gained (95\u00a0% interval)", "Gain", "Lose"});
  std::string heading;
  for (const TwinGroup& g : t.by) {
    if (g.covariate != heading) table.group(in_words(heading = g.covariate));
    table.row({in_words(g.level), count(g.n), in_months(g.mean_benefit_days), percent(g.share_better),
               percent(g.share_worse)});
  }
  return table.empty() ? "" : table.html();
}

}  // namespace

std::string flow_section(const Summary& s) {
  std::string html =
      figure_host("consort", "", "Flow of virtual patients. Dashed boxes list those who leave the path; how systemic treatment ended adds up to those who started it. "
                  "Treatment after recurrence or progression, and loss to follow-up at any time, are of all randomised.");
  if (s.screening) {
    html = "<p>Virtual people, each with a tumour that grows until it is found, are made until the places of the trial are filled. Screened "
           "are all of them: most would never have come near the real trial.</p>\n" + html;
  }
  const std::string tables = (s.screening ? screening_table(*s.screening) : "") + flow_table(s);
  if (tables.empty()) return "";
  html += report_script().empty() ? tables : "<details><summary>The flow as tables</summary>\n" + tables + "</details>\n";
  if (!s.baseline.empty()) html += "<details><summary>Who was enrolled</summary>\n" + baseline_table(s) + "</details>\n";
  return html + fmt::format(
                    "<p>Not integrated: {} virtual patients (counted, and left out of the endpoints). Left out "
                    "of the analysis for another reason: {}.</p>\n",
                    count(s.failures.integration), count(s.failures.excluded));
}

std::string response_section(const Summary& s) {
  Table table("Best overall response (RECIST 1.1), virtual patients",
              {"Arm", "n", "CR", "PR", "SD", "PD", "NE", "CR or PR (95\u00a0% interval)", "CR (95\u00a0% interval)",
               "Durable CR", "Median duration, months", "Median time to response, months"});
  for (const ArmSummary& arm : s.arms) {
    if (!arm.response) continue;
    const Response& r = *arm.response;
    table.row({arm.label, count(r.n), count(r.cr), count(r.pr), count(r.sd), count(r.pd), count(r.ne),
               percent_interval(r.orr), percent_interval(r.cr_rate),
               r.durable_cr_rate ? percent_interval(*r.durable_cr_rate) : "–",
               r.median_duration_months ? median_interval(*r.median_duration_months) : "–",
               r.median_time_months ? median_interval(*r.median_time_months) : "–"});
  }
  return table.empty() ? "" : table.html();
}

std::string quality_section(const Summary& s) {
  Table table("Quality-adjusted survival: restricted mean survival weighted by utility, virtual patients",
              {"Arm", "Up to month", "Quality-adjusted months (95\u00a0% interval of survival)", "Mean utility of the months lived"});
  for (const ArmSummary& arm : s.arms) {
    if (!arm.quality_adjusted) continue;
    const QualityAdjusted& q = *arm.quality_adjusted;
    table.row({arm.label, fixed(q.survival.month, 0), interval(q.survival.months, 1), fixed(q.mean_utility, 2)});
  }
  return table.empty() ? "" : table.html();
}

std::string patients_section(const Summary& s) {
  if (s.patients.empty() || report_script().empty()) return "";
  const bool measured = std::any_of(s.patients.begin(), s.patients.end(), [](const PatientLine& p) { return p.best_change.has_value(); });
  std::string html = fmt::format("<p>The first {} patients of the run, as <code>coley patient</code> replays them.</p>\n", s.patients.size());
  const auto each_arm = [&](const char* kind, const std::string& caption) {
    for (const ArmSummary& arm : s.arms) {
      const std::string data = fmt::format(" data-arm=\"{}\" data-name=\"{}\"", escaped(arm.name), slug(std::string(kind) + " " + arm.name));
      html += figure_host(kind, data, "<strong>" + escaped(arm.label) + ".</strong> " + caption);
    }
  };
  if (measured) {
    each_arm("waterfall", "Best change of the sum of target lesions as read on scans, with the error of reading, from baseline (after an operation: from the new one) until progression or further treatment; "
             "dashed: −30\u00a0% and +20\u00a0%. Growth beyond 100\u00a0% is cut off and marked.");
    html += figure_host("spider", " data-name=\"spider\"", "The same sum over time, a line a patient, until progression or further treatment.");
  }
  each_arm("swimmer", "Dark: on study drugs. Pale: under observation.");
  return html;
}

std::string safety_section(const Summary& s) {
  const auto safety = [](const ArmSummary& arm) -> const std::vector<SafetyRow>& { return arm.safety; };
  Table table("Virtual patients with the event at least once: n, share of those treated (95\u00a0% interval)",
              arm_heads(s, "Event"));
  for (const std::string& name : names(s, safety)) {
    std::vector<Cell> cells{in_words(name)};
    for (const ArmSummary& arm : s.arms) {
      const SafetyRow* row = by_name(arm.safety, name);
      cells.emplace_back(row ? count(row->patients) + "; " + percent_interval(row->share) : "–");
    }
    table.row(cells);
  }
  return table.empty() ? "" : table.html();
}

std::string twins_section(const Summary& s) {
  if (s.twins.empty()) return "";
  std::string html =
      "<p>Each virtual patient was put on both arms with the same random numbers for the same purposes. The difference "
      "is the effect of treatment on that one patient, which no real trial can see. It is true of the model; whether "
      "it "
      "is true of people rests on the model.</p>\n";
  const std::vector<std::string> keys = twin_keys(s.twins);
  for (std::size_t i = 0; i < s.twins.size(); ++i) {
    const TwinSummary& t = s.twins[i];
    const std::string label = in_words(t.endpoint), name = slug("twins " + keys[i]);
    const std::string experimental = arm_label(s, t.experimental), control = arm_label(s, t.control);
    const std::string data = fmt::format(" data-key=\"{}\" data-label=\"{}\"", escaped(keys[i]), escaped(label));
    html += fmt::format("<h3>{}</h3>\n", escaped(fmt::format("{}: {} rather than {}", label, experimental, control)));
    html += "<p>";
    html += escaped(fmt::format(
        "{} pairs, times cut at {:.0f} months. Mean gain {} months. {} gain more than a day, {} lose more than a day.",
        count(t.n), t.horizon_months, in_months(t.mean_benefit_days), percent(t.share_better), percent(t.share_worse)));
    html += "</p>\n";
    html += figure_host("twins", data + " data-name=\"" + name + "\"",
                        "Months gained by each virtual patient, sorted from the greatest loss to the greatest gain.");
    html += quantile_table(t, label);
    if (!t.patients.empty() && !t.by.empty()) {
      html += figure_host("twin-patients", data + " data-name=\"" + name + "-patients\"",
                          fmt::format("The first {} patients of the run, sorted by what they gain and coloured by what predicts it best.", t.patients.size()));
    }
    if (!t.by.empty()) {
      html += figure_host("twin-groups", data + " data-name=\"" + name + "-by-group\"",
                          "Mean months gained by what is known of a patient at the start, with 95\u00a0% intervals.");
    }
    html += group_table(t, label);
  }
  return html;
}

}  // namespace coley::report
