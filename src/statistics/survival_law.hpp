// SPDX-License-Identifier: Apache-2.0
#pragma once
// The laws of a parametric survival model, as log density and log survival with their derivatives by the natural
// parameters. For the laws of log time, log t = location + scale * w with w of a fixed law (the convention of
// survreg), so the location is a log time and scale is 1/shape for Weibull. For Gompertz the hazard is
// exp(location + shape t): the location is a log rate.

#include <string>
#include <vector>

#include "statistics/jet.hpp"

namespace coley::statistics {

enum class Law {
  exponential,
  weibull,
  gompertz,
  log_normal,
  log_logistic,
  generalised_gamma,  ///< Prentice: shape Q = 1 is Weibull, 0 log-normal, Q = scale the gamma law; Q may be negative
  rayleigh,           ///< Weibull with shape 2
  gaussian,           ///< time itself is normal; this and the next two are for data that may be 0 or negative
  logistic,           ///< time itself is logistic
  extreme,            ///< time itself has the extreme value law of the minimum, as log time has under Weibull
};

enum class Cure {
  none,
  mixture,      ///< S = c + (1 - c) S0: a fraction c never has the event
  non_mixture,  ///< S = c^(1 - S0): as if events came from a Poisson number of causes (promotion time)
};

/// The words of reports and of the command line: "exponential", "weibull", "gompertz", "lognormal", "loglogistic",
/// "gengamma", "rayleigh", "gaussian", "logistic", "extreme".
std::string to_string(Law law);
/// Throws InputError with the nearest word.
Law law_of(const std::string& word);
/// The six laws that are compared by default: exponential to generalised gamma.
std::vector<Law> survival_laws();

/// Whether the law has a log scale (its reciprocal the shape of Weibull), and whether it has a shape of its own (Gompertz
/// a per unit of time, generalised gamma Q).
bool has_scale(Law law);
bool has_shape(Law law);
/// Whether the law is of time itself, on the whole line, instead of positive times.
bool on_whole_line(Law law);
/// Whether the location is a log rate (Gompertz) instead of a (log) time.
bool location_is_log_rate(Law law);

/// What a law and a cure model are evaluated at.
struct NaturalParameters {
  Jet location;
  Jet log_scale;
  Jet shape;
  Jet cure_logit;  ///< log(c / (1 - c)) of the cured fraction c
};

/// log S(t). 0 at or before the start of time.
Jet log_survival(Law law, Cure cure, double t, const NaturalParameters& p);
/// log f(t), the density by time. t > 0, but any t for a law on the whole line.
Jet log_density(Law law, Cure cure, double t, const NaturalParameters& p);

}  // namespace coley::statistics
