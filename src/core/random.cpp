// SPDX-License-Identifier: Apache-2.0
#include "core/random.hpp"

#include <Random123/philox.h>

#include <boost/math/special_functions/erf.hpp>
#include <cmath>

namespace coley {

double Stream::uniform() {
  const std::uint64_t lane = index_ % 4;
  if (lane == 0) {
    r123::Philox4x64 generator;
    const r123::Philox4x64::ctr_type counter{{patient_, purpose_, index_ / 4, 0}};
    const r123::Philox4x64::key_type key{{key_.seed, key_.replicate}};
    const auto drawn = generator(counter, key);
    for (int i = 0; i < 4; ++i) block_[i] = drawn[static_cast<std::size_t>(i)];
  }
  ++index_;
  return open_unit(block_[lane]);
}

double Stream::normal() { return normal_quantile(uniform()); }

double Stream::exponential() { return -std::log(uniform()); }

double normal_quantile(double p) {
  // A fixed policy keeps Boost from promoting to long double, which would be slower and no better here.
  using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
  return -std::sqrt(2.0) * boost::math::erfc_inv(2.0 * p, Policy());
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace coley
