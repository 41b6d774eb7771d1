// SPDX-License-Identifier: Apache-2.0
#pragma once
// The patients of one replicate trial as columns, in order of entry, and what they come from: a source that gives each
// its event. Days. A source is immutable and shared by threads; a cohort belongs to one thread and is filled anew for
// every replicate, without allocation after the first.

#include <cstdint>
#include <vector>

#include "core/random.hpp"

namespace coley::design {

/// Purposes of draws, apart from those of the engine (population/disease.hpp).
inline constexpr std::uint64_t kDrawFate = std::uint64_t{200} << 56;    ///< event and drop-out
inline constexpr std::uint64_t kDrawTraits = std::uint64_t{201} << 56;  ///< subgroup; arrival

/// Days on study that nobody reaches: who has no event by then has none.
inline constexpr double kLastDay = 1e6;

struct Cohort {
  std::vector<double> entry;          ///< calendar day, rising
  std::vector<double> time;           ///< on study until the event or, earlier, loss to follow-up
  std::vector<std::uint8_t> event;    ///< 1: the event; 0: lost
  std::vector<std::uint8_t> treated;  ///< 1: experimental arm
  std::vector<std::uint8_t> stratum;
  std::size_t size() const { return entry.size(); }
  void resize(std::size_t n) {
    entry.resize(n);
    time.resize(n);
    event.resize(n);
    treated.resize(n);
    stratum.resize(n);
  }
};

/// Whose event times the experimental arm has.
enum class Truth {
  effect,  ///< its own
  null     ///< those of the null hypothesis: control's, or control's hazard times the margin
};

struct Candidates;

class Source {
 public:
  virtual ~Source() = default;
  /// Fills the cohort of replicate `key.replicate`: two arms, one endpoint, assigned by the plan's weights. Thread-safe.
  virtual void fill(DrawKey key, Truth truth, Cohort& cohort) const = 0;
  /// Fills the first `count` candidates of the replicate, and the days on which the plan's patients come. Thread-safe.
  virtual void fill(DrawKey key, std::size_t count, Candidates& candidates) const = 0;
  virtual int strata() const = 0;
  /// Share of candidates in the subgroup of a selection.
  virtual double subgroup_share() const = 0;
  /// What a patient censored after `day` days on study contributes to an endpoint: the day itself, or the last visit that would
  /// have shown the event.
  virtual double seen_until(double day, std::size_t endpoint) const = 0;
  /// True when times are continuous, without ties, and the endpoint is observed at once.
  virtual bool continuous() const = 0;
};

}  // namespace coley::design
