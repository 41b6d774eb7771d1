// SPDX-License-Identifier: Apache-2.0
#pragma once
// Profile-likelihood interval of one coefficient of a Cox model: the values that a likelihood-ratio test does not reject.
// Unlike Wald's it has a meaning when the coefficient is infinite (separation): it is then open on that side.

#include "statistics/cox.hpp"

namespace coley::statistics {

/// On the scale of the coefficient; a limit is infinite where the likelihood never falls enough on its side. `fit` is the
/// fit of `data`; its options give level and ties. A few dozen fits of the other coefficients. All NaN for a coefficient
/// that is not estimable. Weights count as replications: the likelihood knows nothing of a robust variance.
Estimate profile_interval(const CoxFit& fit, const CoxData& data, std::size_t coefficient);

}  // namespace coley::statistics
