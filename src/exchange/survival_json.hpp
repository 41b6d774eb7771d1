// SPDX-License-Identifier: Apache-2.0
#pragma once
// Results of survival analysis as JSON, with the key names of tests/reference/pack. What is not defined is NaN in the
// value and null once written.

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "statistics/contrasts.hpp"
#include "statistics/log_rank.hpp"
#include "statistics/survival_curve.hpp"
#include "statistics/two_group_cox.hpp"

namespace coley::exchange {

/// Every row of a curve: {time, n_risk, n_event, n_censor, surv, se_log_surv, lower, upper, cumhaz, se_cumhaz}.
nlohmann::json rows_json(const statistics::SurvivalCurve& curve);
/// The same columns (without events and censorings) at chosen times.
nlohmann::json at_json(const statistics::SurvivalCurve& curve, std::span<const double> times);
/// {p, time, lower, upper}
nlohmann::json quantiles_json(const statistics::SurvivalCurve& curve, std::span<const double> p,
                              statistics::QuantileRule rule = statistics::QuantileRule::midpoint);
/// {tau, value, se, lower, upper}
nlohmann::json restricted_mean_json(const statistics::RestrictedMean& mean);
/// {groups, n, observed, expected, variance, chisq, df, p, log10_p}, for two groups also U, V, z; not_estimable says why
/// there is no test.
nlohmann::json log_rank_json(const statistics::LogRankTest& test, const std::vector<std::string>& groups);
/// {weights, z, corr, z_min, p_one_sided, z_max_abs, p_two_sided}
nlohmann::json max_combo_json(const statistics::MaxCombo& combo);
/// {tau, rmst, se, diff, ratio, rmtl_ratio}
nlohmann::json rmst_json(const statistics::RmstContrast& contrast);
/// {at, surv, se, diff, se_diff, lower, upper, z_naive, p_naive, z_cloglog, p_cloglog}
nlohmann::json milestone_json(const statistics::Milestone& milestone);
/// {coef, se, hr {value, lower, upper}, p_wald, log10_p, score_test, lr_test, loglik_null, loglik, infinite}
nlohmann::json hazard_ratio_json(const statistics::HazardRatio& ratio);

}  // namespace coley::exchange
