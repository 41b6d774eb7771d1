// SPDX-License-Identifier: Apache-2.0
#pragma once
// The log-rank test and the Cox hazard ratio of two arms at the looks of a replicate trial, for continuous times without
// strata or ties: patients are put in order of time on study once, and every look walks that order with the risk sets
// kept as counts. The same numbers as statistics::log_rank and two_group_hazard_ratio (a property test), at a fraction of
// their cost; one thread, no allocation after the first replicate.

#include <vector>

#include "design/cohort.hpp"

namespace coley::design {

class LeanLogRank {
 public:
  /// Takes in a cohort, which must stay as it is until the last look. Nothing beyond calendar day `horizon` matters.
  void begin(const Cohort& cohort, double horizon);
  /// Walks the data as they stand on calendar day `day`, at most the horizon.
  void look(double day);

  std::size_t events() const { return events_; }
  std::size_t recruited() const { return recruited_; }

  /// Derivatives of the partial likelihood in the log hazard ratio, there. At 0 they are those of the log-rank test:
  /// observed minus expected events on treatment, and its variance.
  struct Score {
    double u = 0, v = 0;
  };
  Score score(double log_ratio) const;
  /// The Cox estimate; infinite when all events are in one arm, NaN without events.
  double log_hazard_ratio() const;

 private:
  struct Record {
    double time, leaves;  ///< on study; calendar day
    std::uint32_t treated, event;
  };
  void put_in_order(double horizon);

  const Cohort* cohort_ = nullptr;
  std::vector<Record> order_;
  std::vector<std::uint32_t> bucket_, begin_;  // of each patient; where in order_ each bucket begins
  double scale_ = 0;                           // buckets a day
  struct Pair {
    std::uint32_t all, treated;
  };
  std::vector<Pair> censored_;                 // by the look, after the record before and before this one
  std::vector<std::uint32_t> still_followed_;  // at the look
  std::vector<std::uint32_t> treated_before_;  // among the first i patients
  std::size_t recruited_ = 0;
  std::size_t events_ = 0;
  std::vector<double> at_risk0_, at_risk1_, treated_;  // one an event, and up to three after the last that add nothing
};

}  // namespace coley::design
