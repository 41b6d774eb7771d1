// SPDX-License-Identifier: Apache-2.0
// Competing risks: Aalen-Johansen (survfit), cumulative incidence and Gray's test (cuminc), Fine-Gray (crr, finegray).
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <regex>
#include <set>
#include <span>

#include "core/error.hpp"
#include "registry.hpp"
#include "statistics/competing_risks.hpp"
#include "statistics/cox.hpp"
#include "statistics/fine_gray.hpp"
#include "statistics/gray_test.hpp"

namespace coley::reference_check {
namespace {

using namespace statistics;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

struct Subjects {
  std::vector<double> time;
  std::vector<int> cause;
  std::vector<double> entry = {}, weight = {};
  CompetingTimes view() const { return {.time = time, .cause = cause, .entry = entry, .weight = weight}; }
  int causes() const { return *std::max_element(cause.begin(), cause.end()); }
  Subjects in_group(const Factor& factor, int level) const {
    Subjects kept;
    for (std::size_t i = 0; i < time.size(); ++i)
      if (factor.codes[i] == level) {
        kept.time.push_back(time[i]);
        kept.cause.push_back(cause[i]);
        if (!entry.empty()) kept.entry.push_back(entry[i]);
        if (!weight.empty()) kept.weight.push_back(weight[i]);
      }
    return kept;
  }
};

std::vector<int> as_codes(const std::vector<double>& values) {
  std::vector<int> codes;
  for (const double value : values) codes.push_back(static_cast<int>(value));
  return codes;
}

Subjects subjects_of(const exchange::Frame& frame, const Case& one) {
  return {frame.numbers(one.text("time")), as_codes(frame.numbers(one.text("event")))};
}

/// Nothing, a column, or "age in [0,60),[60,70)": the classes as written, with the column's value in [from, to).
Factor group_of(const exchange::Frame& frame, const std::string& text) {
  static const std::regex classes(R"((\S+) in (.*))"), one_class(R"(\[([^,]+),([^)]+)\))");
  std::smatch match;
  if (text.empty()) return {std::vector<int>(frame.size(), 0), {"1"}};
  if (!std::regex_match(text, match, classes)) return frame.factor(text);
  const std::vector<double> values = frame.numbers(match[1]);
  Factor factor{std::vector<int>(values.size(), -1), {}};
  const std::string list = match[2];
  for (std::sregex_iterator at(list.begin(), list.end(), one_class), end; at != end; ++at) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] >= std::stod((*at)[1]) && values[i] < std::stod((*at)[2])) factor.codes[i] = static_cast<int>(factor.levels.size());
    factor.levels.push_back(at->str());
  }
  return factor;
}

json curve_at(const CumulativeIncidence& curve, const std::vector<double>& at, const CurveOptions& options) {
  json prob, se, lower, upper;
  for (std::size_t state = 0; state < curve.probability.size(); ++state) {
    json state_prob, state_se, state_lower, state_upper;
    for (const double t : at) {
      const std::ptrdiff_t row = curve.row_at(t);
      // The pack's interval before the first time is that of the first row (pack_lib.R, aj_expected).
      const auto shown = static_cast<std::size_t>(std::max<std::ptrdiff_t>(row, 0));
      const Estimate interval = curve.interval_at(static_cast<int>(state), curve.time[shown], options);
      state_prob.push_back(curve.probability_at(static_cast<int>(state), t));
      state_se.push_back(row < 0 ? 0 : curve.se[state][shown]);
      state_lower.push_back(interval.low);
      state_upper.push_back(interval.high);
    }
    prob.push_back(state_prob);
    se.push_back(state_se);
    lower.push_back(state_lower);
    upper.push_back(state_upper);
  }
  return {{"at", at}, {"prob", prob}, {"se", se}, {"lower", lower}, {"upper", upper}};
}

void check_aalen_johansen(const Case& one, Verdict& verdict) {
  exchange::Frame frame = one.frame();
  frame.drop_missing({one.text("time"), one.text("event")});
  for (const char* key : {"group", "entry", "weights"})
    if (frame.table().has(one.text(key))) frame.drop_missing({one.text(key)});
  Subjects all = subjects_of(frame, one);
  if (const std::string entry = one.text("entry"); !entry.empty()) all.entry = frame.numbers(entry);
  if (const std::string weights = one.text("weights"); !weights.empty()) all.weight = frame.numbers(weights);
  const std::string group = one.text("group");
  const Factor factor = group_of(frame, group);
  const json& wanted = one.expected.at("groups");
  const CurveOptions options{.interval = interval_type(one.text("conf_type").empty() ? "log" : one.text("conf_type")), .level = one.number("conf_level", 0.95)};
  if (wanted.size() != factor.levels.size()) return verdict.fail("another number of groups");
  for (std::size_t g = 0; g < factor.levels.size(); ++g) {
    json got = curve_at(aalen_johansen(all.in_group(factor, static_cast<int>(g)).view(), all.causes()), pack_numbers(wanted[g].at("at")), options);
    if (!group.empty()) got["group"] = factor.levels[g];
    verdict.compare(got, wanted[g], {.relative = one.relative_tolerance(1e-9)}, ".groups[" + std::to_string(g) + "]");
  }
}

/// cuminc's answer: one curve for each cause and group, absent beyond the last observation of the group.
json cumulative_incidence(const Subjects& all, const Factor& factor, const std::vector<double>& at, double rho, bool tests, std::span<const int> stratum = {}) {
  json curves, estimates, variances, causes, statistic, p, df, rows;
  const std::set<int> seen(all.cause.begin(), all.cause.end());
  for (const int cause : seen) {
    if (cause == 0) continue;
    for (std::size_t g = 0; g < factor.levels.size(); ++g) {
      const CumulativeIncidence curve = aalen_johansen(all.in_group(factor, static_cast<int>(g)).view(), all.causes());
      curves.push_back(factor.levels[g] + " " + std::to_string(cause));
      json estimate, variance;
      for (const double t : at) {
        const std::ptrdiff_t row = curve.row_at(t);
        const bool known = t <= curve.time.back();
        estimate.push_back(known ? curve.probability_at(cause, t) : missing);
        variance.push_back(!known ? missing : row < 0 ? 0 : curve.aalen_variance[static_cast<std::size_t>(cause)][static_cast<std::size_t>(row)]);
      }
      estimates.push_back(estimate);
      variances.push_back(variance);
    }
    const auto test = gray_test(all.view(), factor.codes, static_cast<int>(factor.levels.size()), cause, rho, stratum);
    if (!test) continue;
    causes.push_back(std::to_string(cause));
    statistic.push_back(test->chi_square);
    p.push_back(test->p);
    df.push_back(test->df);
    rows.push_back({test->chi_square, test->p, test->df});
  }
  json answer = {{"curves", curves}, {"est", estimates}, {"var", variances}};
  if (tests) answer["gray"] = {{"cause", causes}, {"stat", statistic}, {"p", p}, {"df", df}};
  else answer["gray"] = rows;
  return answer;
}

void check_cuminc_gray(const Case& one, Verdict& verdict) {
  exchange::Frame frame = one.frame();
  std::vector<std::string> used = {one.text("time"), one.text("event"), one.text("strata")};
  if (frame.table().has(one.text("group"))) used.push_back(one.text("group"));
  std::erase(used, "");
  frame.drop_missing(used);
  const std::vector<double> at = pack_numbers(one.expected.at("at"));
  std::vector<int> stratum;
  if (const std::string strata = one.text("strata"); !strata.empty()) stratum = frame.factor(strata).codes;
  json got = cumulative_incidence(subjects_of(frame, one), group_of(frame, one.text("group")), at, one.number("rho", 0), true, stratum);
  got["at"] = at;
  verdict.compare(got, one.expected, {.relative = one.relative_tolerance(1e-9), .by_key = {{"p", 1e-8}}});
}

json rows_of(const Eigen::MatrixXd& matrix) {
  json rows = json::array();
  for (const auto& row : matrix.rowwise()) rows.push_back(std::vector<double>(row.begin(), row.end()));
  return rows;
}

struct Regression {
  Subjects subjects;
  Eigen::MatrixXd covariates;
  std::vector<std::string> names;
  std::vector<int> censoring_group = {};
};

Regression regression_of(const Case& one) {
  exchange::Frame frame = one.frame();
  Regression r;
  r.names = one.spec.at("covariates").get<std::vector<std::string>>();
  std::vector<std::string> used = r.names;
  used.insert(used.end(), {one.text("time"), one.text("event")});
  const std::string group = one.text("cengroup");
  if (!group.empty()) used.push_back(group);
  if (const std::string weights = one.text("weights"); !weights.empty()) used.push_back(weights);
  frame.drop_missing(used);
  if (!group.empty()) r.censoring_group = frame.factor(group).codes;
  r.subjects = subjects_of(frame, one);
  if (const std::string weights = one.text("weights"); !weights.empty()) r.subjects.weight = frame.numbers(weights);
  r.covariates.resize(static_cast<Eigen::Index>(frame.size()), static_cast<Eigen::Index>(r.names.size()));
  for (std::size_t j = 0; j < r.names.size(); ++j) {
    const std::vector<double> column = frame.numbers(r.names[j]);
    r.covariates.col(static_cast<Eigen::Index>(j)) = Eigen::Map<const Eigen::VectorXd>(column.data(), r.covariates.rows());
  }
  return r;
}

void check_fine_gray(const Case& one, Verdict& verdict) {
  const Regression r = regression_of(one);
  const FineGrayFit fit = fine_gray(r.subjects.view(), static_cast<int>(one.number("cause", 1)), r.covariates, r.names, {.censoring_group = r.censoring_group});
  const Eigen::VectorXd se = fit.variance.diagonal().cwiseSqrt();
  const json got = {{"n", r.subjects.time.size()}, {"coef", std::vector<double>(fit.coef.begin(), fit.coef.end())},
                    {"se", std::vector<double>(se.begin(), se.end())}, {"var", rows_of(fit.variance)},
                    {"inv_information", rows_of(fit.inverse_information)}, {"loglik", fit.loglik}, {"loglik_null", fit.loglik_null}};
  json wanted = one.expected;
  wanted.erase("converged");  // crr's gradient of 1e-12 is out of reach in floating point; its coefficients are the optimum
  verdict.compare(got, wanted, {.relative = one.relative_tolerance(1e-6)});
  verdict.expect(fit.converged, "not converged: " + fit.problem);
}

/// survival::finegray's expansion, in the order of its rows, as a Cox model with weights: a subject with another event
/// stays at risk, and its weight falls with the chance of not having been censored. A row ends where the weight may
/// change, which is after a censoring time when an event of the cause follows.
struct Expansion {
  std::vector<double> start, stop, weight;
  std::vector<std::uint8_t> event;
  std::vector<std::size_t> subject;
};

Expansion expanded(const Subjects& s, int cause) {
  const auto weight = [&s](std::size_t i) { return s.weight.empty() ? 1.0 : s.weight[i]; };
  std::map<double, std::pair<int, int>> leave;  // at each time: those censored, and the rest; finegray() takes no weights here
  for (std::size_t i = 0; i < s.time.size(); ++i) ++(s.cause[i] == 0 ? leave[s.time[i]].first : leave[s.time[i]].second);
  std::set<double> events;
  for (std::size_t i = 0; i < s.time.size(); ++i)
    if (s.cause[i] == cause) events.insert(s.time[i]);
  std::vector<double> cuts = {-1};  // censoring times, and the last time
  std::map<double, double> free;    // Kaplan-Meier of censoring, events first among ties
  double g = 1;
  auto at_risk = static_cast<double>(s.time.size());
  for (const auto& [time, count] : leave) {
    at_risk -= count.second;
    if (count.first > 0 || time == leave.rbegin()->first) cuts.push_back(time);
    if (count.first > 0) g *= (at_risk - count.first) / at_risk;
    at_risk -= count.first;
    free[time] = g;
  }
  const auto free_before = [&free](double time) {
    const auto at = free.lower_bound(time);
    return at == free.begin() ? 1.0 : std::prev(at)->second;
  };
  Expansion rows;
  const auto add = [&](double start, double stop, double uncensored, bool event, std::size_t subject) {
    rows.start.push_back(start);
    rows.stop.push_back(stop);
    rows.weight.push_back(uncensored * weight(subject));
    rows.event.push_back(event ? 1 : 0);
    rows.subject.push_back(subject);
  };
  for (std::size_t i = 0; i < s.time.size(); ++i) {
    if (s.cause[i] == 0 || s.cause[i] == cause) {
      add(-1, s.time[i], 1, s.cause[i] == cause, i);
      continue;
    }
    const double own = free_before(s.time[i]);
    const double first = *std::lower_bound(cuts.begin(), cuts.end(), s.time[i]);
    double start = -1, stop = first;
    add(start, stop, 1, false, i);
    for (auto cut = std::upper_bound(cuts.begin(), cuts.end(), first); cut != cuts.end(); ++cut) {
      const auto event = events.upper_bound(*std::prev(cut));
      if (event == events.end() || *event > *cut) continue;
      start = *std::prev(cut);
      stop = *cut;
      add(start, stop, free_before(stop) / own, false, i);
    }
  }
  return rows;
}

void check_weighted_cox(const Case& one, Verdict& verdict) {
  const Regression r = regression_of(one);
  if (!one.text("strata").empty() || !one.text("entry").empty()) return verdict.fail("the expansion knows neither strata nor delayed entry");
  const int cause = static_cast<int>(one.number("cause", 1));
  const Expansion rows = expanded(r.subjects, cause);
  std::vector<double> covariates;
  for (const auto& column : r.covariates.colwise())
    for (const std::size_t subject : rows.subject) covariates.push_back(column[static_cast<Eigen::Index>(subject)]);
  const CoxTies ties = cox_ties(one.text("ties").empty() ? "efron" : one.text("ties"));
  const CoxFit fit = fit_cox({{rows.stop, rows.event, rows.start, rows.weight, {}, {}, 1}, covariates, r.names}, {ties});
  const Tolerance tolerance{.relative = one.relative_tolerance(1e-6)};
  verdict.compare({{"rows", rows.stop.size()}, {"coef", std::vector<double>(fit.coef.begin(), fit.coef.end())},
                   {"se_naive", std::vector<double>(fit.se.begin(), fit.se.end())}, {"loglik", fit.loglik}},
                  one.expected, tolerance);
  if (ties != CoxTies::breslow || !r.subjects.weight.empty()) return;
  const FineGrayFit direct = fine_gray(r.subjects.view(), cause, r.covariates, r.names, {.ties = CensoringTies::events_first});
  verdict.compare({{"coef", std::vector<double>(direct.coef.begin(), direct.coef.end())}, {"loglik", direct.loglik}},
                  {{"coef", one.expected.at("coef")}, {"loglik", one.expected.at("loglik")}}, tolerance, "without the expansion");
}

struct EdgeData {
  Subjects subjects;
  std::vector<double> x;
};

EdgeData edge_data(const Case& one) {
  const json& data = one.spec.at("data");
  EdgeData kept;  // rows without a missing value
  const auto t = pack_numbers(data.at("t")), s = pack_numbers(data.at("s")), x = pack_numbers(data.at("x"));
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (std::isnan(t[i]) || std::isnan(s[i]) || std::isnan(x[i])) continue;
    kept.subjects.time.push_back(t[i]);
    kept.subjects.cause.push_back(static_cast<int>(s[i]));
    kept.x.push_back(x[i]);
  }
  return kept;
}

/// Where R errs the engine must refuse; true when that settles the call.
template <class Compute>
bool settled_by_refusal(const json& call, Verdict& verdict, Compute compute) {
  const std::string name = call.at("call");
  try {
    const bool answered = compute();
    if (call.at("ok").get<bool>()) return false;
    verdict.expect(!answered, name + ": R errs (" + call.at("error").get<std::string>() + "), the engine answers");
  } catch (const InputError& refusal) {
    verdict.expect(!call.at("ok").get<bool>(), name + ": refused: " + refusal.what());
  }
  return true;
}

/// Whether there is an event of any cause: without one R's cuminc has nothing to draw.
bool any_event(const EdgeData& data) {
  return std::any_of(data.subjects.cause.begin(), data.subjects.cause.end(), [](int cause) { return cause > 0; });
}

void check_edge_cuminc(const Case& one, const json& call, Verdict& verdict) {
  if (settled_by_refusal(call, verdict, [&] { return any_event(edge_data(one)); })) return;
  const EdgeData data = edge_data(one);
  std::vector<std::string> labels;
  for (const double x : data.x) labels.push_back(json(static_cast<int>(x)).dump());
  const Factor factor = make_factor(std::vector<std::string_view>(labels.begin(), labels.end()));
  const std::vector<double> at = pack_numbers(call.at("value").at("time"));
  json got = cumulative_incidence(data.subjects, factor, at, 0, false);
  got["time"] = at;
  verdict.compare(got, call.at("value"), {.by_key = {{"gray", 1e-8}}});
}

void check_edge_multi_state(const Case& one, const json& call, Verdict& verdict) {
  if (settled_by_refusal(call, verdict, [&] { return any_event(edge_data(one)); })) return;
  const EdgeData data = edge_data(one);
  const std::vector<double> times = pack_numbers(call.at("value").at("time"));
  const json& wanted = call.at("value").at("prob");
  const CumulativeIncidence curve = aalen_johansen(data.subjects.view(), static_cast<int>(wanted[0].size()) - 1);
  json prob;
  for (const double t : times) {
    json row;
    for (int state = 0; state <= curve.causes(); ++state) row.push_back(curve.probability_at(state, t));
    prob.push_back(row);
  }
  verdict.compare({{"time", curve.time}, {"prob", prob}}, call.at("value"));
}

void check_edge_crr(const Case& one, const json& call, Verdict& verdict) {
  const auto fit = [&] {
    const EdgeData data = edge_data(one);
    const Eigen::MatrixXd x = Eigen::Map<const Eigen::VectorXd>(data.x.data(), static_cast<Eigen::Index>(data.x.size()));
    return fine_gray(data.subjects.view(), 1, x, {"x"});
  };
  if (settled_by_refusal(call, verdict, [&] { return fit().converged; })) return;
  const FineGrayFit found = fit();
  const double wanted = pack_numbers(call.at("value").at("coef"))[0];
  if (std::abs(wanted) > 8)  // R stopped somewhere on the way to infinity
    return verdict.expect(!found.converged && !found.problem.empty(), "an infinite coefficient without a word");
  // crr stops at a gradient of 1e-6, which on a dozen subjects leaves four digits.
  verdict.compare({{"coef", {found.coef[0]}}, {"se", {std::sqrt(found.variance(0, 0))}}, {"converged", found.converged}}, call.at("value"), {.relative = 1e-4});
}

}  // namespace

void add_competing_checks(Registry& registry) {
  registry.kinds["aalen_johansen"] = check_aalen_johansen;
  registry.kinds["cuminc_gray"] = check_cuminc_gray;
  registry.kinds["fine_gray"] = check_fine_gray;
  registry.kinds["fine_gray_weighted_cox"] = check_weighted_cox;
  registry.edge_calls["cmprsk::cuminc"] = check_edge_cuminc;
  registry.edge_calls["cmprsk::crr"] = check_edge_crr;
  registry.edge_calls["survfit multi-state"] = check_edge_multi_state;
}

}  // namespace coley::reference_check
