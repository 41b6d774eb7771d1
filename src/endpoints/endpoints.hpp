// SPDX-License-Identifier: Apache-2.0
#pragma once
// Time-to-event endpoints from a patient's outcome, at a data cut-off. Counted from randomisation unless said otherwise.
// "Known alive" is withdrawal or cut-off, whichever is first. Rules of censoring:
//   OS    death of any cause; else censored when last known alive
//   DFS   recurrence or death of any cause; else censored at the last scan without disease
//   PFS   progression or death of any cause; else censored at the last scan without progression. Further treatment does not
//         censor: it is only ever begun at progression
//   TTNT  start of the next treatment, study drugs given again included, or death; else censored when last known alive
//   TTD   end of study treatment for any reason, or death; else censored when last known alive
//   TFS   from the end of study treatment to TTNT's event, of those whose treatment has ended; censored as TTNT
//   DOR   from the first response that counts to progression or death, of those with a response; censored as PFS
//   TTR   from randomisation to the first response that counts, of those with a response
//   TTDET deterioration at two visits in a row (ECOG a grade worse than at randomisation, or a tenth of the weight lost), from
//         the first of them, or death; else censored at the last visit
//   LC    of a lesion that was irradiated: from its first fraction to the scan that shows it growing; else censored at the last
//         scan, or at death. The unit is the lesion; of a patient it is the first lesion that fails

#include <optional>
#include <span>
#include <string>

#include "course/outcome.hpp"

namespace coley {

enum class EndpointKind { OS, DFS, RFI, PFS, TTNT, TTD, TFS, DOR, TTR, TTDET, LC };

/// The kind of that name; a name that is none is a bug, since the protocol's check refuses it.
EndpointKind endpoint_named(const std::string& name);

struct TimeToEvent {
  int day = 0;
  bool event = false;
};

/// True when the patient is censored at a scan and not when last known alive.
bool by_scan(EndpointKind kind);

/// `cutoff_day` is the patient's follow-up at the data cut-off; `scan_days` are the planned scans. Nothing for a patient of
/// whom the endpoint does not speak (DOR without response).
std::optional<TimeToEvent> time_to_event(EndpointKind kind, const Outcome& outcome, int cutoff_day, std::span<const int> scan_days);

/// Local control of one irradiated lesion, by the same rules; nothing before it was irradiated.
std::optional<TimeToEvent> local_control(const IrradiatedLesion& lesion, const Outcome& outcome, int cutoff_day, std::span<const int> scan_days);

}  // namespace coley
