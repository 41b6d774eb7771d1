// SPDX-License-Identifier: Apache-2.0
#pragma once
// When the doses of a drug are due, counted in days from the start of its schedule (its start_day).

#include "protocol/protocol.hpp"

namespace coley {

/// A stretch of days with doses, [start, end); end may be kNever.
struct Stretch {
  double start = 0;
  double end = 0;
};

/// The first stretch that ends after `since`; one that starts at kNever when there is none. A series without cycles is one
/// stretch.
Stretch stretch_after(const Dosing& dosing, double since);

/// Doses that fit into a stretch of `days`, of which max_doses_per_block may be given.
int slots_in(const Dosing& dosing, double days);

/// Doses planned up to and including `since`, and the day of the last of them.
struct DosesDue {
  int doses = 0;      ///< given
  int withheld = 0;   ///< due and not given; counted by Medication
  double last_day = 0;
};
DosesDue doses_due(const Dosing& dosing, double since);

/// True when the schedule has an end and every dose of it was due by `since`.
bool all_due(const Dosing& dosing, double since);

}  // namespace coley
