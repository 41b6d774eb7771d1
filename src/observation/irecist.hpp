// SPDX-License-Identifier: Apache-2.0
#pragma once
// iRECIST (Seymour 2017, 10.1016/S1470-2045(17)30074-8): progression by RECIST 1.1 is unconfirmed (UPD) until a later
// scan shows it going on (PD, that is iCPD); shrinkage in between lifts it and it must then occur anew. Reads the same
// Findings as Recist, so one patient can be judged by both.

#include <array>
#include <optional>

#include "observation/recist.hpp"

namespace coley {

/// iUPD is confirmed from 4 weeks on, and the scan that may do so is due by 8 weeks.
inline constexpr int kEarliestConfirmationDays = 28;
inline constexpr int kConfirmationDueDays = 56;

class Irecist {
 public:
  /// `tumours` as it stands at baseline; it is not kept.
  Irecist(const TumourAssessment& tumours, int start_day, const Criteria& criteria = {})
      : history_(start_day, stable_response(tumours), criteria) {}

  /// Response at the visit: CR, PR, SD, non_cr_non_pd, NED, NE, UPD or PD (iCPD, final and dated at the iUPD).
  ///
  /// Confirmed by: targets 5 mm above, or non-targets 1 mm above, their smallest sum since the iUPD, while still in
  /// progression; another new lesion; new targets growing 5 mm or new non-targets 1 mm; progression in a class that had
  /// none. Increases add up over scans. A scan later than 8 weeks still confirms; one earlier than 4 weeks does not.
  /// Lifted by: no sign of progression left, or a better target response than at the iUPD although new or non-target
  /// disease persists unchanged (scenario B of Seymour 2017; without change, scenario F, it stays iUPD).
  Response assess(const Findings& findings);

  /// Day of the iUPD that awaits confirmation; the date of progression if no further scan is made.
  std::optional<int> unconfirmed_since() const { return pending_ ? std::optional<int>(opened_) : std::nullopt; }

  const ResponseHistory& history() const { return history_; }

 private:
  // In which classes RECIST 1.1 sees progression.
  struct Signs {
    bool target = false;
    bool non_target = false;
    bool relapse = false;  // after CR
    bool new_lesion = false;
    bool any() const { return target || non_target || relapse || new_lesion; }
  };

  Signs signs(const Findings& findings) const;
  Response first_look(const Findings& findings);
  Response follow_up(const Findings& findings);
  bool confirms(const Findings& findings, const Signs& now) const;
  bool lifts(const Findings& findings, const Signs& now) const;
  void remember(const Findings& findings, const Signs& now);
  Response without_progression(const Findings& findings) const;

  ResponseHistory history_;
  bool pending_ = false;
  int opened_ = 0;                      // day of the pending iUPD
  Signs seen_;                          // at the pending iUPD and since
  bool new_meanwhile_ = false;          // a lesion appeared at a scan too early to confirm
  Response target_then_{};              // target response at the last iUPD
  std::array<int, kRoles> smallest_{};  // sums since the iUPD, complete scans only
  int tolerated_non_target_ = 0;        // non-target sum when an iUPD was lifted although it persisted
  bool had_cr_ = false;
};

}  // namespace coley
