// SPDX-License-Identifier: Apache-2.0
#include "statistics/parametric_survival.hpp"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "statistics/covariates.hpp"
#include "statistics/parametric_likelihood.hpp"

namespace coley::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double infinity = std::numeric_limits<double>::infinity();

[[noreturn]] void refuse(std::size_t row, const char* key, double found, const char* expected) {
  throw InputError(Fault{.key = "row " + std::to_string(row + 1) + ", " + key, .found = std::to_string(found), .expected = expected});
}

void check_times(const CensoredTimes& times, Law law) {
  if (times.lower.empty()) throw InputError(Fault{.found = "no subjects", .expected = "at least one"});
  if (times.upper.size() != times.lower.size() || (!times.entry.empty() && times.entry.size() != times.lower.size()))
    bug("parametric survival: arrays of different length");
  const bool any_sign = on_whole_line(law);
  for (std::size_t i = 0; i < times.lower.size(); ++i) {
    const double lower = times.lower[i], upper = times.upper[i];
    if (std::isnan(lower) || lower == infinity) refuse(i, "time", lower, "a finite time");
    if (!any_sign && lower < 0) refuse(i, "time", lower, "a time of 0 or more");
    if (!any_sign && lower == 0 && (upper == 0 || upper == infinity)) refuse(i, "time", lower, "a time above 0, where this law begins");
    if (std::isnan(upper) || upper < lower) refuse(i, "upper time", upper, "the end of an interval that begins at the lower time");
    if (lower == -infinity && upper == infinity) refuse(i, "time", lower, "a time that is known at least on one side");
    if (!times.entry.empty() && !(times.entry[i] >= 0 && (times.entry[i] < lower || (times.entry[i] == lower && upper > lower))))
      refuse(i, "entry", times.entry[i], "an entry of 0 or more and before the event or censoring");
  }
}

void check_weights(const ParametricModel& model, std::size_t subjects) {
  if ((!model.weight.empty() && model.weight.size() != subjects) || (!model.offset.empty() && model.offset.size() != subjects)) bug("parametric survival: arrays of different length");
  for (std::size_t i = 0; i < model.weight.size(); ++i)
    if (!(model.weight[i] > 0 && std::isfinite(model.weight[i]))) refuse(i, "weight", model.weight[i], "a finite weight above 0");
  for (std::size_t i = 0; i < model.offset.size(); ++i)
    if (!std::isfinite(model.offset[i])) refuse(i, "offset", model.offset[i], "a finite number");
}

void check_scale(const ParametricModel& model) {
  if (model.fixed_scale == 0) return;
  if (!(model.fixed_scale > 0 && std::isfinite(model.fixed_scale)))
    throw InputError(Fault{.key = "scale", .found = std::to_string(model.fixed_scale), .expected = "a finite scale above 0"});
  if (!has_scale(model.law)) throw InputError(Fault{.key = "scale", .found = "a given scale of the law " + std::string(to_string(model.law)), .expected = "a law with a scale"});
  if (!model.scale_stratum.empty()) throw InputError(Fault{.key = "scale", .found = "a given scale beside one by stratum", .expected = "one or the other"});
}

/// Where a subject's time lies, for starting values.
double middle(const CensoredTimes& times, std::size_t i) {
  if (std::isinf(times.upper[i])) return times.lower[i];
  return std::isinf(times.lower[i]) ? times.upper[i] : 0.5 * (times.lower[i] + times.upper[i]);
}

/// The unit that times are divided by (and, for the Gaussian law, the zero they are counted from): Newton's method
/// works on numbers of the order of 1.
struct TimeUnit {
  double zero = 0, unit = 1;
};

TimeUnit time_unit(const CensoredTimes& times, Law law) {
  const double n = static_cast<double>(times.lower.size());
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < times.lower.size(); ++i) {
    const double t = middle(times, i);
    sum += t;
    squares += t * t;
  }
  if (!on_whole_line(law)) return {0, sum > 0 ? sum / n : 1};
  const double variance = squares / n - sum / n * (sum / n);
  return {sum / n, variance > 0 ? std::sqrt(variance) : 1};
}

CensoredTimes in_unit(CensoredTimes times, const TimeUnit& unit) {
  for (auto* array : {&times.lower, &times.upper, &times.entry})
    for (double& t : *array) t = (t - unit.zero) / unit.unit;
  return times;
}

RowMajor with_intercept(Index n, const MatrixXd& covariates) {
  RowMajor design(n, 1 + covariates.cols());
  design.col(0).setOnes();
  if (covariates.cols() > 0) design.rightCols(covariates.cols()) = covariates;
  return design;
}

/// The model in standard units, and the affine map of its parameters back to the user's: estimate = shift + map * standard.
struct StandardModel {
  CensoredTimes times;
  Designs designs;
  WeightsAndOffsets given;
  std::vector<std::string> names;
  VectorXd shift;
  MatrixXd map;
};

/// Parameters of a linear predictor on standardised covariates, back to the covariates as given.
void unscale(Eigen::Ref<MatrixXd> map, const StandardCovariates& standard) {
  for (Index j = 0; j < standard.scale.size(); ++j) {
    map(1 + j, 1 + j) = 1 / standard.scale[j];
    map(0, 1 + j) = -standard.centre[j] / standard.scale[j];
  }
}

StandardCovariates standardise_any(const MatrixXd& covariates, const std::vector<std::string>& names, Index n) {
  if (covariates.cols() == 0) return {MatrixXd(n, 0), VectorXd(), VectorXd()};
  if (covariates.rows() != n) bug("parametric survival: a row of covariates for each subject");
  return standardise(covariates, names);
}

RowMajor scale_design(const ParametricModel& model, Index n) {
  if (!has_scale(model.law) || model.fixed_scale > 0) return RowMajor(n, 0);
  if (model.scale_stratum.empty()) return RowMajor::Ones(n, 1);
  RowMajor design = RowMajor::Zero(n, 1 + *std::max_element(model.scale_stratum.begin(), model.scale_stratum.end()));
  for (Index i = 0; i < n; ++i) design(i, model.scale_stratum[static_cast<std::size_t>(i)]) = 1;
  return design;
}

StandardModel standard_model(const CensoredTimes& times, const ParametricModel& model) {
  const Index n = static_cast<Index>(times.lower.size());
  const TimeUnit unit = time_unit(times, model.law);
  const StandardCovariates x = standardise_any(model.covariates, model.names, n);
  const StandardCovariates z = standardise_any(model.cure_covariates, model.cure_names, n);
  StandardModel standard{in_unit(times, unit), {}, {}, {"(Intercept)"}, {}, {}};
  standard.given = {Eigen::Map<const VectorXd>(model.weight.data(), static_cast<Index>(model.weight.size())),
                    Eigen::Map<const VectorXd>(model.offset.data(), static_cast<Index>(model.offset.size())), 0};
  if (on_whole_line(model.law)) standard.given.offset /= unit.unit;
  if (model.fixed_scale > 0) standard.given.log_scale = std::log(model.fixed_scale) - (on_whole_line(model.law) ? std::log(unit.unit) : 0);
  standard.designs = {with_intercept(n, x.values), scale_design(model, n), RowMajor::Ones(n, has_shape(model.law) ? 1 : 0),
                      model.cure == Cure::none ? RowMajor(n, 0) : with_intercept(n, z.values)};
  const Index locations = standard.designs[0].cols(), scales = standard.designs[1].cols(), shapes = standard.designs[2].cols(), cures = standard.designs[3].cols();
  const Index all = locations + scales + shapes + cures;
  standard.shift = VectorXd::Zero(all);
  standard.map = MatrixXd::Identity(all, all);
  unscale(standard.map.topLeftCorner(locations, locations), x);
  if (cures > 0) unscale(standard.map.bottomRightCorner(cures, cures), z);
  if (on_whole_line(model.law)) {
    standard.map.topLeftCorner(locations, locations) *= unit.unit;
    standard.shift[0] = unit.zero;
    standard.shift.segment(locations, scales).setConstant(std::log(unit.unit));
  } else {
    standard.shift[0] = (location_is_log_rate(model.law) ? -1 : 1) * std::log(unit.unit);
  }
  if (model.law == Law::gompertz) standard.map(locations, locations) = 1 / unit.unit;

  standard.names.insert(standard.names.end(), model.names.begin(), model.names.end());
  for (Index k = 0; k < scales; ++k) standard.names.push_back(scales == 1 ? "Log(scale)" : "Log(scale[" + std::to_string(k + 1) + "])");
  if (shapes > 0) standard.names.push_back("shape");
  if (cures > 0) standard.names.push_back("cure (Intercept)");
  if (cures > 0)
    for (const std::string& name : model.cure_names) standard.names.push_back("cure " + name);
  return standard;
}

/// Starting points: Newton's method goes uphill from each and the highest end counts. With a cure the likelihood can
/// have two hills (few cured and slow, many cured and fast); the generalised gamma starts as Weibull and log-normal.
std::vector<VectorXd> starting_points(const StandardModel& standard, Law law, Cure cure) {
  double sum = 0, squares = 0, events = 0, event_sum = 0;
  const double n = static_cast<double>(standard.times.lower.size());
  for (std::size_t i = 0; i < standard.times.lower.size(); ++i) {
    const double t = middle(standard.times, i), position = on_whole_line(law) ? t : std::log(std::max(t, 1e-6));
    const bool event = std::isfinite(standard.times.upper[i]);
    sum += position;
    squares += position * position;
    events += event;
    event_sum += event ? position : 0;
  }
  const double spread = std::sqrt(std::max(squares / n - sum / n * (sum / n), 0.01));
  const double typical = cure == Cure::none ? sum / n : event_sum / events;
  const Index locations = standard.designs[0].cols(), scales = standard.designs[1].cols(), shapes = standard.designs[2].cols();
  VectorXd start = VectorXd::Zero(standard.map.rows());
  start[0] = location_is_log_rate(law) ? -typical : typical;
  start.segment(locations, scales).setConstant(std::log(spread));
  std::vector<VectorXd> points;
  for (const double shape : {1.0, 0.0}) {
    if (law == Law::generalised_gamma) start[locations + scales] = shape;
    else if (shape == 1) continue;
    if (cure == Cure::none) {
      points.push_back(start);
      continue;
    }
    for (const double share : {0.9, 0.3}) {
      const double cured = std::clamp(share * (1 - events / n), 0.01, 0.99);
      start[locations + scales + shapes] = std::log(cured / (1 - cured));
      points.push_back(start);
    }
  }
  return points;
}

/// What kept the fit from an end: the parameter about which the data say least.
std::string describe_problem(const Maximum& found, const std::vector<std::string>& names) {
  Index worst = 0;
  const Eigen::SelfAdjointEigenSolver<MatrixXd> spectrum(found.likelihood.information);
  if (spectrum.info() != Eigen::Success || !found.likelihood.information.allFinite()) return "the likelihood has no finite maximum";
  spectrum.eigenvectors().col(0).cwiseAbs().maxCoeff(&worst);
  return names[static_cast<std::size_t>(worst)] + ": the likelihood keeps rising as this parameter runs to infinity; the data do not determine it";
}

/// A standard error of more than 100 units of a standardised parameter: it ran to where the likelihood is flat.
bool undetermined(const Maximum& found) {
  const Eigen::LLT<MatrixXd> factor(found.likelihood.information);
  if (factor.info() != Eigen::Success) return true;
  const Index p = found.at.size();
  return (factor.solve(MatrixXd::Identity(p, p)).diagonal().array() > 1e4).any();
}

Maximum highest(const StandardModel& standard, Law law, Cure cure) {
  Maximum best;
  bool any = false;
  for (const VectorXd& start : starting_points(standard, law, cure)) {
    const Maximum found = maximise([&](const VectorXd& at) { return parametric_loglik(law, cure, standard.times, standard.designs, at, standard.given); }, start);
    const bool better = !any || (found.converged && !best.converged) ||
                        (found.converged == best.converged && found.likelihood.value > best.likelihood.value);
    if (better && std::isfinite(found.likelihood.value)) best = found;
    any = any || std::isfinite(found.likelihood.value);
  }
  if (!any) throw InputError(Fault{.key = to_string(law), .found = "times at which the likelihood is not finite", .expected = "times within a range that numbers can hold"});
  return best;
}

/// I^-1 (sum over clusters of the squared sum of scores) I^-1 in standard parameters.
MatrixXd sandwich(const MatrixXd& inverse, const StandardModel& standard, const ParametricModel& model, const VectorXd& at) {
  MatrixXd scores = parametric_scores(model.law, model.cure, standard.times, standard.designs, at, standard.given);
  if (!model.cluster.empty()) {
    MatrixXd sums = MatrixXd::Zero(1 + *std::max_element(model.cluster.begin(), model.cluster.end()), scores.cols());
    for (Index i = 0; i < scores.rows(); ++i) sums.row(model.cluster[static_cast<std::size_t>(i)]) += scores.row(i);
    scores = sums;
  }
  return inverse * (scores.transpose() * scores) * inverse;
}

}  // namespace

CensoredTimes right_censored(std::span<const double> time, std::span<const std::uint8_t> event, std::span<const double> entry) {
  CensoredTimes times{{time.begin(), time.end()}, {time.begin(), time.end()}, {entry.begin(), entry.end()}};
  for (std::size_t i = 0; i < event.size(); ++i)
    if (event[i] == 0) times.upper[i] = infinity;
  return times;
}

ParametricFit fit_parametric(const CensoredTimes& times, const ParametricModel& model) {
  check_times(times, model.law);
  check_weights(model, times.lower.size());
  check_scale(model);
  ParametricFit fit;
  fit.subjects = times.lower.size();
  fit.events = static_cast<std::size_t>(std::count_if(times.upper.begin(), times.upper.end(), [](double t) { return std::isfinite(t); }));
  if (fit.events == 0) throw InputError(Fault{.found = "no events: every subject is censored", .expected = "at least one event to fit a law"});
  const StandardModel standard = standard_model(times, model);
  const Maximum found = highest(standard, model.law, model.cure);
  fit.law = model.law;
  fit.cure = model.cure;
  fit.names = standard.names;
  fit.locations = static_cast<std::size_t>(standard.designs[0].cols());
  fit.scales = static_cast<std::size_t>(standard.designs[1].cols());
  fit.cures = static_cast<std::size_t>(standard.designs[3].cols());
  if (model.fixed_scale > 0) fit.given_log_scale = std::log(model.fixed_scale);
  fit.estimate = standard.shift + standard.map * found.at;
  fit.converged = found.converged && !undetermined(found);
  if (!fit.converged) fit.problem = describe_problem(found, fit.names);
  const Eigen::LLT<MatrixXd> factor(found.likelihood.information);
  if (factor.info() == Eigen::Success) {
    const MatrixXd inverse = factor.solve(MatrixXd::Identity(found.at.size(), found.at.size()));
    fit.model_variance = fit.variance = standard.map * inverse * standard.map.transpose();
    fit.robust = model.robust || !model.cluster.empty();
    if (fit.robust) fit.variance = standard.map * sandwich(inverse, standard, model, found.at) * standard.map.transpose();
  }

  // The density is by the user's unit of time, so each exact event brings the logarithm of ours.
  const double unit = time_unit(times, model.law).unit;
  double exact = 0;
  for (std::size_t i = 0; i < times.lower.size(); ++i)
    if (times.lower[i] == times.upper[i]) exact += model.weight.empty() ? 1 : model.weight[i];
  fit.loglik = found.likelihood.value - exact * std::log(unit);
  fit.aic = -2 * fit.loglik + 2 * static_cast<double>(found.at.size());
  const bool plain = model.covariates.cols() == 0 && model.cure_covariates.cols() == 0;
  if (plain) {
    fit.loglik_null = fit.loglik;
  } else {
    ParametricModel null{.law = model.law, .cure = model.cure, .covariates = {}, .names = {}, .weight = model.weight, .offset = model.offset, .scale_stratum = model.scale_stratum, .fixed_scale = model.fixed_scale, .robust = false, .cluster = {}, .cure_covariates = {}, .cure_names = {}};
    fit.loglik_null = fit_parametric(times, null).loglik;
  }
  return fit;
}

std::vector<ParametricFit> compare_laws(const CensoredTimes& times, ParametricModel model) {
  std::vector<ParametricFit> fits;
  for (const Law law : survival_laws()) {
    model.law = law;
    fits.push_back(fit_parametric(times, model));
  }
  std::stable_sort(fits.begin(), fits.end(), [](const ParametricFit& a, const ParametricFit& b) {
    return a.converged != b.converged ? a.converged : a.aic < b.aic;
  });
  return fits;
}

std::vector<double> ParametricFit::scale() const {
  if (law == Law::exponential) return {1};
  if (law == Law::rayleigh) return {0.5};
  if (scales == 0 && has_scale(law)) return {std::exp(given_log_scale)};
  std::vector<double> values;
  for (std::size_t k = 0; k < scales; ++k) values.push_back(std::exp(estimate[static_cast<Index>(locations + k)]));
  return values;
}

NaturalParameters ParametricFit::natural(const VectorXd& x, const VectorXd& z, int stratum) const {
  const Index location = static_cast<Index>(locations), cure_count = static_cast<Index>(cures);
  if (x.size() != location - 1 || (cures > 0 && z.size() != cure_count - 1)) bug("parametric prediction: another number of covariates");
  NaturalParameters p;
  p.location = Jet::variable(estimate[0] + estimate.segment(1, location - 1).dot(x), 0);
  p.log_scale = scales > 0 ? Jet::variable(estimate[location + (scales > 1 ? stratum : 0)], 1) : Jet(given_log_scale);
  if (has_shape(law)) p.shape = Jet::variable(estimate[location + static_cast<Index>(scales)], 2);
  if (cures > 0) {
    const auto tail = estimate.tail(cure_count);
    p.cure_logit = Jet::variable(tail[0] + tail.tail(cure_count - 1).dot(z), 3);
  }
  return p;
}

VectorXd ParametricFit::gradient(const Jet& jet, const VectorXd& x, const VectorXd& z, int stratum) const {
  const Index location = static_cast<Index>(locations);
  VectorXd by = VectorXd::Zero(estimate.size());
  by[0] = jet.slope[0];
  by.segment(1, location - 1) = jet.slope[0] * x;
  if (scales > 0) by[location + (scales > 1 ? stratum : 0)] = jet.slope[1];
  if (has_shape(law)) by[location + static_cast<Index>(scales)] = jet.slope[2];
  if (cures > 0) {
    auto tail = by.tail(static_cast<Index>(cures));
    tail[0] = jet.slope[3];
    tail.tail(tail.size() - 1) = jet.slope[3] * z;
  }
  return by;
}

Estimate ParametricFit::survival(double t, const VectorXd& x, const VectorXd& z, int stratum, double level) const {
  const Jet log_s = log_survival(law, cure, t, natural(x, z, stratum));
  const double s = std::exp(log_s.value);
  if (log_s.value == 0) return {1, 1, 1};
  if (variance.size() == 0) return {s, 0, 1};
  const Jet log_hazard = log(-log_s);
  const VectorXd by = gradient(log_hazard, x, z, stratum);
  const double half = two_sided_deviate(level) * std::sqrt(by.dot(variance * by));
  return {s, std::exp(log_s.value * std::exp(half)), std::exp(log_s.value * std::exp(-half))};
}

ParametricFit::Quantile ParametricFit::quantile(double p, const VectorXd& x, const VectorXd& z, int stratum) const {
  if (!(p > 0 && p < 1)) throw InputError(Fault{.key = "p", .found = std::to_string(p), .expected = "a fraction between 0 and 1"});
  const NaturalParameters at = natural(x, z, stratum);
  // Search on the scale of w, on which all laws of log time and the Gaussian are of order 1.
  const double scale = law == Law::rayleigh ? 0.5 : std::exp(at.log_scale.value);
  const auto time_of = [&](double w) {
    if (on_whole_line(law)) return at.location.value + scale * w;
    return std::exp(location_is_log_rate(law) ? w - at.location.value : at.location.value + scale * w);
  };
  const double target = std::log1p(-p);
  const auto excess = [&](double w) { return log_survival(law, cure, time_of(w), at).value - target; };
  double low = -1, high = 1;
  while (excess(low) < 0 && low > -700) low *= 2;
  while (excess(high) > 0 && high < 700) high *= 2;
  if (!(excess(high) <= 0)) return {infinity, infinity};
  std::uintmax_t steps = 200;
  const auto root = boost::math::tools::toms748_solve(excess, low, high, boost::math::tools::eps_tolerance<double>(52), steps);
  const double time = time_of(0.5 * (root.first + root.second));
  if (variance.size() == 0) return {time, infinity};
  const Jet log_s = log_survival(law, cure, time, at);
  const double slope = -std::exp(log_density(law, cure, time, at).value - log_s.value);  // of log S by time
  const VectorXd by = gradient(log_s, x, z, stratum) / slope;
  return {time, std::sqrt(by.dot(variance * by))};
}

Estimate ParametricFit::cured_fraction(const VectorXd& z, double level) const {
  if (cures == 0) throw InputError(Fault{.key = "cure", .found = "a model without cure", .expected = "a mixture or non-mixture cure model"});
  const auto inverse_logit = [](double x) { return 1 / (1 + std::exp(-x)); };
  VectorXd by = VectorXd::Zero(estimate.size());
  auto tail = by.tail(static_cast<Index>(cures));
  tail[0] = 1;
  tail.tail(tail.size() - 1) = z;
  const double logit = by.dot(estimate);
  if (variance.size() == 0) return {inverse_logit(logit), 0, 1};
  const double half = two_sided_deviate(level) * std::sqrt(by.dot(variance * by));
  return {inverse_logit(logit), inverse_logit(logit - half), inverse_logit(logit + half)};
}

}  // namespace coley::statistics
