// SPDX-License-Identifier: Apache-2.0
#include "observation/tumour_assessment.hpp"

#include <algorithm>

namespace coley {
namespace {

constexpr int kMaxTargets = 5;
constexpr int kMaxTargetsOrgan = 2;

constexpr std::size_t index(Role role) {
  return static_cast<std::size_t>(role);
}

bool is_measurable(const Reading& reading) {
  if (!reading.assessed || reading.organ == Organ::bone) return false;
  return reading.mm >= (reading.organ == Organ::node ? 15 : 10);
}

// A node has a size when healthy, so it must also have grown.
bool is_disease_again(const Reading& reading, int smallest) {
  return is_disease(reading) && (reading.organ != Organ::node || reading.mm >= smallest + 5);
}

}  // namespace

bool has_progressed(int sum, int nadir) {
  return 5 * sum >= 6 * nadir && sum >= nadir + 5;
}

void TumourAssessment::Tally::add(const Reading& reading) {
  sum += reading.mm;
  disease = disease || is_disease(reading);
}

TumourAssessment::TumourAssessment(const Scan& baseline) {
  choose_targets(baseline);
  Tallies tallies{};
  for (std::size_t i = 0; i < kMaxLesions; ++i) {
    const Reading& reading = baseline.lesions[i];
    Lesion& lesion = lesions_[i];
    lesion.lesion = reading.lesion;
    if (!reading.assessed) continue;
    if (lesion.role == Role::none && is_disease(reading)) lesion.role = Role::non_target;
    lesion.smallest = reading.mm;
    lesion.last = reading;
    present_[index(lesion.role)] = true;
    tallies[index(lesion.role)].add(reading);
  }
  baseline_sum_ = target_nadir_ = tallies[index(Role::target)].sum;
  non_target_nadir_ = tallies[index(Role::non_target)].sum;
  burden_nadir_ = target_nadir_ + non_target_nadir_;
}

void TumourAssessment::choose_targets(const Scan& baseline) {
  std::array<std::uint8_t, kMaxLesions> order{};
  for (std::size_t i = 0; i < kMaxLesions; ++i) order[i] = static_cast<std::uint8_t>(i);
  std::sort(order.begin(), order.end(), [&](std::uint8_t a, std::uint8_t b) {
    const Reading& left = baseline.lesions[a];
    const Reading& right = baseline.lesions[b];
    if (left.mm != right.mm) return left.mm > right.mm;
    if (left.organ != right.organ) return left.organ < right.organ;
    return a < b;
  });
  std::array<int, kOrgans> in_organ{};
  int chosen = 0;
  for (int limit = 1; limit <= kMaxTargetsOrgan; ++limit) {
    for (const std::uint8_t slot : order) {
      const Reading& reading = baseline.lesions[slot];
      int& here = in_organ[static_cast<std::size_t>(reading.organ)];
      const bool taken = lesions_[slot].role == Role::target;
      if (taken || chosen == kMaxTargets || here == limit || !is_measurable(reading)) continue;
      lesions_[slot].role = Role::target;
      ++here;
      ++chosen;
    }
  }
}

Findings TumourAssessment::read(const Scan& scan) {
  for (std::size_t i = 0; i < kMaxLesions; ++i) {
    const Reading& reading = scan.lesions[i];
    if (reading.assessed && reading.lesion != lesions_[i].lesion) retire(lesions_[i], reading);
  }
  Findings findings{.day = scan.day};
  Tallies tallies = retired_;
  for (std::size_t i = 0; i < kMaxLesions; ++i) follow(lesions_[i], scan.lesions[i], findings, tallies);

  const Tally& target = tallies[index(Role::target)];
  const Tally& non_target = tallies[index(Role::non_target)];
  findings.target = target_response(target);
  findings.non_target = non_target_response(target, non_target);
  for (std::size_t role = 0; role < kRoles; ++role) {
    findings.sum[role] = tallies[role].sum;
    findings.complete[role] = tallies[role].complete;
  }
  const int new_sum = findings.sum[index(Role::new_target)] + findings.sum[index(Role::new_non_target)];
  findings.new_grown = has_progressed(new_sum, new_nadir_);
  findings.new_visible = tallies[index(Role::new_target)].disease || tallies[index(Role::new_non_target)].disease;
  lower_nadirs(tallies);
  return findings;
}

void TumourAssessment::follow(Lesion& lesion, const Reading& reading, Findings& findings, Tallies& tallies) {
  if (!reading.assessed) {
    tallies[index(lesion.role)].complete = false;
    return;
  }
  findings.evaluated = true;
  if (is_disease_again(reading, lesion.smallest)) {
    if (lesion.role == Role::none) {
      lesion.role = is_measurable(reading) ? Role::new_target : Role::new_non_target;
      present_[index(lesion.role)] = true;
      new_nadir_ += reading.mm;
      ++findings.appeared;
    } else if (lesion.role == Role::target || lesion.role == Role::non_target) {
      findings.relapsed = true;
    }
  }
  lesion.smallest = std::min(lesion.smallest, reading.mm);
  lesion.last = reading;
  tallies[index(lesion.role)].add(reading);
}

void TumourAssessment::retire(Lesion& lesion, const Reading& successor) {
  if (lesion.role != Role::none) retired_[index(lesion.role)].add(lesion.last);
  lesion = Lesion{};
  lesion.lesion = successor.lesion;
}

Response TumourAssessment::target_response(const Tally& target) const {
  if (!measurable()) return Response::NED;
  if (target.complete && !target.disease) return Response::CR;
  if (has_progressed(target.sum, target_nadir_)) return Response::PD;
  if (!target.complete) return Response::NE;
  return 10 * target.sum <= 7 * baseline_sum_ ? Response::PR : Response::SD;
}

Response TumourAssessment::non_target_response(const Tally& target, const Tally& non_target) const {
  if (!present_[index(Role::non_target)]) return Response::NED;
  if (non_target.complete && !non_target.disease) return Response::CR;
  const bool burden_progressed = !measurable() || has_progressed(target.sum + non_target.sum, burden_nadir_);
  if (burden_progressed && has_progressed(non_target.sum, non_target_nadir_)) return Response::PD;
  return non_target.complete ? Response::non_cr_non_pd : Response::NE;
}

void TumourAssessment::lower_nadirs(const Tallies& tallies) {
  const Tally& target = tallies[index(Role::target)];
  const Tally& non_target = tallies[index(Role::non_target)];
  const Tally& new_target = tallies[index(Role::new_target)];
  const Tally& new_non_target = tallies[index(Role::new_non_target)];
  if (target.complete) target_nadir_ = std::min(target_nadir_, target.sum);
  if (non_target.complete) non_target_nadir_ = std::min(non_target_nadir_, non_target.sum);
  if (target.complete && non_target.complete) burden_nadir_ = std::min(burden_nadir_, target.sum + non_target.sum);
  if (new_target.complete && new_non_target.complete) {
    new_nadir_ = std::min(new_nadir_, new_target.sum + new_non_target.sum);
  }
}

}  // namespace coley
