// SPDX-License-Identifier: Apache-2.0
#pragma once
// Time-to-event endpoints from a patient's outcome, at a data cut-off. Rules of censoring:
//   OS   death of any cause; else censored when last known alive: withdrawal or cut-off
//   DFS  recurrence or death of any cause; else censored at the last scan without disease
//   PFS  progression or death of any cause; else censored at the last scan without progression
//   TFS  start of the next treatment or death, counted from randomisation; else censored as OS

#include <span>
#include <string>

#include "course/outcome.hpp"

namespace coley {

enum class EndpointKind { OS, DFS, PFS, TFS };

/// The kind of that name; a name that is none is a bug, since the protocol's check refuses it.
EndpointKind endpoint_named(const std::string& name);

struct TimeToEvent {
  int day = 0;
  bool event = false;
};

/// `cutoff_day` is the patient's follow-up at the data cut-off; `scan_days` are the planned scans.
TimeToEvent time_to_event(EndpointKind kind, const Outcome& outcome, int cutoff_day, std::span<const int> scan_days);

}  // namespace coley
