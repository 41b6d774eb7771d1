// SPDX-License-Identifier: Apache-2.0
#pragma once
// Replicate trials of one scenario, as a table that everything else is read from. Every draw has its address (seed,
// replicate, patient), so the table does not depend on threads, two truths share their luck, and a larger number of
// replicates begins with the smaller one.

#include <functional>
#include <vector>

#include "design/cohort.hpp"
#include "design/plan.hpp"
#include "design/stopping_rule.hpp"

namespace coley::design {

/// How one test ended one trial.
struct Ending {
  std::uint8_t look = 0;
  Verdict verdict = Verdict::failure;
  bool rejects_overruled = false;  ///< efficacy at this or a later look when futility that does not bind is overruled
};

/// Columns of whole trials; [replicate * looks + look], and z [(replicate * tests + test) * looks + look].
struct TrialTable {
  std::size_t replicates = 0, looks = 0, tests = 0;
  std::vector<double> day, events, recruited;  ///< at the look; NaN for looks that no test came to
  std::vector<double> z;                       ///< above 0 in favour of treatment; NaN when there is none
  std::vector<double> log_ratio;               ///< Cox estimate where a test ended, and with every_look at the last; NaN elsewhere
  std::vector<Ending> endings;                 ///< [replicate * tests + test]
  long long short_of_events = 0;               ///< looks that waited for events that never came

  const Ending& ending(std::size_t replicate, std::size_t test) const { return endings[replicate * tests + test]; }
  std::size_t cell(std::size_t replicate, std::size_t look) const { return replicate * looks + look; }
  std::size_t cell(std::size_t replicate, std::size_t test, std::size_t look) const { return (replicate * tests + test) * looks + look; }
};

struct ReplicateOptions {
  Truth truth = Truth::effect;
  std::uint64_t seed = 1;
  std::uint64_t first = 0;       ///< number of the first replicate
  std::size_t replicates = 1000;
  int threads = 1;
  bool every_look = false;       ///< go on to the last look whatever the tests say, so that every z is there
  std::function<void(std::size_t done)> progress = {};  ///< may throw to stop
};

/// A table for the looks and tests of a plan, of cells that are NaN.
TrialTable empty_table(const Plan& plan, std::size_t replicates);

TrialTable run_replicates(const Plan& plan, const Source& source, const ReplicateOptions& options);

}  // namespace coley::design
