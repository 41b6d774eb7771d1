// SPDX-License-Identifier: Apache-2.0
// Competing risks: Aalen-Johansen (survfit), cumulative incidence and Gray's test (cuminc), Fine-Gray (crr, finegray).
#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>
#include <set>

#include "registry.hpp"
#include "statistics/competing_risks.hpp"
#include "statistics/fine_gray.hpp"
#include "statistics/gray_test.hpp"

namespace coley::reference_check {
namespace {

using namespace statistics;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

struct Subjects {
  std::vector<double> time;
  std::vector<int> cause;
  CompetingTimes view() const { return {.time = time, .cause = cause, .entry = {}}; }
  int causes() const { return *std::max_element(cause.begin(), cause.end()); }
  Subjects in_group(const Factor& factor, int level) const {
    Subjects kept;
    for (std::size_t i = 0; i < time.size(); ++i)
      if (factor.codes[i] == level) {
        kept.time.push_back(time[i]);
        kept.cause.push_back(cause[i]);
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

/// A column, or "age in [0,60),[60,70)": the classes as written, with the column's value in [from, to).
Factor group_of(const exchange::Frame& frame, const std::string& text) {
  static const std::regex classes(R"((\S+) in (.*))"), one_class(R"(\[([^,]+),([^)]+)\))");
  std::smatch match;
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
  const exchange::Frame frame = one.frame();
  const Subjects all = subjects_of(frame, one);
  const std::string group = one.text("group");
  const Factor factor = group.empty() ? Factor{std::vector<int>(all.time.size(), 0), {""}} : group_of(frame, group);
  const json& wanted = one.expected.at("groups");
  const CurveOptions options{.interval = interval_type(one.text("conf_type").empty() ? "log" : one.text("conf_type"))};
  if (wanted.size() != factor.levels.size()) return verdict.fail("another number of groups");
  for (std::size_t g = 0; g < factor.levels.size(); ++g) {
    json got = curve_at(aalen_johansen(all.in_group(factor, static_cast<int>(g)).view(), all.causes()), pack_numbers(wanted[g].at("at")), options);
    if (!group.empty()) got["group"] = factor.levels[g];
    verdict.compare(got, wanted[g], {.relative = one.relative_tolerance(1e-9)}, ".groups[" + std::to_string(g) + "]");
  }
}

/// cuminc's answer: one curve for each cause and group, absent beyond the last observation of the group.
json cumulative_incidence(const Subjects& all, const Factor& factor, const std::vector<double>& at, double rho, bool tests) {
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
    const auto test = gray_test(all.view(), factor.codes, static_cast<int>(factor.levels.size()), cause, rho);
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
  const exchange::Frame frame = one.frame();
  const std::vector<double> at = pack_numbers(one.expected.at("at"));
  json got = cumulative_incidence(subjects_of(frame, one), group_of(frame, one.text("group")), at, one.number("rho", 0), true);
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
};

Regression regression_of(const Case& one) {
  exchange::Frame frame = one.frame();
  Regression r;
  r.names = one.spec.at("covariates").get<std::vector<std::string>>();
  std::vector<std::string> used = r.names;
  used.insert(used.end(), {one.text("time"), one.text("event")});
  frame.drop_missing(used);
  r.subjects = subjects_of(frame, one);
  r.covariates.resize(static_cast<Eigen::Index>(frame.size()), static_cast<Eigen::Index>(r.names.size()));
  for (std::size_t j = 0; j < r.names.size(); ++j) {
    const std::vector<double> column = frame.numbers(r.names[j]);
    r.covariates.col(static_cast<Eigen::Index>(j)) = Eigen::Map<const Eigen::VectorXd>(column.data(), r.covariates.rows());
  }
  return r;
}

void check_fine_gray(const Case& one, Verdict& verdict) {
  const Regression r = regression_of(one);
  const FineGrayFit fit = fine_gray(r.subjects.view(), static_cast<int>(one.number("cause", 1)), r.covariates, r.names);
  const Eigen::VectorXd se = fit.variance.diagonal().cwiseSqrt();
  const json got = {{"n", r.subjects.time.size()}, {"coef", std::vector<double>(fit.coef.begin(), fit.coef.end())},
                    {"se", std::vector<double>(se.begin(), se.end())}, {"var", rows_of(fit.variance)},
                    {"inv_information", rows_of(fit.inverse_information)}, {"loglik", fit.loglik}, {"loglik_null", fit.loglik_null}};
  json wanted = one.expected;
  wanted.erase("converged");  // crr's gradient of 1e-12 is out of reach in floating point; its coefficients are the optimum
  verdict.compare(got, wanted, {.relative = one.relative_tolerance(1e-6)});
  verdict.expect(fit.converged, "not converged: " + fit.problem);
}

/// How many rows survival::finegray makes: one for each interval between censoring times that holds an event of the
/// cause and comes after another event of the subject.
std::size_t finegray_rows(const Subjects& s, int cause) {
  std::set<double> cuts, events;
  double last = 0;
  for (std::size_t i = 0; i < s.time.size(); ++i) {
    if (s.cause[i] == 0) cuts.insert(s.time[i]);
    if (s.cause[i] == cause) events.insert(s.time[i]);
    last = std::max(last, s.time[i]);
  }
  cuts.insert(last);
  std::vector<double> ends;  // of the intervals with an event
  for (const double t : events)
    if (const double end = *cuts.lower_bound(t); ends.empty() || ends.back() != end) ends.push_back(end);
  std::size_t rows = s.time.size();
  for (std::size_t i = 0; i < s.time.size(); ++i)
    if (s.cause[i] != 0 && s.cause[i] != cause)
      rows += static_cast<std::size_t>(ends.end() - std::upper_bound(ends.begin(), ends.end(), *cuts.lower_bound(s.time[i])));
  return rows;
}

void check_weighted_cox(const Case& one, Verdict& verdict) {
  const Regression r = regression_of(one);
  const int cause = static_cast<int>(one.number("cause", 1));
  if (one.text("ties") != "breslow") return verdict.fail("ties other than Breslow");
  const FineGrayFit fit = fine_gray(r.subjects.view(), cause, r.covariates, r.names, {.ties = CensoringTies::events_first});
  const Eigen::VectorXd se = fit.inverse_information.diagonal().cwiseSqrt();
  verdict.compare({{"rows", finegray_rows(r.subjects, cause)}, {"coef", std::vector<double>(fit.coef.begin(), fit.coef.end())},
                   {"se_naive", std::vector<double>(se.begin(), se.end())}, {"loglik", fit.loglik}},
                  one.expected, {.relative = one.relative_tolerance(1e-6)});
}

struct EdgeData {
  Subjects subjects;
  std::vector<double> x;
};

EdgeData edge_data(const Case& one) {
  const json& data = one.spec.at("data");
  return {{pack_numbers(data.at("t")), as_codes(pack_numbers(data.at("s")))}, pack_numbers(data.at("x"))};
}

void check_edge_cuminc(const Case& one, const json& call, Verdict& verdict) {
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
  const EdgeData data = edge_data(one);
  const Eigen::MatrixXd x = Eigen::Map<const Eigen::VectorXd>(data.x.data(), static_cast<Eigen::Index>(data.x.size()));
  const FineGrayFit fit = fine_gray(data.subjects.view(), 1, x, {"x"});
  // crr stops at a gradient of 1e-6, so its last digits are not the optimum's.
  verdict.compare({{"coef", {fit.coef[0]}}, {"se", {std::sqrt(fit.variance(0, 0))}}, {"converged", fit.converged}}, call.at("value"), {.relative = 1e-6});
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
