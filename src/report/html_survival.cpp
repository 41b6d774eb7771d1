// SPDX-License-Identifier: Apache-2.0
// Time to event: main results, curves with their numbers, hazard ratios by subgroup.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/html_sections.hpp"
#include "report/html_text.hpp"
#include "report/words.hpp"

namespace coley::report {
namespace {

/// An endpoint at one data cut-off.
struct Analysis {
  std::string endpoint;
  std::optional<std::string> cutoff;
  bool operator==(const Analysis&) const = default;

  std::string label() const {
    return in_words(endpoint) + (cutoff ? " (data cut-off " + *cutoff + ")" : std::string());
  }
  std::string name() const { return slug(endpoint + " " + cutoff.value_or("")); }
  std::string data() const {
    return fmt::format(" data-endpoint=\"{}\" data-cutoff=\"{}\" data-label=\"{}\"", escaped(endpoint),
                       escaped(cutoff.value_or("")), escaped(in_words(endpoint)));
  }
};

struct Pair {
  Analysis analysis;
  std::string experimental, control;
  bool operator==(const Pair&) const = default;
};

Pair pair_of(const Comparison& c) {
  return {{c.endpoint, c.cutoff}, c.experimental, c.control};
}

template <typename Value>
void add_once(std::vector<Value>& list, const Value& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

std::vector<Analysis> analyses(const Summary& s) {
  std::vector<Analysis> list;
  for (const ArmSummary& arm : s.arms) {
    for (const Endpoint& e : arm.endpoints) add_once(list, Analysis{e.name, e.cutoff});
  }
  for (const SurvivalCurve& curve : s.survival) add_once(list, Analysis{curve.endpoint, curve.cutoff});
  return list;
}

const Endpoint* find_endpoint(const ArmSummary& arm, const Analysis& a) {
  for (const Endpoint& e : arm.endpoints) {
    if (e.name == a.endpoint && e.cutoff == a.cutoff) return &e;
  }
  return nullptr;
}

const Endpoint* find_endpoint(const Summary& s, const std::string& arm, const Analysis& a) {
  for (const ArmSummary& one : s.arms) {
    if (one.name == arm) return find_endpoint(one, a);
  }
  return nullptr;
}

std::vector<const SurvivalCurve*> curves_of(const Summary& s, const Analysis& a) {
  std::vector<const SurvivalCurve*> list;
  for (const SurvivalCurve& curve : s.survival) {
    if (curve.endpoint == a.endpoint && curve.cutoff == a.cutoff) list.push_back(&curve);
  }
  return list;
}

std::string against(const std::string& experimental, const std::string& control) {
  return experimental == control ? experimental + " in both" : experimental + " against " + control;
}

std::string ratio(const std::optional<HazardRatio>& hr) {
  return hr ? interval(hr->ratio, 2) : "–";
}

/// What is drawn and how to read it; numbers that KMunicate puts in the caption, not in the plot.
std::string caption(const Summary& s, const Analysis& a) {
  std::string text = "<strong>" + escaped(a.label()) + ", virtual patients.</strong> ";
  for (const ArmSummary& arm : s.arms) {
    if (const Endpoint* e = find_endpoint(arm, a)) {
      text += escaped(fmt::format("{}: n = {}, events {}, median {}{} (95\u00a0% interval). ", arm.label, count(e->n),
                                  count(e->events), median_interval(e->median_months),
                                  e->median_months.estimate ? " months" : ""));
    }
  }
  for (const Comparison& c : s.comparisons) {
    if (c.covariate || c.endpoint != a.endpoint || c.cutoff != a.cutoff || !c.hazard_ratio) continue;
    text += escaped(fmt::format("Hazard ratio, {} against {}: {}. ", arm_label(s, c.experimental),
                                arm_label(s, c.control), ratio(c.hazard_ratio)));
  }
  text +=
      "Bands: pointwise 95\u00a0% intervals (log-log). Below: at risk, censored and with the event so far; the three "
      "add "
      "up to the arm's number at every time. A curve is pale where fewer than 1 in 20 are at risk. ";
  const auto curves = curves_of(s, a);
  const auto with = [&](auto has) { return std::find_if(curves.begin(), curves.end(), has); };
  if (const auto it = with([](auto* c) { return !c->envelope.empty(); }); it != curves.end()) {
    text +=
        fmt::format("Dotted area: where the curves of {:.0f}\u00a0% of simulated trials of the published size lie. ",
                    100.0 * (*it)->envelope_level);
  }
  if (with([](auto* c) { return !c->one_trial.empty(); }) != curves.end()) {
    text += "Thin line: one of these trials, as an example. ";
  }
  return text + fmt::format("Seed {}.", s.coley.seed);
}

std::string endpoint_table(const Summary& s, const Analysis& a) {
  Table table(a.label() + " by arm", {"Arm", "n", "Events", "Median, months (95\u00a0% interval)",
                                      "Restricted mean, months (95\u00a0% interval)"});
  for (const ArmSummary& arm : s.arms) {
    const Endpoint* e = find_endpoint(arm, a);
    if (!e) continue;
    table.row({arm.label, count(e->n), count(e->events), median_interval(e->median_months),
               e->rmst ? fmt::format("{}, to month {:g}", interval(e->rmst->months, 1), e->rmst->month) : "–"});
  }
  return table.empty() ? "" : table.html();
}

std::string landmark_table(const Summary& s, const Analysis& a) {
  std::set<double> months;
  std::vector<std::string> heads{"Months"};
  for (const ArmSummary& arm : s.arms) {
    const Endpoint* e = find_endpoint(arm, a);
    if (!e) continue;
    heads.push_back(arm.label);
    for (const Landmark& l : e->at) months.insert(l.month);
  }
  Table table(a.label() + " at landmarks (95\u00a0% interval)", heads);
  for (const double month : months) {
    std::vector<Cell> cells{fmt::format("{:g}", month)};
    for (const ArmSummary& arm : s.arms) {
      const Endpoint* e = find_endpoint(arm, a);
      if (!e) continue;
      const auto l = std::find_if(e->at.begin(), e->at.end(), [&](const Landmark& one) { return one.month == month; });
      cells.emplace_back(l == e->at.end() ? "–" : percent_interval(l->survival));
    }
    table.row(cells);
  }
  return table.empty() ? "" : table.html();
}

std::string comparison_table(const Summary& s, const Analysis& a) {
  Table table(a.label() + ": comparison of arms", {"Comparison", "Hazard ratio (95\u00a0% interval)", "p",
                                                   "Log-rank χ²", "p", "Difference in restricted mean"});
  for (const Comparison& c : s.comparisons) {
    if (c.covariate || c.endpoint != a.endpoint || c.cutoff != a.cutoff) continue;
    table.row({arm_label(s, c.experimental) + " against " + arm_label(s, c.control), ratio(c.hazard_ratio),
               p_value(c.hazard_ratio ? c.hazard_ratio->p : std::nullopt),
               fixed(c.logrank ? Number(c.logrank->statistic) : std::nullopt, 1),
               p_value(c.logrank ? Number(c.logrank->p) : std::nullopt),
               c.rmst_difference ? fmt::format("{} months, to month {:g}", interval(c.rmst_difference->months, 1),
                                               c.rmst_difference->month)
                                 : "–"});
  }
  return table.empty() ? "" : table.html();
}

std::string risk_table(const Summary& s, const Analysis& a) {
  Table table(a.label() + ": at risk, censored and events", {"Months", "At risk", "Censored", "Events"});
  for (const SurvivalCurve* curve : curves_of(s, a)) {
    table.group(arm_label(s, curve->arm));
    for (const RiskRow& r : curve->at_risk) {
      table.row({fmt::format("{:g}", r.month), count(r.at_risk), count(r.censored), count(r.events)});
    }
  }
  return table.empty() ? ""
                       : "<details><summary>Numbers at risk as a table</summary>\n" + table.html() + "</details>\n";
}

std::string subgroup_table(const Summary& s, const Pair& pair, const std::vector<const Comparison*>& rows) {
  const std::string experimental = arm_label(s, pair.experimental), control = arm_label(s, pair.control);
  Table table(fmt::format("{}: {} against {}, by subgroup", pair.analysis.label(), experimental, control),
              {"Subgroup", "Events/n, " + experimental, "Events/n, " + control, "Hazard ratio (95\u00a0% interval)",
               "p of interaction"});
  std::optional<std::string> heading;
  for (const Comparison* c : rows) {
    if (c->covariate && c->covariate != heading) table.group(in_words(*c->covariate));
    heading = c->covariate;
    table.row({c->covariate ? in_words(c->level.value_or("")) : "All patients",
               count(c->events_experimental) + "/" + count(c->n_experimental),
               count(c->events_control) + "/" + count(c->n_control), ratio(c->hazard_ratio), p_value(c->interaction_p)},
              c->covariate ? "" : "total");
  }
  return table.html();
}

/// For a reader who has not seen the program.
std::string lead(const Summary& s) {
  const std::string trials = s.coley.replicates > 1 ? fmt::format(", as many as in {} trials of the published size", count(s.coley.replicates)) : "";
  return fmt::format("<p>The trial was run on {} virtual patients{}. Each grows a tumour with metastases and an immune system of its own in a mathematical model, is treated, "
                     "scanned and followed by the trial’s protocol, and is counted as the real trial would count them. What follows is what the model expects, not what happened.</p>\n",
                     count(s.coley.patients), trials);
}

}  // namespace

std::string main_results(const Summary& s) {
  Table table("Main results, virtual patients",
              {"Endpoint", "<Comparison", "Hazard ratio (95\u00a0% interval)", "Median, months", "Latest landmark"});
  for (const Comparison& c : s.comparisons) {
    if (c.covariate) continue;
    const Analysis a{c.endpoint, c.cutoff};
    const Endpoint* e = find_endpoint(s, c.experimental, a);
    const Endpoint* k = find_endpoint(s, c.control, a);
    const auto median = [](const Endpoint* one) {
      return one && one->median_months.estimate ? fixed(one->median_months.estimate, 1) : std::string("not reached");
    };
    std::string landmark = "–";
    if (e && k && !e->at.empty() && !k->at.empty() && e->at.back().month == k->at.back().month) {
      landmark = fmt::format("{} against {} at {:g} months", percent(e->at.back().survival.estimate),
                             percent(k->at.back().survival.estimate), e->at.back().month);
    }
    table.row({a.label(), arm_label(s, c.experimental) + " against " + arm_label(s, c.control), ratio(c.hazard_ratio),
               e && k ? against(median(e), median(k)) : "–", landmark});
  }
  std::string html = lead(s);
  if (!table.empty()) {
    html += table.html() + "<p class=\"soft\">A hazard ratio below 1 favours the arm named first: the event comes later, or to fewer. Intervals are those of these virtual patients.</p>\n";
  }
  if (const std::string agrees = agreement(s); !agrees.empty()) {
    html += "<p><strong>How far it agrees with what was published:</strong> " + escaped(agrees) +
            ". The rows are <a href=\"#evidence\">below</a>, those that do not agree included.</p>\n";
  } else if (!s.evidence.empty()) {
    html += "<p><strong>How far it agrees with what was published:</strong> the rows are <a href=\"#evidence\">below</a>; none is scored.</p>\n";
  }
  return html;
}

std::string survival_section(const Summary& s) {
  std::string html;
  for (const Analysis& a : analyses(s)) {
    html += fmt::format("<h3 id=\"survival-{}\">{}</h3>\n", a.name(), escaped(a.label()));
    const std::string data = a.data() + " data-name=\"survival-" + a.name() + "\"";
    if (!curves_of(s, a).empty()) {
      html += figure_host("survival", data, caption(s, a));
      html += figure_host("hazard", a.data() + " data-name=\"hazard-" + a.name() + "\"",
                          "Events a patient-year in each stretch of time, from the curves above, as long as 1 in 20 of the arm are at risk.");
    }
    html += endpoint_table(s, a) + landmark_table(s, a) + comparison_table(s, a) + risk_table(s, a);
  }
  if (html.empty()) return html;
  return html +
         "<p class=\"soft\">Intervals and p values describe these virtual patients: they shrink as more are "
         "simulated, and they do not say how true the model is. For that see <a href=\"#evidence\">published "
         "against simulated</a>.</p>\n";
}

std::string subgroup_section(const Summary& s) {
  std::vector<Pair> pairs;
  for (const Comparison& c : s.comparisons) {
    if (c.covariate) add_once(pairs, pair_of(c));
  }
  std::string html;
  for (const Pair& pair : pairs) {
    std::vector<const Comparison*> rows;
    for (const Comparison& c : s.comparisons) {
      if (pair_of(c) == pair) rows.push_back(&c);
    }
    std::stable_partition(rows.begin(), rows.end(), [](const Comparison* c) { return !c->covariate; });
    const std::string title = fmt::format("{}: {} against {}", pair.analysis.label(), arm_label(s, pair.experimental),
                                          arm_label(s, pair.control));
    const std::string name = slug("subgroups " + pair.analysis.name() + " " + pair.experimental + " " + pair.control);
    const std::string data = fmt::format("{} data-experimental=\"{}\" data-control=\"{}\" data-name=\"{}\"",
                                         pair.analysis.data(), escaped(pair.experimental), escaped(pair.control), name);
    html += "<h3>" + escaped(title) + "</h3>\n" +
            figure_host(
                "forest", data,
                "Hazard ratio by subgroup on a log axis; below 1 favours " + escaped(arm_label(s, pair.experimental)) +
                    ". Diamond: all patients (dashed line). Squares: their area grows with the number of events. "
                    "Lines: 95\u00a0% intervals; an arrow marks one that leaves the axis. Virtual patients.") +
            subgroup_table(s, pair, rows);
  }
  return html;
}

}  // namespace coley::report
