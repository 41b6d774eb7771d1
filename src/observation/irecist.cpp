// SPDX-License-Identifier: Apache-2.0
#include "observation/irecist.hpp"

#include <algorithm>

namespace coley {
namespace {

constexpr int kUnknownSum = 1 << 20;

int sum_of(const Findings& findings, Role role) {
  return findings.sum[static_cast<std::size_t>(role)];
}

}  // namespace

Response Irecist::assess(const Findings& findings) {
  if (!findings.evaluated) return Response::NE;
  if (history_.progression_day()) return Response::PD;
  const Response response = pending_ ? follow_up(findings) : first_look(findings);
  if (response == Response::PD) {
    history_.record_progression(opened_);
    pending_ = false;
  } else {
    history_.record(findings.day, response);
  }
  had_cr_ = had_cr_ || response == Response::CR;
  return response;
}

Irecist::Signs Irecist::signs(const Findings& findings) const {
  const bool non_target =
      findings.non_target == Response::PD && has_progressed(sum_of(findings, Role::non_target), tolerated_non_target_);
  return {findings.target == Response::PD, non_target, had_cr_ && findings.relapsed,
          findings.appeared > 0 || findings.new_grown};
}

Response Irecist::first_look(const Findings& findings) {
  const Signs now = signs(findings);
  if (!now.any()) return without_progression(findings);
  pending_ = true;
  opened_ = findings.day;
  seen_ = {};
  new_meanwhile_ = false;
  smallest_.fill(kUnknownSum);
  remember(findings, now);
  return Response::UPD;
}

Response Irecist::follow_up(const Findings& findings) {
  const Signs now = signs(findings);
  const bool early = findings.day - opened_ < kEarliestConfirmationDays;
  if (!early && confirms(findings, now)) return Response::PD;
  if (lifts(findings, now)) {
    const Response response = without_progression(findings);
    if (response == Response::NE) return response;
    pending_ = false;
    had_cr_ = false;
    tolerated_non_target_ = findings.non_target == Response::PD ? sum_of(findings, Role::non_target) : 0;
    return response;
  }
  new_meanwhile_ = new_meanwhile_ || findings.appeared > 0;
  remember(findings, early ? seen_ : now);
  return Response::UPD;
}

bool Irecist::confirms(const Findings& findings, const Signs& now) const {
  const auto grown = [&](Role role, int mm) {
    return sum_of(findings, role) >= smallest_[static_cast<std::size_t>(role)] + mm;
  };
  if (findings.appeared > 0 || (new_meanwhile_ && findings.new_visible)) return true;
  if (now.target && (!seen_.target || grown(Role::target, 5))) return true;
  if (now.non_target && (!seen_.non_target || grown(Role::non_target, 1))) return true;
  if (now.relapse && (!seen_.relapse || grown(Role::target, 5) || grown(Role::non_target, 1))) return true;
  if (now.new_lesion && !seen_.new_lesion) return true;
  return seen_.new_lesion && (grown(Role::new_target, 5) || grown(Role::new_non_target, 1));
}

bool Irecist::lifts(const Findings& findings, const Signs& now) const {
  if (now.target) return false;
  const bool persists = now.non_target || now.relapse || findings.new_visible;
  const bool better = target_then_ != Response::NE && rank(findings.target) > rank(target_then_);
  return !persists || better;
}

void Irecist::remember(const Findings& findings, const Signs& now) {
  seen_ = {seen_.target || now.target, seen_.non_target || now.non_target, seen_.relapse || now.relapse,
           seen_.new_lesion || now.new_lesion};
  target_then_ = findings.target;
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (findings.complete[role]) smallest_[role] = std::min(smallest_[role], findings.sum[role]);
  }
}

Response Irecist::without_progression(const Findings& findings) const {
  const Response non_target = findings.non_target == Response::PD ? Response::non_cr_non_pd : findings.non_target;
  const Response response = overall_response(findings.target, non_target);
  if (findings.new_visible && (response == Response::CR || response == Response::NED)) {
    return findings.target == Response::NED ? Response::non_cr_non_pd : Response::PR;
  }
  return response == Response::SD && history_.responding() ? Response::PR : response;
}

}  // namespace coley
