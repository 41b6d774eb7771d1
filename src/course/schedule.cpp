// SPDX-License-Identifier: Apache-2.0
#include "course/schedule.hpp"

#include <algorithm>
#include <cmath>

#include "core/units.hpp"

namespace coley {

namespace {
constexpr double kTouch = 1e-9;  // two times closer than this are one

bool cyclic(const Dosing& dosing) { return dosing.cycle_days > 0 && !dosing.days_on.empty(); }

/// Most doses of a stretch, the limit of a block included.
int given_in(const Dosing& dosing, double days) {
  const int slots = slots_in(dosing, days);
  return dosing.max_doses_per_block > 0 ? std::min(slots, dosing.max_doses_per_block) : slots;
}
}  // namespace

int slots_in(const Dosing& dosing, double days) {
  if (days <= 0) return 0;
  return 1 + static_cast<int>(std::floor(days / dosing.every_days - 1e-6));
}

Stretch stretch_after(const Dosing& dosing, double since) {
  const double end = dosing.doses > 0 ? dosing.doses * dosing.every_days : kNever;
  if (!cyclic(dosing)) {
    const double cycles_end = dosing.cycle_days > 0 && dosing.cycles > 0 ? dosing.cycles * dosing.cycle_days : kNever;
    const Stretch all{0, std::min(end, cycles_end)};
    return all.end > since + kTouch ? all : Stretch{kNever, kNever};
  }
  const int first = std::max(0, static_cast<int>(std::floor(since / dosing.cycle_days + kTouch)));
  for (int cycle = first; cycle <= first + 1 && (dosing.cycles == 0 || cycle < dosing.cycles); ++cycle) {
    for (const Interval& days : dosing.days_on) {
      const Stretch stretch{cycle * dosing.cycle_days + days.low, cycle * dosing.cycle_days + days.high + 1};
      if (stretch.end > since + kTouch) return stretch;
    }
  }
  return {kNever, kNever};
}

DosesDue doses_due(const Dosing& dosing, double since) {
  DosesDue due;
  if (since < 0) return due;
  const auto within = [&](double start, double days, int limit) {  // doses of one stretch by `since`
    if (since < start - kTouch) return;
    const int by_now = 1 + static_cast<int>(std::floor((since - start) / dosing.every_days + kTouch));
    const int doses = std::min(by_now, days < kNever ? std::min(limit, given_in(dosing, days)) : limit);
    due.doses += doses;
    due.last_day = start + (doses - 1) * dosing.every_days;
  };
  const int most = dosing.doses > 0 ? dosing.doses : 1 << 30;
  if (!cyclic(dosing)) {
    within(0, stretch_after(dosing, 0).end, most);
    return due;
  }
  const int reached = static_cast<int>(std::floor(since / dosing.cycle_days + kTouch));
  const int last = dosing.cycles > 0 ? std::min(reached, dosing.cycles - 1) : reached;
  int whole = 0;
  for (const Interval& days : dosing.days_on) whole += given_in(dosing, days.high + 1 - days.low);
  const int passed = std::max(0, std::min(last - 1, most / std::max(1, whole) - 1));  // cycles that need no second look
  due.doses = passed * whole;
  for (int cycle = passed; cycle <= last && due.doses < most; ++cycle) {
    for (const Interval& days : dosing.days_on) {
      if (due.doses < most) within(cycle * dosing.cycle_days + days.low, days.high + 1 - days.low, most - due.doses);
    }
  }
  return due;
}

bool all_due(const Dosing& dosing, double since) {
  if (dosing.doses > 0) return doses_due(dosing, since).doses >= dosing.doses;
  if (dosing.cycles == 0 || dosing.cycle_days <= 0) return false;
  const double last = dosing.days_on.empty() ? dosing.cycle_days : dosing.days_on.back().high + 1;
  return since >= (dosing.cycles - 1) * dosing.cycle_days + last - kTouch;
}

}  // namespace coley
