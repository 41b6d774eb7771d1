// SPDX-License-Identifier: Apache-2.0
#include "statistics/reference_distribution.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace coley::statistics {

namespace {
namespace policies = boost::math::policies;
using Policy = policies::policy<policies::promote_double<false>>;
using ChiSquared = boost::math::chi_squared_distribution<double, Policy>;
using FisherF = boost::math::fisher_f_distribution<double, Policy>;
using StudentT = boost::math::students_t_distribution<double, Policy>;
}  // namespace

double chi_squared_upper_quantile(double upper, double df) {
  return boost::math::quantile(boost::math::complement(ChiSquared(df), upper));
}

double f_upper(double x, double df1, double df2) {
  return boost::math::cdf(boost::math::complement(FisherF(df1, df2), x));
}

double normal_upper(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

double student_two_sided(double t, double df) {
  if (std::isinf(t)) return 0.0;
  return 2.0 * boost::math::cdf(boost::math::complement(StudentT(df), std::fabs(t)));
}

double student_quantile(double p, double df) { return boost::math::quantile(StudentT(df), p); }

}  // namespace coley::statistics
