// SPDX-License-Identifier: Apache-2.0
#include "endpoints/endpoints.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace coley {

EndpointKind endpoint_named(const std::string& name) {
  if (name == "OS") return EndpointKind::OS;
  if (name == "DFS") return EndpointKind::DFS;
  if (name == "PFS") return EndpointKind::PFS;
  if (name == "TFS") return EndpointKind::TFS;
  bug("an endpoint that the protocol's check let pass: " + name);
}

namespace {

/// The earlier of two days, of which either may not have come.
int earliest(int a, int b) { return a == kNoDay ? b : b == kNoDay ? a : std::min(a, b); }

/// Last planned scan up to `day`; 0, the day of randomisation, before the first.
int last_scan(std::span<const int> scan_days, int day) {
  const auto next = std::upper_bound(scan_days.begin(), scan_days.end(), day);
  return next == scan_days.begin() ? 0 : *(next - 1);
}

}  // namespace

TimeToEvent time_to_event(EndpointKind kind, const Outcome& outcome, int cutoff_day, std::span<const int> scan_days) {
  int event = outcome.death_day;
  switch (kind) {
    case EndpointKind::OS: break;
    case EndpointKind::DFS: event = earliest(event, outcome.recurrence_day); break;
    case EndpointKind::PFS: event = earliest(event, outcome.progression_day); break;
    case EndpointKind::TFS: event = earliest(event, outcome.next_line_day); break;
  }
  if (event != kNoDay && event <= cutoff_day) return {event, true};
  int seen = cutoff_day;
  if (outcome.withdrawal_day != kNoDay) seen = std::min(seen, outcome.withdrawal_day);
  const bool by_scan = kind == EndpointKind::DFS || kind == EndpointKind::PFS;
  return {by_scan ? last_scan(scan_days, seen) : seen, false};
}

}  // namespace coley
