// SPDX-License-Identifier: Apache-2.0
#pragma once
// The visits of one patient summed up as they come: best overall response with and without confirmation, start and
// duration of response, progression. Eisenhauer 2009 (10.1016/j.ejca.2008.10.026), sections 4.4, 4.6 and table 3.
// Nothing changes after progression.

#include <optional>

#include "observation/response.hpp"

namespace coley {

/// What the protocol asks for beyond RECIST itself.
struct Criteria {
  int confirmation_days = 28;    ///< CR or PR is confirmed at least so long after it was first met (Eisenhauer 4.6)
  int minimum_stable_days = 42;  ///< SD counts from this day on; "in general not less than 6-8 weeks" (Eisenhauer 4.6)
};

enum class Confirmation { required, not_required };

/// Time from the first CR or PR to progression, or so far.
struct ResponseDuration {
  int days = 0;
  bool ended = false;  ///< by progression; otherwise days counts to the last visit without progression
};

class ResponseHistory {
 public:
  /// Days of SD count from `start_day` (randomisation or start of treatment). `stable` is what a patient who neither
  /// responds nor progresses has: SD, non_cr_non_pd without measurable disease, NED without disease.
  ResponseHistory(int start_day, Response stable, const Criteria& criteria)
      : start_day_(start_day), stable_(stable), criteria_(criteria) {}

  /// The next visit, in order of days. A response is confirmed by a later one at least confirmation_days after the
  /// first of an unbroken row: NE does not break the row, anything else that is no response does. CR confirms PR.
  void record(int day, Response response);
  /// Progression dated `day`, which under iRECIST lies before the visit that confirms it.
  void record_progression(int day);

  /// Best overall response. A response not confirmed, or SD, that did not last to minimum_stable_days gives PD if
  /// progression followed and NE if not.
  Response best(Confirmation confirmation) const;
  /// First day of the CR or PR that counts; nothing without response.
  std::optional<int> response_day(Confirmation confirmation) const;
  /// First day of the CR that counts.
  std::optional<int> complete_response_day(Confirmation confirmation) const;
  std::optional<int> progression_day() const { return progression_day_; }
  std::optional<ResponseDuration> duration(Confirmation confirmation) const;
  /// Last visit that showed no progression; start_day before the first.
  int last_evaluable_day() const { return last_evaluable_day_.value_or(start_day_); }
  /// A PR has been confirmed and nothing since spoke for progression: a visit short of PR still counts as PR (EORTC
  /// RECIST working group, "Managing PR when measurements change slightly over time").
  bool responding() const { return responding_; }

 private:
  // Visits that meet a response, from the first of an unbroken row.
  struct Row {
    std::optional<int> first;      // of the row that goes on
    std::optional<int> earliest;   // ever
    std::optional<int> confirmed;  // first day of the first confirmed row
    void record(int day, bool met, int confirmation_days);
    std::optional<int> day(Confirmation confirmation) const;
  };

  int start_day_;
  Response stable_;
  Criteria criteria_;
  Row response_;
  Row complete_;
  std::optional<int> progression_day_;
  std::optional<int> last_evaluable_day_;
  bool stable_long_enough_ = false;
  bool suspected_ = false;  // UPD at some visit
  bool responding_ = false;
};

}  // namespace coley
