// SPDX-License-Identifier: Apache-2.0
#pragma once
// Death from causes other than the cancer, by age and sex, from a published life table (evidence/life_table.csv). Within a
// year of age the hazard is constant, -ln(1 - q); beyond the last age of the table its hazard holds for ever. A patient's
// hazard is the table's times a factor. Immutable, so it may be shared between threads.

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coley {

class LifeTable {
 public:
  /// Reads comma-separated text: comment lines begin with #, then the header age,male,female, then one row for each year
  /// of age from 0 without a gap, with the probabilities of death within that year, above 0 and below 1. `file` is what
  /// messages call it. Throws InputError with every faulty line.
  static LifeTable parse(std::string_view text, const std::string& file);

  /// Days from now until the cumulative background hazard of a person of `age` years, `factor` times the table's, reaches
  /// `cumulative_hazard`. With an Exp(1) deviate that is the day of death from other causes; with ln 2, the median.
  /// Domain: age >= 0, factor >= 0, cumulative_hazard >= 0; infinity when the hazard never gets there.
  double death_after(double age, bool male, double factor, double cumulative_hazard) const;

  /// Chance that a person of `age` years has not died of other causes `days` from now. Domain: as above, days >= 0.
  double survival(double age, bool male, double factor, double days) const;

 private:
  // Cumulative hazard from birth to each whole age; one entry more than the table has rows.
  using Cumulative = std::vector<double>;

  explicit LifeTable(std::array<Cumulative, 2> cumulative) : cumulative_(std::move(cumulative)) {}
  const Cumulative& of(bool male) const { return cumulative_[male ? 0 : 1]; }

  std::array<Cumulative, 2> cumulative_;  // men, women
};

}  // namespace coley
