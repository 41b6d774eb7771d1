// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who is at risk, and what happens, at each distinct time of each stratum: the one walk that Kaplan-Meier, the log-rank
// family and the two-group hazard ratio share, whether the data are rows or counts of whole days. Unweighted counts, so
// sums are exact up to 2^53.

#include <span>
#include <vector>

#include "statistics/survival_rows.hpp"
#include "statistics/time_order.hpp"

namespace coley::statistics {

/// One distinct time. Spans are by group and valid only during the visit.
struct RiskSet {
  double time;
  bool opens_stratum;  ///< first time of a stratum
  std::span<const double> at_risk;  ///< just before `time`
  std::span<const double> events;
  std::span<const double> censored;
};

/// Rows sorted once, to be walked as often as one likes.
class SortedRows {
 public:
  /// Sorts by stratum and time. Throws InputError (check()). Weights are not used here.
  explicit SortedRows(const SurvivalRows& rows);

  int groups() const { return groups_; }
  /// Subjects in a group.
  const std::vector<double>& subjects() const { return subjects_; }

  /// visit(const RiskSet&) at every distinct time, ascending, stratum by stratum.
  template <class Visit>
  void walk(Visit visit) const;

 private:
  struct Span {
    std::size_t begin, end;
  };
  static std::vector<Span> stratum_spans(const std::vector<TimedRow>& rows, std::span<const int> stratum);

  int groups_;
  std::vector<double> subjects_;
  std::vector<TimedRow> exits_;    // code: group * 2 + event
  std::vector<TimedRow> entries_;  // code: group; empty without delayed entry
  std::vector<Span> strata_;       // the same spans in exits_ and entries_
};

template <class Visit>
void SortedRows::walk(Visit visit) const {
  const auto k = static_cast<std::size_t>(groups_);
  std::vector<double> at_risk(k), events(k), censored(k);
  for (const Span stratum : strata_) {
    std::fill(at_risk.begin(), at_risk.end(), 0.0);
    std::size_t entered = stratum.begin;
    if (entries_.empty())
      for (std::size_t i = stratum.begin; i < stratum.end; ++i) at_risk[exits_[i].code >> 1] += 1;
    for (std::size_t i = stratum.begin; i < stratum.end;) {
      const bool opens = i == stratum.begin;
      const std::uint64_t key = exits_[i].key;
      if (!entries_.empty())
        for (; entered < stratum.end && entries_[entered].key < key; ++entered) at_risk[entries_[entered].code] += 1;
      std::fill(events.begin(), events.end(), 0.0);
      std::fill(censored.begin(), censored.end(), 0.0);
      const double time = exits_[i].time();
      for (; i < stratum.end && exits_[i].key == key; ++i)
        ((exits_[i].code & 1) != 0 ? events : censored)[exits_[i].code >> 1] += 1;
      visit(RiskSet{time, opens, at_risk, events, censored});
      for (std::size_t g = 0; g < k; ++g) at_risk[g] -= events[g] + censored[g];
    }
  }
}

}  // namespace coley::statistics
