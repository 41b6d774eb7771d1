// SPDX-License-Identifier: Apache-2.0
#pragma once
// The data of a Cox model, prepared once for every iteration: rows sorted by stratum and time with the deaths first
// among ties, covariates centred within strata (the partial likelihood does not notice) and scaled, columns one after
// another. "Position" is an index in this order.

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "statistics/survival_rows.hpp"
#include "statistics/time_order.hpp"

namespace coley::statistics {

/// What a Cox model is fitted to; a view. Rows with weight 0 are allowed and left out of the fit.
struct CoxData {
  SurvivalRows rows;                       ///< group is not used
  std::span<const double> covariates;      ///< names.size() columns of rows.size() values
  std::vector<std::string> names;          ///< of the covariates
  std::span<const double> offset = {};     ///< added to the linear predictor; none: 0
  std::span<const int> cluster = {};       ///< 0 or more: rows of one cluster are correlated; none: each row is its own
};

/// Deaths at one time of one stratum.
struct DeathTime {
  double time;
  std::uint32_t begin;   ///< position of the first row at this time; the deaths are begin .. begin + deaths - 1
  std::uint32_t deaths;
  double weight;         ///< sum of the weights of the deaths
};

class CoxDesign {
 public:
  /// Throws InputError (check(), and covariates or offsets that are not finite, by name and row).
  explicit CoxDesign(const CoxData& data);

  struct Stratum {
    int label;
    std::size_t begin, end;              ///< positions
    std::size_t first_death, last_death; ///< indices of deaths(), [first, last)
    double weight;                       ///< sum of weights
    std::vector<double> centre;          ///< subtracted from each covariate before scaling
  };

  std::size_t size() const { return row_.size(); }
  std::size_t covariates() const { return scale_.size(); }
  const std::vector<Stratum>& strata() const { return strata_; }
  const std::vector<DeathTime>& deaths() const { return deaths_; }
  std::uint32_t row(std::size_t position) const { return row_[position]; }
  double weight(std::size_t position) const { return weight_.empty() ? 1.0 : weight_[position]; }
  bool weighted() const { return !weight_.empty(); }
  /// Offset less mean_offset().
  double offset(std::size_t position) const { return offset_.empty() ? 0.0 : offset_[position]; }
  /// Scaled and centred column j.
  const double* column(std::size_t j) const { return x_[j].data(); }
  /// Coefficient on the data's scale = coefficient here / scale(j). 1 for a constant column.
  double scale(std::size_t j) const { return scale_[j]; }
  bool died(std::size_t position) const { return died_[position] != 0; }

  bool delayed_entry() const { return !enters_.empty(); }
  /// Index of the first death time after the row's entry (of all death times, over strata).
  std::uint32_t first_death_after_entry(std::size_t position) const { return enters_[position]; }
  /// Positions of the rows that enter just before death time b (they are not at risk at earlier ones).
  std::span<const std::uint32_t> entering(std::size_t b) const {
    return {entering_.data() + entering_begin_[b], entering_begin_[b + 1] - entering_begin_[b]};
  }

  /// Mean of the data's offsets, which risk() takes out of each; 0 without offsets.
  double mean_offset() const { return mean_offset_; }

  /// w exp(x beta + offset - mean offset) by position, beta on the scale of this design.
  void risk(const Eigen::VectorXd& beta, std::vector<double>& risk) const;
  /// The same for positions [from, to) of a column that has its size.
  void risk(const Eigen::VectorXd& beta, std::size_t from, std::size_t to, std::vector<double>& risk) const;
  static constexpr std::size_t kRiskBlock = 512;  ///< rows whose covariates stay in the nearest cache between two uses

 private:
  std::vector<TimedRow> sort(const CoxData& data);
  void find_deaths(const CoxData& data, const std::vector<TimedRow>& order);
  void find_entries(const CoxData& data);
  void standardise(const CoxData& data);

  double mean_offset_ = 0;
  std::vector<std::uint32_t> row_;
  std::vector<std::uint8_t> died_;
  std::vector<double> weight_, offset_, scale_;
  std::vector<std::vector<double>> x_;
  std::vector<Stratum> strata_;
  std::vector<DeathTime> deaths_;
  std::vector<std::uint32_t> enters_, entering_;
  std::vector<std::size_t> entering_begin_;
};

}  // namespace coley::statistics
