// SPDX-License-Identifier: Apache-2.0
#include "response_report.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "statistics/proportion.hpp"

namespace coley {

using nlohmann::json;
using namespace statistics;

namespace {

struct Method {
  const char *measure, *method, *interval;
  std::optional<CommonEffect> (*estimate)(std::span<const ResponseCounts>, double);
};

constexpr Method kMethods[] = {
    {"difference", "mantel_haenszel", "Wald, variance of Sato", mantel_haenszel_difference},
    {"difference", "miettinen_nurminen", "score", miettinen_nurminen_difference},
    {"odds_ratio", "mantel_haenszel", "Wald of the logarithm, variance of Robins, Breslow and Greenland", mantel_haenszel_odds_ratio},
    {"odds_ratio", "miettinen_nurminen", "score", miettinen_nurminen_odds_ratio},
    {"risk_ratio", "mantel_haenszel", "Wald of the logarithm, variance of Greenland and Robins", mantel_haenszel_risk_ratio},
    {"risk_ratio", "miettinen_nurminen", "score", miettinen_nurminen_risk_ratio},
};

std::vector<ResponseCounts> strata_of(const exchange::ResponseTable& table, std::size_t group) {
  std::vector<ResponseCounts> strata;
  for (const auto& cells : table.cells) strata.push_back({cells[group].responders, cells[group].patients, cells[0].responders, cells[0].patients});
  return strata;
}

std::vector<ResponseEffect> effects_of(const exchange::ResponseTable& table, std::size_t group, double level) {
  const std::vector<ResponseCounts> strata = strata_of(table, group);
  std::vector<ResponseEffect> effects;
  for (const Method& one : kMethods) effects.push_back({one.measure, one.method, one.interval, one.estimate(strata, level)});
  return effects;
}

std::string words(std::string key) {
  for (char& c : key)
    if (c == '_') c = ' ';
  return key;
}

std::string number(double value) { return std::isinf(value) ? "infinity" : fmt::format("{:.4g}", value); }
std::string show(const Estimate& e) { return fmt::format("{} ({}, {})", number(e.estimate), number(e.low), number(e.high)); }
std::string show_p(const CommonEffect& e) { return e.p > 1e-300 ? fmt::format("{:.3g}", e.p) : fmt::format("10^{:.1f}", e.log10_p); }

json number_json(double value) { return std::isinf(value) ? json("Inf") : json(value); }
json estimate_json(const Estimate& e) { return {{"value", number_json(e.estimate)}, {"lower", number_json(e.low)}, {"upper", number_json(e.high)}}; }

json effect_json(const ResponseEffect& effect) {
  if (!effect.effect) return {{"interval", effect.interval}, {"not_estimable", "no stratum with both groups informs about it"}};
  json out = estimate_json(effect.effect->effect);
  out.update({{"interval", effect.interval}, {"z", effect.effect->z}, {"p", effect.effect->p}, {"log10_p", effect.effect->log10_p}, {"n_strata", effect.effect->strata_used}});
  return out;
}

/// What the page draws: the difference in each stratum and over all, of each group against the reference.
json forest_json(const ResponseReport& report) {
  const exchange::ResponseTable& table = report.table;
  json rows = json::array();
  const auto add = [&](const char* kind, const std::string& label, std::span<const ResponseCounts> strata) {
    const auto effect = miettinen_nurminen_difference(strata, report.options.level);
    if (!effect) return;
    std::int64_t patients = 0;
    for (const ResponseCounts& one : strata) patients += one.experimental_n + one.control_n;
    rows.push_back({{"kind", kind}, {"label", label}, {"estimate", effect->effect.estimate}, {"low", effect->effect.low}, {"high", effect->effect.high}, {"weight", patients}});
  };
  for (std::size_t g = 1; g < table.groups.size(); ++g) {
    const std::vector<ResponseCounts> strata = strata_of(table, g);
    const std::string prefix = table.groups.size() > 2 ? table.groups[g] + ": " : "";
    for (std::size_t s = 0; s < strata.size() && strata.size() > 1; ++s) add("study", prefix + table.strata[s], std::span(strata).subspan(s, 1));
    add("pooled", table.groups[g] + " against " + table.groups[0], strata);
  }
  return {{"scale", "linear"}, {"no_effect", 0}, {"rows", rows}};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

ResponseReport make_response_report(const ResponseOptions& options) {
  const exchange::ResponseColumns& columns = options.columns;
  if (columns.group.empty() && !columns.strata.empty()) throw InputError({.key = "--strata", .found = "no --group", .expected = "--group too: strata serve to compare groups"});
  if (columns.group.empty() && !columns.reference.empty()) throw InputError({.key = "--reference", .found = "no --group", .expected = "--group too"});
  ResponseReport report{options, exchange::read_response_table(options.file, columns), {}, {}};
  for (std::size_t g = 0; g < report.table.groups.size(); ++g) {
    const auto cell = report.table.total(g);
    report.rates.push_back({cell, clopper_pearson(cell.responders, cell.patients, options.level), wilson(cell.responders, cell.patients, options.level)});
    if (g > 0) report.effects.push_back(effects_of(report.table, g, options.level));
  }
  return report;
}

std::string response_text(const ResponseReport& report) {
  const exchange::ResponseTable& table = report.table;
  const bool stratified = !report.options.columns.strata.empty();
  std::int64_t patients = 0;
  for (const ResponseRate& rate : report.rates) patients += rate.cell.patients;
  std::string text = fmt::format("{}: {} rows, {} patients analysed\n", report.options.file, table.rows, patients);
  for (const auto& [column, rows] : table.missing)
    text += fmt::format("  left out: {} rows without {}{}\n", rows, column, column == report.options.columns.response ? " (by intention to treat they would count as non-responders; write them so)" : "");
  text += fmt::format("\nResponse rates, {:g} % intervals\n  {:<20}{:>10}{:>10}  {:<28}{}\n", 100 * report.options.level, "group", "patients", "responses", "rate (Clopper-Pearson)", "(Wilson)");
  for (std::size_t g = 0; g < report.rates.size(); ++g) {
    const ResponseRate& rate = report.rates[g];
    text += fmt::format("  {:<20}{:>10}{:>10}  {:<28}{}\n", table.groups[g], rate.cell.patients, rate.cell.responders, show(rate.clopper_pearson), show(rate.wilson));
  }
  for (std::size_t g = 1; g < table.groups.size(); ++g) {
    text += fmt::format("\n{} against {}{}\n", table.groups[g], table.groups[0], stratified ? fmt::format(", stratified by {} ({} strata)", joined(report.options.columns.strata), table.strata.size()) : "");
    for (const ResponseEffect& e : report.effects[g - 1]) {
      text += fmt::format("  {:<12}{:<20}", words(e.measure), std::string_view(e.method) == "mantel_haenszel" ? "Mantel-Haenszel" : "Miettinen-Nurminen");
      text += e.effect ? fmt::format("{:<32}p = {:<10} {}\n", show(e.effect->effect), show_p(*e.effect), e.interval) : "not estimable: no stratum with both groups informs about it\n";
    }
    if (const auto& first = report.effects[g - 1].front().effect; first && first->strata_used < static_cast<int>(table.strata.size()))
      text += fmt::format("  ! {} strata without patients of both groups are left out\n", static_cast<int>(table.strata.size()) - first->strata_used);
  }
  if (table.groups.size() > 1) text += "\nTests: Cochran-Mantel-Haenszel without continuity correction beside Mantel-Haenszel, score test beside Miettinen-Nurminen.\n";
  return text;
}

json response_json(const ResponseReport& report) {
  const exchange::ResponseTable& table = report.table;
  json out = {{"schema_version", 1},
              {"data", {{"file", report.options.file}, {"rows", table.rows}, {"n_missing", table.missing}}},
              {"conf_level", report.options.level},
              {"strata", report.options.columns.strata},
              {"groups", json::array()},
              {"contrasts", json::array()}};
  for (std::size_t g = 0; g < report.rates.size(); ++g) {
    const ResponseRate& rate = report.rates[g];
    json one = {{"group", report.options.columns.group.empty() ? json() : json(table.groups[g])}, {"n", rate.cell.patients}, {"events", rate.cell.responders},
                {"clopper_pearson", estimate_json(rate.clopper_pearson)}, {"wilson", estimate_json(rate.wilson)}, {"by_stratum", json::array()}};
    for (std::size_t s = 0; s < table.strata.size(); ++s)
      one["by_stratum"].push_back({{"stratum", table.strata[s]}, {"n", table.cells[s][g].patients}, {"events", table.cells[s][g].responders}});
    out["groups"].push_back(one);
    if (g == 0) continue;
    json contrast = {{"group", table.groups[g]}, {"control", table.groups[0]}};
    for (const ResponseEffect& effect : report.effects[g - 1]) contrast[effect.measure][effect.method] = effect_json(effect);
    out["contrasts"].push_back(contrast);
  }
  if (table.groups.size() > 1) {
    out["measure"] = "difference of response rates";
    out["forest"] = forest_json(report);
  }
  return out;
}

}  // namespace coley
