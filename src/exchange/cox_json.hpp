// SPDX-License-Identifier: Apache-2.0
#pragma once
// A Cox model and what follows from it as JSON, with the key names of tests/reference/pack.

#include <nlohmann/json.hpp>
#include <vector>

#include "statistics/concordance.hpp"
#include "statistics/cox.hpp"
#include "statistics/cox_prediction.hpp"
#include "statistics/proportional_hazards.hpp"

namespace coley::exchange {

/// {method, n, events, coef_names, coef, se, se_robust, var, state, hr {value, lower, upper}, p_wald, log10_p, loglik_null,
/// loglik, lr_test, wald_test, score_test, robust_score_test, df, converged, warnings}
nlohmann::json cox_json(const statistics::CoxFit& fit);
/// {c, se, concordant, discordant, tied_x, tied_y, tied_xy}
nlohmann::json concordance_json(const statistics::Concordance& concordance);
/// {rows, chisq, df, p, log10_p}
nlohmann::json ph_test_json(const statistics::ProportionalHazardsTest& test);
/// {at, surv, se_log_surv, lower, upper}: one row a curve.
nlohmann::json predictions_json(const std::vector<statistics::PredictedCurve>& curves, const std::vector<double>& at);
/// Rows of a matrix.
nlohmann::json matrix_json(const Eigen::MatrixXd& matrix);

}  // namespace coley::exchange
