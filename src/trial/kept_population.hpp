// SPDX-License-Identifier: Apache-2.0
#pragma once
// Virtual populations kept between runs: the natural history of a population depends on its rules, the parameters, the seed
// and the tolerance, and on nothing of arms, visits or analyses, so that a second run with other arms reads what the first
// computed. One file a trial; the name holds a digest of all that the patients depend on, so that what does not fit is not
// found rather than misread. The files are of this version, for this machine's way of writing numbers; they are no format
// for exchange.

#include <string>

#include "population/enrolment.hpp"
#include "trial/design.hpp"

namespace coley {

class KeptPopulation {
 public:
  /// Keeps populations of the design in `folder`, which is made when there is none. Throws RunError when it cannot be.
  KeptPopulation(const Design& design, std::string folder, const solver::Tolerance& tolerance);

  /// The population of one trial: read if it was kept, else enrolled and kept. Both give the same patients, bit for bit; the
  /// work of what was read is zero. `seen` may watch how it enrols. Throws RunError naming a file that is damaged or cannot be
  /// written.
  Enrolment enrol(DrawKey key, std::uint64_t places, const Enrolled& seen = {}) const;

 private:
  std::string file(DrawKey key, std::uint64_t places) const;

  const Design& design_;
  std::string folder_;
  solver::Tolerance tolerance_;
};

}  // namespace coley
