// SPDX-License-Identifier: Apache-2.0
#include "observation/recist.hpp"

namespace coley {

Response overall_response(Response target, Response non_target) {
  if (target == Response::PD || non_target == Response::PD) return Response::PD;
  if (target == Response::NED) return non_target;
  if (target != Response::CR) return target;
  return non_target == Response::CR || non_target == Response::NED ? Response::CR : Response::PR;
}

Response stable_response(const TumourAssessment& tumours) {
  if (tumours.measurable()) return Response::SD;
  return tumours.diseased() ? Response::non_cr_non_pd : Response::NED;
}

Response Recist::at_visit(const Findings& findings) const {
  if (!findings.evaluated) return Response::NE;
  if (history_.progression_day() || findings.appeared > 0) return Response::PD;
  const bool had_cr = history_.complete_response_day(Confirmation::not_required).has_value();
  if (had_cr && findings.relapsed) return Response::PD;
  const Response response = overall_response(findings.target, findings.non_target);
  return response == Response::SD && history_.responding() ? Response::PR : response;
}

Response Recist::assess(const Findings& findings) {
  const Response response = at_visit(findings);
  history_.record(findings.day, response);
  return response;
}

}  // namespace coley
