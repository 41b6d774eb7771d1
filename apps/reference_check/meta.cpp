// SPDX-License-Identifier: Apache-2.0
// Family meta and the kind edge_meta: pooled effects against R's metafor.
#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "core/error.hpp"
#include "registry.hpp"
#include "statistics/mantel_haenszel.hpp"
#include "statistics/meta_sensitivity.hpp"
#include "statistics/small_study_effects.hpp"

namespace coley::reference_check {
namespace {

using namespace coley::statistics;

constexpr double kNotAvailable = std::numeric_limits<double>::quiet_NaN();

/// JSON has no NaN or infinity: the pack writes them as words.
json number(double x) {
  if (std::isnan(x)) return "NA";
  if (std::isinf(x)) return x > 0 ? "Inf" : "-Inf";
  return x;
}
json number(const std::optional<double>& x) { return number(x.value_or(kNotAvailable)); }

TauMethod tau_method(const std::string& name) {
  static const std::map<std::string, TauMethod> methods = {
      {"FE", TauMethod::fixed},           {"EE", TauMethod::fixed},
      {"DL", TauMethod::dersimonian_laird}, {"PM", TauMethod::paule_mandel},
      {"REML", TauMethod::reml},          {"ML", TauMethod::maximum_likelihood},
      {"EB", TauMethod::paule_mandel}, {"SJ", TauMethod::sidik_jonkman},
      {"HS", TauMethod::hunter_schmidt},  {"HE", TauMethod::hedges},
      {"CE", TauMethod::fixed},           {"MP", TauMethod::paule_mandel},
      {"HSk", TauMethod::hunter_schmidt_corrected}, {"PMM", TauMethod::paule_mandel_median},
      {"DLIT", TauMethod::dersimonian_laird_iterated}, {"SJIT", TauMethod::paule_mandel}};
  const auto found = methods.find(name);
  if (found == methods.end()) throw InputError(Fault{.key = "method", .found = name, .expected = "a method of metafor"});
  return found->second;
}

PooledTest pooled_test(const std::string& name) {
  if (name == "knha" || name == "hksj") return PooledTest::hartung_knapp;
  if (name == "t") return PooledTest::student;
  if (name == "adhoc") return PooledTest::hartung_knapp_adhoc;
  return PooledTest::normal;
}

PoolOptions options_of(const Case& one) {
  const std::string method = one.text("method"), test = one.text("test");
  return {.method = method.empty() ? TauMethod::reml : tau_method(method), .test = pooled_test(test)};
}

bool mentions(const std::string& text, const std::string& word) { return text.find(word) != std::string::npos; }

std::vector<TwoByTwo> tables_of(const exchange::Frame& frame, const std::string& cells_named) {
  // In spec.cells, or by metafor's names: events and non-events, or events and the number in the arm.
  std::vector<std::string> names;
  for (std::istringstream words(cells_named); words;)
    if (std::string word; std::getline(words, word, ',')) names.push_back(word.substr(word.find_first_not_of(' ')));
  if (names.size() != 4) {
    if (frame.table().has("tpos")) names = {"tpos", "tneg", "cpos", "cneg"};
    else if (frame.table().has("bi")) names = {"ai", "bi", "ci", "di"};
    else names = {"ai", "n1i", "ci", "n2i"};
  }
  std::vector<std::vector<double>> cells;
  for (const std::string& name : names) cells.push_back(frame.numbers(name));
  if (names[1].front() == 'n') {
    for (std::size_t i = 0; i < frame.size(); ++i) {
      cells[1][i] -= cells[0][i];
      cells[3][i] -= cells[2][i];
    }
  }
  std::vector<TwoByTwo> tables;
  for (std::size_t i = 0; i < frame.size(); ++i) tables.push_back({cells[0][i], cells[1][i], cells[2][i], cells[3][i]});
  return tables;
}

Contrast contrast_named(const std::string& measure) {
  if (mentions(measure, "PETO")) return Contrast::peto_odds_ratio;
  if (mentions(measure, "RR")) return Contrast::risk_ratio;
  if (mentions(measure, "RD")) return Contrast::risk_difference;
  if (mentions(measure, "AS")) return Contrast::arcsine_difference;
  if (mentions(measure, "PHI")) return Contrast::phi;
  if (mentions(measure, "YUQ")) return Contrast::yule_q;
  if (mentions(measure, "YUY")) return Contrast::yule_y;
  for (const char* unknown : {"RTET", "PBIT"})
    if (mentions(measure, unknown)) throw InputError(Fault{.key = "measure", .found = measure, .expected = "OR, RR, RD, PETO, AS, PHI, YUQ or YUY of a 2 x 2 table"});
  return Contrast::odds_ratio;
}

std::vector<StudyEffect> mean_contrasts(const exchange::Frame& frame, const std::string& measure) {
  if (mentions(measure, "SMCR")) throw InputError(Fault{.key = "measure", .found = measure, .expected = "MD, SMD, SMDH or ROM"});
  const auto effect = mentions(measure, "SMDH") ? standardised_mean_difference_unequal : mentions(measure, "SMD") ? standardised_mean_difference : mentions(measure, "ROM") ? log_ratio_of_means : mean_difference;
  const auto m1 = frame.numbers("m1i"), s1 = frame.numbers("sd1i"), n1 = frame.numbers("n1i");
  const auto m2 = frame.numbers("m2i"), s2 = frame.numbers("sd2i"), n2 = frame.numbers("n2i");
  std::vector<StudyEffect> studies;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const ArmMean treated{m1[i], s1[i], n1[i]}, control{m2[i], s2[i], n2[i]};
    studies.push_back(effect(treated, control));
  }
  return studies;
}

/// The studies' effects, by the columns the data file has.
std::vector<StudyEffect> studies_of(const Case& one, const exchange::Frame& frame) {
  const std::string measure = one.text("measure");
  if (frame.table().has("m1i")) return mean_contrasts(frame, measure);
  std::vector<StudyEffect> studies;
  const auto each = [&](auto effect) {
    for (std::size_t i = 0; i < frame.size(); ++i) studies.push_back(effect(i));
    return studies;
  };
  if (frame.table().has("ri")) {
    const auto r = frame.numbers("ri"), n = frame.numbers("ni");
    return each([&](std::size_t i) { return fisher_z(r[i], n[i]); });
  }
  if (frame.table().has("t1i")) {
    const auto x1 = frame.numbers("x1i"), t1 = frame.numbers("t1i"), x2 = frame.numbers("x2i"), t2 = frame.numbers("t2i");
    return each([&](std::size_t i) { return log_rate_ratio({x1[i], t1[i]}, {x2[i], t2[i]}); });
  }
  if (frame.table().has("xi")) {
    const auto x = frame.numbers("xi"), n = frame.numbers("ni");
    return each([&](std::size_t i) { return mentions(measure, "PFT") ? double_arcsine_proportion(x[i], n[i]) : logit_proportion(x[i], n[i]); });
  }
  if (frame.table().has("OmE")) {
    const auto oe = frame.numbers("OmE"), v = frame.numbers("V");
    for (std::size_t i = 0; i < frame.size(); ++i) studies.push_back(log_hazard_ratio(oe[i], v[i]));
  } else if (frame.table().has("yi")) {
    const auto y = frame.numbers("yi"), v = frame.numbers("vi");
    for (std::size_t i = 0; i < frame.size(); ++i) studies.push_back({y[i], v[i]});
  } else {
    const Contrast named = contrast_named(measure);
    for (TwoByTwo t : tables_of(frame, one.text("cells"))) {
      // escalc() adds 0.5 to tables with an empty cell for Peto's odds ratio too, which rma.peto() and we do not.
      if (named == Contrast::peto_odds_ratio && (t.treated_events == 0 || t.treated_without == 0 || t.control_events == 0 || t.control_without == 0))
        t = {t.treated_events + 0.5, t.treated_without + 0.5, t.control_events + 0.5, t.control_without + 0.5};
      studies.push_back(contrast(t, named));
    }
  }
  return studies;
}

/// Names after "intercept" in "intercept + ablat + year".
std::vector<std::string> moderators_of(const Case& one) {
  std::vector<std::string> names;
  std::istringstream words(one.text("moderators"));
  for (std::string word; words >> word;)
    if (word != "+" && word != "intercept") names.push_back(word);
  return names;
}

Eigen::MatrixXd design_of(const Case& one, const exchange::Frame& frame) {
  std::vector<std::vector<double>> columns = {std::vector<double>(frame.size(), 1.0)};
  for (const std::string& name : moderators_of(one)) columns.push_back(frame.numbers(name));
  if (const std::string factor = one.text("moderator"); factor.rfind("factor(", 0) == 0) {
    const Factor groups = frame.factor(factor.substr(7, factor.size() - 8));
    for (std::size_t level = 1; level < groups.levels.size(); ++level) {
      std::vector<double>& column = columns.emplace_back();
      for (const int code : groups.codes) column.push_back(code == static_cast<int>(level));
    }
  }
  Eigen::MatrixXd design(static_cast<Eigen::Index>(frame.size()), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j)
    design.col(static_cast<Eigen::Index>(j)) = Eigen::Map<const Eigen::VectorXd>(columns[j].data(), design.rows());
  return design;
}

void put(json& got, const std::vector<Coefficient>& coefficients, const Heterogeneity& h) {
  for (const Coefficient& c : coefficients) {
    got["beta"].push_back(c.estimate);
    got["se"].push_back(c.se);
    got["zval"].push_back(number(c.statistic));
    got["pval"].push_back(c.p);
    got["ci_lb"].push_back(c.interval.low);
    got["ci_ub"].push_back(c.interval.high);
  }
  got["tau2"] = h.tau2;
  got["se_tau2"] = number(h.tau2_se);
  got["I2"] = 100 * h.i2;
  got["H2"] = h.h2;
  got["QE"] = h.q;
  got["QEp"] = h.p;
}

/// metafor looks for the upper limit of tau2 up to ten times the estimate (100 at least) and stops there.
void put(json& got, QProfile q, const Heterogeneity& h) {
  const double stop = std::max(100.0, 10 * h.tau2);
  if (q.tau2_interval.high > stop) {
    const double typical = q.tau2_interval.high / (q.h2_interval.high - 1);
    q.tau2_interval.high = stop;
    q.h2_interval.high = stop / typical + 1;
    q.i2_interval.high = stop / (typical + stop);
  }
  got["tau2_qprofile_ci"] = {{"tau2", {q.tau2, q.tau2_interval.low, q.tau2_interval.high}},
                             {"I2", {100 * h.i2, 100 * q.i2_interval.low, 100 * q.i2_interval.high}},
                             {"H2", {h.h2, q.h2_interval.low, q.h2_interval.high}}};
}

double aic(double log_likelihood, std::size_t coefficients, TauMethod method) {
  const double parameters = static_cast<double>(coefficients) + (method == TauMethod::fixed ? 0 : 1);
  return -2 * log_likelihood + 2 * parameters;
}

json pooled_json(const std::vector<StudyEffect>& studies, const PoolOptions& options) {
  const PooledEffect r = pool(studies, options);
  const Coefficient& e = r.effect;
  json got = {{"k", r.k}, {"loglik_ml", r.log_likelihood}, {"loglik_reml", r.restricted_log_likelihood}};
  put(got, {e}, r.heterogeneity);
  got["aic_ml"] = aic(r.log_likelihood, 1, options.method);
  const double wald = e.statistic * e.statistic;
  got["QM"] = {wald};
  got["QMp"] = e.p;
  const auto limit = [](const std::optional<Interval>& i, double Interval::*side) {
    return i ? number((*i).*side) : number(kNotAvailable);
  };
  got["predict"] = {{"pred", e.estimate},
                    {"se", e.se},
                    {"ci_lb", e.interval.low},
                    {"ci_ub", e.interval.high},
                    {"pi_lb", limit(r.prediction_by_test, &Interval::low)},
                    {"pi_ub", limit(r.prediction_by_test, &Interval::high)}};
  if (r.prediction) got["pi_hts"] = {{"lower", r.prediction->low}, {"upper", r.prediction->high}};
  for (const double w : pooling_weights(studies, r.heterogeneity.tau2)) got["weights"].push_back(100 * w);
  if (r.k > 1) put(got, q_profile(studies, r.heterogeneity.tau2), r.heterogeneity);
  return got;
}

json regression_json(const std::vector<StudyEffect>& studies, const Eigen::MatrixXd& design, const PoolOptions& options) {
  const MetaRegression r = regress(studies, design, options);
  json got = {{"k", r.k}, {"loglik_ml", r.log_likelihood}, {"loglik_reml", r.restricted_log_likelihood}};
  put(got, r.coefficients, r.residual);
  got["aic_ml"] = aic(r.log_likelihood, r.coefficients.size(), options.method);
  got["QM"] = {r.moderator_statistic};
  got["QMp"] = r.moderator_p;
  got["R2"] = r.r2 ? number(100 * *r.r2) : number(kNotAvailable);
  put(got, q_profile(studies, design, r.residual.tau2), r.residual);
  return got;
}

const Tolerance kTolerance{.relative = 1e-7,
                           .by_key = {{"tau2", 1e-5}, {"se_tau2", 1e-5}, {"I2", 1e-5}, {"H2", 1e-5}, {"R2", 1e-5},
                                      {"tau2_qprofile_ci", 1e-5}, {"pval", 1e-6}, {"QMp", 1e-6}, {"QEp", 1e-6},
                                      // metafor refits the filled-in studies to its default threshold of 1e-5
                                      {"trimfill", 1e-6}}};

/// Where tau2 is 0, metafor's scoring stops short of it by up to its threshold; I2 (in percent) and H2
/// show that.
void compare_fit(json got, json wanted, Verdict& verdict, const std::string& path = "") {
  for (const char* key : {"I2", "H2"}) {
    if (!wanted.contains(key)) continue;
    verdict.compare(got.at(key), wanted.at(key), {.relative = 1e-5, .absolute = 1e-6}, path + "." + key);
    wanted.erase(key);
    for (json* side : {&got, &wanted})  // the profile repeats the estimate before its two limits
      if (side->contains("tau2_qprofile_ci")) side->at("tau2_qprofile_ci").at(key).erase(0);
  }
  verdict.compare(got, wanted, kTolerance, path);
}

void check_meta(const Case& one, Verdict& verdict) {
  exchange::Frame frame = one.frame();
  frame.drop_missing(moderators_of(one));
  const std::vector<StudyEffect> studies = studies_of(one, frame);
  const Eigen::MatrixXd design = design_of(one, frame);
  compare_fit(design.cols() == 1 ? pooled_json(studies, options_of(one))
                                 : regression_json(studies, design, options_of(one)),
              one.expected, verdict);
}

void check_effect_size(const Case& one, Verdict& verdict) {
  json got;
  for (const StudyEffect& s : studies_of(one, one.frame())) {
    got["yi"].push_back(s.estimate);
    got["vi"].push_back(s.variance);
  }
  verdict.compare(got, one.expected);
}

void check_stratified(const StratifiedEffect& r, const Case& one, Verdict& verdict) {
  json got = {{"beta", {r.effect.estimate}}, {"se", r.effect.se}, {"QE", r.q}, {"QEp", r.q_p}};
  if (r.cmh) got.update({{"MH", *r.cmh}, {"MHp", *r.cmh_p}});
  verdict.compare(got, one.expected, {.relative = 1e-7});
}

json series(const std::vector<PooledEffect>& fits, bool with_i2) {
  json got;
  for (const PooledEffect& f : fits) {
    got["estimate"].push_back(f.effect.estimate);
    got["se"].push_back(f.effect.se);
    got["tau2"].push_back(f.heterogeneity.tau2);
    if (with_i2) got["I2"].push_back(100 * f.heterogeneity.i2);
  }
  return got;
}

void check_diagnostics(const Case& one, Verdict& verdict) {
  const auto studies = studies_of(one, one.frame());
  const PoolOptions options = options_of(one);
  const AsymmetryTest mixed = egger(studies, options), classical = egger_classical(studies);
  const RankTest ranks = begg(studies);
  const TrimAndFill filled = trim_and_fill(studies, options);
  const json got = {{"egger", {{"z", mixed.statistic}, {"p", mixed.p}}},
                    {"egger_lm", {{"t", classical.statistic}, {"p", classical.p}, {"df", classical.df}}},
                    {"begg", {{"tau", ranks.tau}, {"p", ranks.p}}},
                    {"trimfill",
                     {{"k0", filled.filled},
                      {"side", filled.side},
                      {"beta", {filled.pooled.effect.estimate}},
                      {"se", filled.pooled.effect.se},
                      {"tau2", filled.pooled.heterogeneity.tau2}}},
                    {"leave1out", series(leave_one_out(studies, options), true)},
                    {"cumulative", series(cumulative(studies, options), false)}};
  verdict.compare(got, one.expected, kTolerance);
}

/// One call of an edge case: {"call": {"method", "test"}, "ok", "value" or "error"}.
void check_edge_call(const std::vector<StudyEffect>& studies, const json& call, Verdict& verdict) {
  const PoolOptions options{.method = tau_method(call.at("call").at("method")),
                            .test = pooled_test(call.at("call").value("test", "z"))};
  const std::string path = call.at("call").dump();
  json got;
  try {
    const PooledEffect r = pool(studies, options);
    got = {{"beta", {r.effect.estimate}},
           {"se", r.effect.se},
           {"ci", {r.effect.interval.low, r.effect.interval.high}},
           {"tau2", r.heterogeneity.tau2},
           {"I2", 100 * r.heterogeneity.i2},
           {"QE", r.heterogeneity.q},
           {"QEp", r.heterogeneity.p}};
  } catch (const InputError& error) {
    // Effects and variances that are infinite or not above 0 are refused throughout, though R has a value for some methods.
    const bool unusable = std::any_of(studies.begin(), studies.end(), [](const StudyEffect& s) { return !std::isfinite(s.estimate) || !std::isfinite(s.variance) || !(s.variance > 0); });
    verdict.expect(unusable || !call.at("ok").get<bool>(), path + ": refused (" + error.what() + "), R gives a value");
    return;
  }
  if (call.at("ok").get<bool>())
    compare_fit(got, call.at("value"), verdict, path);
  else
    verdict.fail(path + ": gives a value where R refuses");
}

void check_edge(const Case& one, Verdict& verdict) {
  const auto y = pack_numbers(one.spec.at("yi")), v = pack_numbers(one.spec.at("vi"));
  std::vector<StudyEffect> studies;
  for (std::size_t i = 0; i < y.size(); ++i)
    if (!std::isnan(y[i]) && !std::isnan(v[i])) studies.push_back({y[i], v[i]});
  for (const json& call : one.expected) check_edge_call(studies, call, verdict);
}

}  // namespace

void add_meta_checks(Registry& registry) {
  registry.kinds["meta"] = check_meta;
  registry.kinds["meta_subgroup"] = check_meta;
  registry.kinds["effect_size"] = check_effect_size;
  registry.kinds["mantel_haenszel"] = [](const Case& one, Verdict& verdict) {
    check_stratified(mantel_haenszel(tables_of(one.frame(), one.text("cells")), contrast_named(one.text("measure"))), one, verdict);
  };
  registry.kinds["peto"] = [](const Case& one, Verdict& verdict) {
    check_stratified(peto(tables_of(one.frame(), one.text("cells"))), one, verdict);
  };
  registry.kinds["meta_diagnostics"] = check_diagnostics;
  registry.kinds["edge_meta"] = check_edge;
}

}  // namespace coley::reference_check
