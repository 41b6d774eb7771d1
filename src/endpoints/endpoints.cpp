// SPDX-License-Identifier: Apache-2.0
#include "endpoints/endpoints.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace coley {

EndpointKind endpoint_named(const std::string& name) {
  if (name == "OS") return EndpointKind::OS;
  if (name == "DFS") return EndpointKind::DFS;
  if (name == "RFI") return EndpointKind::RFI;
  if (name == "PFS") return EndpointKind::PFS;
  if (name == "TTNT") return EndpointKind::TTNT;
  if (name == "TTD") return EndpointKind::TTD;
  if (name == "TFS") return EndpointKind::TFS;
  if (name == "DOR") return EndpointKind::DOR;
  if (name == "TTR") return EndpointKind::TTR;
  if (name == "TTDET") return EndpointKind::TTDET;
  if (name == "LC") return EndpointKind::LC;
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

/// The lesion of an irradiated patient that failed first or, where none did, was irradiated first.
IrradiatedLesion first_to_fail(const Outcome& outcome) {
  IrradiatedLesion first;
  for (const IrradiatedLesion& lesion : outcome.irradiated) {
    if (lesion.day == kNoDay) continue;
    first.day = earliest(first.day, lesion.day);
    first.failure_day = earliest(first.failure_day, lesion.failure_day);
  }
  return first;
}

/// From what day the endpoint counts; kNoDay when it does not speak of the patient.
int origin(EndpointKind kind, const Outcome& outcome) {
  switch (kind) {
    case EndpointKind::TFS: return outcome.treatment_end_day;
    case EndpointKind::DOR:
    case EndpointKind::TTR: return outcome.response_day;
    default: return 0;
  }
}

int event_day(EndpointKind kind, const Outcome& outcome) {
  switch (kind) {
    case EndpointKind::OS: return outcome.death_day;
    case EndpointKind::DFS: return earliest(outcome.death_day, outcome.recurrence_day);
    case EndpointKind::RFI: return outcome.recurrence_day;
    case EndpointKind::PFS: return earliest(outcome.death_day, outcome.progression_day);
    case EndpointKind::TTNT:
    case EndpointKind::TFS: return earliest(outcome.death_day, outcome.next_line_day);
    case EndpointKind::TTD: return earliest(outcome.death_day, outcome.treatment_end_day);
    case EndpointKind::DOR: return earliest(outcome.death_day, outcome.response_end_day);
    case EndpointKind::TTR: return outcome.response_day;
    case EndpointKind::TTDET: return earliest(outcome.death_day, outcome.deterioration_day);
    case EndpointKind::LC: break;  // local_control
  }
  bug("an endpoint of no kind");
}

}  // namespace

bool by_scan(EndpointKind kind) {
  switch (kind) {
    case EndpointKind::DFS:
    case EndpointKind::RFI:
    case EndpointKind::PFS:
    case EndpointKind::DOR:
    case EndpointKind::TTDET:
    case EndpointKind::LC: return true;
    default: return false;
  }
}

std::optional<TimeToEvent> time_to_event(EndpointKind kind, const Outcome& outcome, int cutoff_day, std::span<const int> scan_days) {
  if (kind == EndpointKind::LC) return local_control(first_to_fail(outcome), outcome, cutoff_day, scan_days);
  const int from = origin(kind, outcome), event = event_day(kind, outcome);
  int seen = cutoff_day;
  if (outcome.withdrawal_day != kNoDay) seen = std::min(seen, outcome.withdrawal_day);
  if (kind == EndpointKind::RFI && outcome.death_day != kNoDay) seen = std::min(seen, outcome.death_day);
  if (from == kNoDay || from > seen) return std::nullopt;
  const int counted = kind == EndpointKind::TTR ? 0 : from;
  if (event != kNoDay && event <= cutoff_day) return TimeToEvent{event - counted, true};
  return TimeToEvent{std::max(by_scan(kind) ? last_scan(scan_days, seen) : seen, from) - counted, false};
}

std::optional<TimeToEvent> local_control(const IrradiatedLesion& lesion, const Outcome& outcome, int cutoff_day, std::span<const int> scan_days) {
  int seen = cutoff_day;
  for (const int end : {outcome.withdrawal_day, outcome.death_day}) seen = end == kNoDay ? seen : std::min(seen, end);
  if (lesion.day == kNoDay || lesion.day > seen) return std::nullopt;
  if (lesion.failure_day != kNoDay && lesion.failure_day <= seen) return TimeToEvent{lesion.failure_day - lesion.day, true};
  return TimeToEvent{std::max(last_scan(scan_days, seen), lesion.day) - lesion.day, false};
}

}  // namespace coley
