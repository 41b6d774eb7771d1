// SPDX-License-Identifier: Apache-2.0
#pragma once
// Published results as data: evidence/published.csv, one row a reported figure (evidence/README.md). Roles: calibration may
// be fitted, validation is compared and shown but never fitted, context is orientation.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coley::evidence {

enum class Role { calibration, validation, context };

struct Published {
  std::string id;
  Role role = Role::context;
  std::string trial;
  std::string source;    ///< registry number or DOI; "" when not known
  std::string endpoint;
  std::string measure;   ///< HR, percent, median_months, ...
  std::optional<double> n_a, n_b;
  std::optional<double> value_a, value_b, estimate, ci_low, ci_high;
  bool verified = false;
};

/// Every row. Throws InputError with row and column.
std::vector<Published> read_published(std::string_view text, const std::string& file);

/// A row of evidence/published.csv as it ships; nothing when there is none of this id.
const Published* shipped_row(const std::string& id);

/// A figure with its interval, probabilities in 0..1.
struct Figure {
  std::optional<double> estimate, low, high;
};

/// The figure of a row for one arm: which = 0 the row's own estimate, 1 value_a, 2 value_b. Percentages become shares. A
/// share without an interval gets the exact binomial one when its arm's size is known.
Figure figure(const Published& row, int which);

}  // namespace coley::evidence
