// SPDX-License-Identifier: Apache-2.0
#pragma once
// RECIST 1.1 (Eisenhauer 2009, 10.1016/j.ejca.2008.10.026): the overall response at each visit of one patient.
//
//   TumourAssessment tumours(baseline);            // which lesions are followed
//   Recist recist(tumours, start_day);
//   for (scan : scans) recist.assess(tumours.read(scan));
//   recist.history().best(Confirmation::required);
//
// Progression is final: later visits are PD, whatever the lesions do. Stop feeding visits at new anticancer treatment.

#include "observation/response_history.hpp"
#include "observation/tumour_assessment.hpp"

namespace coley {

/// Overall response without new lesions: tables 1 (measurable disease) and 2 (non-targets only) of Eisenhauer 2009.
/// `target` is NED without measurable disease, `non_target` NED without non-targets.
Response overall_response(Response target, Response non_target);

/// What a patient followed by `tumours` has who neither responds nor progresses: SD, non_cr_non_pd or NED.
Response stable_response(const TumourAssessment& tumours);

class Recist {
 public:
  /// `tumours` as it stands at baseline; it is not kept.
  Recist(const TumourAssessment& tumours, int start_day, const Criteria& criteria = {})
      : history_(start_day, stable_response(tumours), criteria) {}

  /// Overall response at the visit. A new lesion is PD; so is any disease once CR had been reached; NE when nothing was
  /// assessed.
  Response assess(const Findings& findings);

  const ResponseHistory& history() const { return history_; }

 private:
  Response at_visit(const Findings& findings) const;

  ResponseHistory history_;
};

}  // namespace coley
