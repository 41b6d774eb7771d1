// SPDX-License-Identifier: Apache-2.0
#pragma once
// One study's published figures turned into an effect and its sampling variance. Ratios become logarithms.

#include "statistics/meta_analysis.hpp"

namespace coley::statistics {

/// Patients of one study by arm and outcome.
struct TwoByTwo {
  double treated_events = 0;
  double treated_without = 0;
  double control_events = 0;
  double control_without = 0;
};

/// Mean, standard deviation and number of one arm.
struct ArmMean {
  double mean = 0;
  double sd = 0;
  double n = 0;
};

enum class Contrast {
  risk_ratio,
  odds_ratio,
  risk_difference,
  peto_odds_ratio,
  arcsine_difference,
  phi,     ///< correlation of arm and outcome
  yule_q,  ///< (odds ratio - 1) / (odds ratio + 1)
  yule_y   ///< the same of its square root
};

/// Events and person-time of one arm.
struct ArmRate {
  double events = 0;
  double time = 0;
};

/// Log hazard ratio (or any log ratio) from a ratio and its confidence limits at `level`, taken as symmetric on the
/// log scale: variance = (log(high / low) / (2 z))^2. All three are above 0, low < high, and low <= ratio <= high.
StudyEffect log_ratio(double ratio, double low, double high, double level = 0.95);

/// Peto's one-step log hazard ratio from a log-rank test: (O - E) / V with variance 1 / V. V > 0.
StudyEffect log_hazard_ratio(double observed_minus_expected, double variance);

/// Effect of a 2 x 2 table. A table with an empty cell has 0.5 added to its four cells; Peto's odds ratio, the
/// arcsine difference and phi need no such correction. Throws InputError for a negative count, or an empty arm, or when no effect can be had from the table.
StudyEffect contrast(const TwoByTwo& table, Contrast measure);

/// Observed minus expected events on treatment given the margins, and its hypergeometric variance.
struct ObservedMinusExpected {
  double difference = 0;
  double variance = 0;
};
ObservedMinusExpected observed_minus_expected(const TwoByTwo& table);

/// Log ratio of two rates; 0.5 added to both numbers of events when one is 0.
StudyEffect log_rate_ratio(const ArmRate& treated, const ArmRate& control);
/// Fisher's z of a correlation in n subjects.
StudyEffect fisher_z(double correlation, double n);
/// Logit of a proportion; 0.5 added to events and non-events when one is 0.
StudyEffect logit_proportion(double events, double n);
/// Log ratio of means, which are above 0.
StudyEffect log_ratio_of_means(const ArmMean& treated, const ArmMean& control);
/// Difference of means, unequal variances.
StudyEffect mean_difference(const ArmMean& treated, const ArmMean& control);
/// Hedges' g: standardised mean difference with the exact correction for small samples.
StudyEffect standardised_mean_difference(const ArmMean& treated, const ArmMean& control);
/// The same by the root of the mean of the two variances, which may differ (Bonett 2009).
StudyEffect standardised_mean_difference_unequal(const ArmMean& treated, const ArmMean& control);
/// Freeman and Tukey's double arcsine of a proportion: half the sum of two arcsines.
StudyEffect double_arcsine_proportion(double events, double n);

}  // namespace coley::statistics
