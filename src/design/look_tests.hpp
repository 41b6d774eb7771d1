// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every test of a plan on the data of a look, by the library's own statistics: stratified and weighted log-rank,
// MaxCombo, restricted mean, milestone. One thread; the memory is kept from look to look.

#include <string>
#include <vector>

#include "design/cohort.hpp"
#include "design/plan.hpp"
#include "statistics/log_rank.hpp"

namespace coley::design {

/// The test's name for people: its own, or "Fleming-Harrington(0, 1)".
std::string name_of(const Test& test);
/// Weight of a test of the log-rank family; t* in days.
statistics::LogRankWeight weight_of(const Test& test);
/// What MaxCombo combines: the log-rank test, one for late and one for early effects. The first being the sum of the others,
/// their joint law has two directions, and its p-value costs microseconds; a fourth weight would cost a thousand times that.
std::vector<statistics::LogRankWeight> combined_weights();

class LookTests {
 public:
  explicit LookTests(const std::vector<Test>& tests);

  /// Takes in the data as they stand on a calendar day, the cohort's times being those of an endpoint of the source.
  void look(const Source& source, const Cohort& cohort, double day, std::size_t endpoint = 0);
  std::size_t events() const { return events_; }
  std::size_t recruited() const { return time_.size(); }
  /// Statistic of a test, above 0 in favour of treatment; NaN when it cannot be had, as the restricted mean beyond follow-up.
  double z(std::size_t test) const { return z_[test]; }
  /// Cox estimate of the data, not stratified; NaN without events, infinite when they are all in one arm.
  double log_hazard_ratio() const;

 private:
  void log_rank_family(bool stratified);
  void curves();

  std::vector<Test> tests_;
  std::vector<double> z_, time_;
  std::vector<std::uint8_t> event_;
  std::vector<int> group_, stratum_;
  std::size_t events_ = 0;
};

}  // namespace coley::design
