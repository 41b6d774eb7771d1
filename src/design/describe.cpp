// SPDX-License-Identifier: Apache-2.0
#include "design/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "design/look_tests.hpp"
#include "design/plan_definition.hpp"
#include "statistics/reference_distribution.hpp"

namespace coley::design {

namespace {

std::string with_error(const Measured& x, int digits) { return fmt::format("{:.{}f} ± {:.{}f}", x.value, digits, x.error, digits); }

std::string percent(const Measured& share) { return fmt::format("{:.1f} ± {:.1f} %", 100 * share.value, 100 * share.error); }

/// Rows of cells in columns as wide as their widest, the first to the left and the rest to the right.
class Columns {
 public:
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text() const {
    std::vector<std::size_t> widths;
    const auto length = [](const std::string& cell) {  // in characters, not in bytes of UTF-8
      return static_cast<std::size_t>(std::count_if(cell.begin(), cell.end(), [](char c) { return (c & 0xc0) != 0x80; }));
    };
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], length(row[i]));
    }
    std::string text;
    for (const auto& row : rows_) {
      text += "  ";
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string space(widths[i] - length(row[i]), ' ');
        text += (i == 0 ? row[i] + space : "  " + space + row[i]);
      }
      text.erase(text.find_last_not_of(' ') + 1);
      text += '\n';
    }
    return text;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// Broken into lines at spaces.
std::string wrapped(const std::string& text) {
  constexpr std::size_t kWidth = 110;
  std::string lines;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (column > 0 && column + 1 + end - at > kWidth) {
      lines += '\n';
      column = 0;
    } else if (column > 0) {
      lines += ' ';
      ++column;
    }
    lines += text.substr(at, end - at);
    column += end - at;
    at = end + 1;
  }
  return lines;
}

/// Observed hazard ratio at which a look's log-rank statistic lies on its bound.
double ratio_at(const Plan& plan, double z, double events) {
  const std::vector<int> weights = plan.weights();
  const double share = static_cast<double>(weights[1]) / (weights[0] + weights[1]);
  return plan.margin * std::exp(-z / std::sqrt(events * share * (1 - share)));
}

std::string bounds_table(const Plan& plan, const statistics::SequentialDesign& bounds) {
  Columns table;
  const bool futile = plan.futility.has_value();
  std::vector<std::string> head{"look", "information", "z", "p, one-sided", "hazard ratio", "alpha spent"};
  if (futile) head.push_back("futility z");
  table.row(head);
  for (std::size_t k = 0; k < bounds.efficacy_z.size(); ++k) {
    const auto& events = plan.looks[k].events;
    std::vector<std::string> row{look_in_words(plan.looks[k]), fmt::format("{:.3f}", bounds.plan.information[k]), fmt::format("{:.4f}", bounds.efficacy_z[k]),
                                 fmt::format("{:.4g}", statistics::normal_upper(bounds.efficacy_z[k])),
                                 events ? fmt::format("{:.3f}", ratio_at(plan, bounds.efficacy_z[k], *events)) : "–", fmt::format("{:.4g}", bounds.alpha_spent[k])};
    if (futile) row.push_back(std::isfinite(bounds.futility_z[k]) ? fmt::format("{:.4f}", bounds.futility_z[k]) : "–");
    table.row(row);
  }
  return table.text();
}

std::string setting_text(const ScenarioResult& scenario) {
  std::string text;
  for (const auto& [key, value] : scenario.setting) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key, value);
  return text;
}

std::string ratio_text(double ratio) { return std::isfinite(ratio) ? fmt::format("{:.3f}", ratio) : "–"; }

std::string main_table(const DesignResult& result) {
  Columns table;
  const bool varies = !result.plan.vary.empty();
  table.row({varies ? "scenario, test" : "test", "power", "by formula", "type-I error", "events", "months", "recruited", "hazard ratio", "bias"});
  for (const ScenarioResult& scenario : result.scenarios) {
    if (varies) table.row({setting_text(scenario)});
    for (const TestResult& test : scenario.tests) {
      const TestCharacteristics& e = test.effect;
      Measured power = e.power;
      if (test.pool_error) power.error = std::hypot(power.error, *test.pool_error);
      table.row({(varies ? "  " : "") + e.name, percent(power), test.formula ? fmt::format("{:.1f} %", 100 * test.formula->power) : "–",
                 fmt::format("{:.2f} ± {:.2f} %", 100 * test.type_one_error.value, 100 * test.type_one_error.error), with_error(e.events, 1),
                 with_error(e.months, 2), fmt::format("{:.0f}", e.recruited.value), ratio_text(e.hazard_ratio),
                 std::isfinite(e.hazard_ratio) ? fmt::format("{:+.1f} ± {:.1f} %", 100 * (std::exp(e.log_bias.value) - 1), 100 * e.log_bias.error) : "–"});
    }
  }
  return table.text();
}

std::string looks_table(const ScenarioResult& scenario) {
  Columns table;
  table.row({"look", "month", "events", "recruited", "average hazard ratio"});
  for (std::size_t k = 0; k < scenario.looks.size(); ++k) {
    const LookMeans& look = scenario.looks[k];
    table.row({fmt::format("{}", k + 1), look.reached > 0 ? fmt::format("{:.1f}", look.months) : "–", look.reached > 0 ? fmt::format("{:.1f}", look.events) : "–",
               look.reached > 0 ? fmt::format("{:.0f}", look.recruited) : "–",
               scenario.analytic ? fmt::format("{:.3f}", scenario.analytic->looks[k].average_hazard_ratio) : "–"});
  }
  std::string text = table.text() + '\n';
  Columns stops;
  std::vector<std::string> head{"ends at look, % of trials"};
  for (std::size_t k = 0; k < scenario.looks.size(); ++k) head.push_back(fmt::format("{}", k + 1));
  head.push_back("failure");
  stops.row(head);
  for (const TestResult& test : scenario.tests) {
    for (const bool under_null : {false, true}) {
      const TestCharacteristics& c = under_null ? test.null : test.effect;
      for (const bool futility : {false, true}) {
        std::vector<std::string> row{fmt::format("{}, {}{}", c.name, futility ? "futility" : "efficacy", under_null ? ", no effect" : "")};
        double sum = 0, all = 0;
        for (const LookShare& look : c.looks) {
          const double share = (futility ? look.futility : look.efficacy).value;
          row.push_back(fmt::format("{:.1f}", 100 * share));
          sum += share;
          all += look.efficacy.value + look.futility.value;
        }
        if (futility && sum == 0) continue;
        row.push_back(futility ? "" : fmt::format("{:.1f}", 100 * (1 - all)));
        stops.row(row);
      }
    }
  }
  return text + stops.text();
}

std::string multiplicity_text(const ScenarioResult& scenario) {
  if (!scenario.multiplicity) return "";
  const Multiplicity& m = *scenario.multiplicity;
  std::string text = fmt::format("All hypotheses are rejected in {}.\n\n", percent(m.all));
  Columns errors;
  errors.row({"without effect on", "trials that reject one of them"});
  for (const FamilywiseError& error : m.familywise) errors.row({error.nothing_on, fmt::format("{:.2f} ± {:.2f} %", 100 * error.error.value, 100 * error.error.error)});
  text += "Familywise type-I error\n" + errors.text();
  if (m.bounds.empty()) return text;
  Columns bounds;
  bounds.row({"endpoint", "look", "events", "z", "p, one-sided", "after the other: z", "p"});
  for (const EndpointBound& b : m.bounds) {
    const auto z = [](double x) { return std::isfinite(x) ? fmt::format("{:.4f}", x) : "–"; };
    const auto p = [](double x) { return std::isfinite(x) ? fmt::format("{:.4g}", statistics::normal_upper(x)) : "–"; };
    bounds.row({b.endpoint, fmt::format("{}", b.look + 1), fmt::format("{:.1f}", b.events), z(b.z), p(b.z), z(b.z_raised), p(b.z_raised)});
  }
  return text + "\nBounds at the events expected, at the endpoint's own level and once the other's has come to it\n" + bounds.text();
}

std::string single_arm_text(const ScenarioResult& scenario) {
  const SingleArmResult& single = *scenario.single_arm;
  const SingleArm& plan = *scenario.plan.single_arm;
  Columns bounds;
  bounds.row({"look", "patients", "futile with at most", "success with at least"});
  for (std::size_t k = 0; k < single.design.looks.size(); ++k) {
    const statistics::ResponseLook& look = single.design.looks[k];
    bounds.row({fmt::format("{}", k + 1), fmt::format("{}", look.patients), look.futile_at_most < 0 ? "–" : fmt::format("{}", look.futile_at_most),
                look.success_from > look.patients ? "–" : fmt::format("{}", look.success_from)});
  }
  Columns table;
  std::vector<std::string> head{"response probability", "success", "patients"};
  for (std::size_t k = 0; k < single.design.looks.size(); ++k) head.push_back(fmt::format("ends at {}", single.design.looks[k].patients));
  table.row(head);
  const auto row = [&](const std::string& name, const statistics::ResponseCharacteristics& c) {
    std::vector<std::string> cells{name, fmt::format("{:.1f} %", 100 * c.promising), fmt::format("{:.1f}", c.patients)};
    for (std::size_t k = 0; k < c.success.size(); ++k) cells.push_back(fmt::format("{:.1f} %", 100 * (c.success[k] + c.futility[k])));
    table.row(cells);
  };
  row(fmt::format("{:g}, not worth pursuing", plan.null), single.null);
  row(fmt::format("{:g}, wanted", plan.wanted), single.wanted);
  if (single.response) row(fmt::format("{:.3f}, of {} virtual patients", *single.response, scenario.pool_patients), single.at_response);
  return bounds.text() + '\n' + table.text();
}

std::string members_text(const ScenarioResult& scenario) {
  std::string text;
  for (const MemberPowers& test : scenario.members) {
    std::vector<double> powers;
    for (const Measured& power : test.members) powers.push_back(power.value);
    std::sort(powers.begin(), powers.end());
    const auto at = [&](double p) { return powers[static_cast<std::size_t>(p * static_cast<double>(powers.size() - 1) + 0.5)]; };
    text += fmt::format("Probability of success over {} members of the parameter ensemble, {}: {}; the power of a member is {:.1f} to {:.1f} % (lowest and highest), {:.1f} to {:.1f} % in the middle four fifths, with a standard deviation of {:.1f} points beyond its error.\n",
                        powers.size(), test.test, percent(test.mean), 100 * powers.front(), 100 * powers.back(), 100 * at(0.1), 100 * at(0.9), 100 * test.spread);
  }
  return text.empty() ? "" : '\n' + text;
}

std::string formula_text(const ScenarioResult& scenario) {
  if (!scenario.analytic) return "";
  const AnalyticAnswer& a = *scenario.analytic;
  const double first = a.looks.front().average_hazard_ratio, last = a.looks.back().average_hazard_ratio;
  std::string text = fmt::format("Schoenfeld, hazards taken as proportional at their average ratio {:.3f}: power {:.1f} %, {:.1f} events, {:.2f} months.\n", last,
                                 100 * a.schoenfeld.power, a.schoenfeld.events, a.schoenfeld.months);
  if (std::fabs(std::log(first / last)) > 0.05)
    text += fmt::format("Hazards are not proportional: the average ratio is {:.3f} at the first look and {:.3f} at the last, so that an early look sees another effect than a late one.\n", first, last);
  return text;
}

std::string error_without_pool(const DesignResult& result) {
  if (result.scenarios[0].pool_patients == 0) return "";
  return fmt::format("Trials are drawn from {} virtual patients on every arm; errors are those of {} replicates alone and do not hold what the size of that pool adds: another seed shows it.\n",
                     result.scenarios[0].pool_patients, result.plan.replicates);
}

std::string notes(const DesignResult& result) {
  std::string text;
  for (const ScenarioResult& scenario : result.scenarios) {
    const std::string where = scenario.setting.empty() ? "" : setting_text(scenario) + ": ";
    if (scenario.short_of_events > 0)
      text += fmt::format("{}{} looks of {} trials waited for events that never came, and were held when nobody was left under observation.\n", where, scenario.short_of_events, scenario.plan.replicates);
    for (const TestResult& test : scenario.tests) {
      if (test.effect.not_available > 0)
        text += fmt::format("{}{} could not be had in {} of {} trials: follow-up was too short.\n", where, test.effect.name, test.effect.not_available, scenario.plan.replicates);
      const double alpha = scenario.plan.efficacy.alpha, over = test.type_one_error.value - alpha;
      if (over > 3 * test.type_one_error.error)
        text += fmt::format("{}{}: the type-I error exceeds {:g} by more than simulation explains; this design does not control it.\n", where, test.effect.name, alpha);
    }
  }
  if (result.plan.allocation || result.plan.several_hypotheses()) text += error_without_pool(result);
  else if (result.scenarios[0].pool_patients > 0)
    text += fmt::format("Trials are drawn from {} virtual patients on both arms; the error of the power holds what the size of that pool adds to that of {} replicates (e.g. {:.2f} beside {:.2f} points). "
                        "The errors of the other columns are those of the replicates alone. Lost to follow-up are {:.1f} % a year, as this design says and not as the trial's protocol does.\n",
                        result.scenarios[0].pool_patients, result.plan.replicates, 100 * *result.scenarios[0].tests[0].pool_error,
                        100 * result.scenarios[0].tests[0].effect.power.error, 100 * (1 - std::exp(-result.plan.dropout_per_year)));
  return text;
}

std::string solution_text(const Solution& s) {
  const char* what = s.unknown == Unknown::size ? "patients" : s.unknown == Unknown::events ? "events at the last look" : "of the information at the first look";
  std::string text = s.unknown == Unknown::looks
                         ? fmt::format("Looking first at {:.0f} % of the information gives the shortest trial with a power of {:.3g} ({}): power {}\n", 100 * s.value, s.wanted, s.test, percent(s.power))
                         : fmt::format("{:.0f} ± {:.0f} {} give {} a power of {:.3g}; on other draws it is {}\n", s.value, s.error, what, s.test, s.wanted, percent(s.power));
  Columns table;
  table.row({"tried", "power", "events", "months", "recruited"});
  for (const Trial& trial : s.tried)
    table.row({fmt::format("{:.6g}", trial.value), percent(trial.power), with_error(trial.events, 1), with_error(trial.months, 2), fmt::format("{:.0f}", trial.recruited.value)});
  text += table.text();
  if (s.unknown == Unknown::size) {
    text += "  Looks then at";
    for (const Look& look : s.plan.looks) text += fmt::format("{} {}", &look == &s.plan.looks.front() ? "" : ";", look_in_words(look));
    text += ".\n";
  }
  return text;
}

/// With one arm nothing is simulated but, where asked for, its response.
std::string single_arm_report(const DesignResult& result) {
  std::string text;
  for (const ScenarioResult& scenario : result.scenarios) {
    if (!scenario.setting.empty()) text += '\n' + setting_text(scenario) + '\n';
    text += single_arm_text(scenario) + members_text(scenario);
  }
  return text;
}

}  // namespace

std::string to_text(const DesignResult& result, const std::optional<Solution>& solution) {
  std::string text = fmt::format("{}\n\n{}\n", result.plan.title, wrapped(in_words(result)));
  if (result.plan.single_arm) return text + single_arm_report(result);
  if (has_planned_bounds(result.plan)) text += "Bounds\n" + bounds_table(result.plan, result.bounds) + '\n';
  text += fmt::format("Operating characteristics, {} trials a scenario, seed {}\n{}\n", result.plan.replicates, result.plan.seed, main_table(result));
  for (const Assurance& assurance : result.assurance)
    text += fmt::format("Assurance, the power averaged over the scenarios by their weights, {}: {}\n", assurance.test, percent(assurance.power));
  for (const ScenarioResult& scenario : result.scenarios) {
    const std::string more = multiplicity_text(scenario) + wrapped(members_text(scenario));
    if (!more.empty()) text += (scenario.setting.empty() ? "" : setting_text(scenario) + '\n') + more + '\n';
  }
  if (result.scenarios.size() == 1) text += looks_table(result.scenarios[0]) + '\n' + formula_text(result.scenarios[0]);
  if (solution) text += '\n' + solution_text(*solution);
  const std::string also = notes(result);
  return text + (also.empty() ? "" : '\n' + wrapped(also));
}

}  // namespace coley::design
