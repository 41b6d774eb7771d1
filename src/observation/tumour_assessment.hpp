// SPDX-License-Identifier: Apache-2.0
#pragma once
// Target, non-target and new lesions of one patient from baseline on (RECIST 1.1, Eisenhauer 2009,
// 10.1016/j.ejca.2008.10.026). Turns each scan into Findings, which Recist and Irecist read. Sums are whole mm, so the
// 20 %, 30 % and 5 mm rules are exact. A plain value of fixed size: copy it to replay a patient.
//
// Simplifications: a bone lesion never has a measurable soft-tissue part; lesions do not split or merge; an irradiated
// lesion stays measurable; a lesion seen anew is unequivocal. A lesion taken out reads 0 and would pass for response:
// start a new assessment after an operation. Of two lesions equal in organ and size the lower slot becomes target.

#include <array>
#include <cstddef>
#include <cstdint>

#include "observation/response.hpp"
#include "observation/scan.hpp"

namespace coley {

/// What a lesion counts as. `none`: no disease so far, among it nodes below 10 mm.
enum class Role : std::uint8_t { none, target, non_target, new_target, new_non_target };
inline constexpr std::size_t kRoles = 5;

/// One scan in the terms of RECIST. A sum over a class of which a lesion was not assessed is a lower bound.
struct Findings {
  int day = 0;
  bool evaluated = false;               ///< at least one site was assessed
  Response target = Response::NE;       ///< CR, PR, SD, PD, NE; NED when no lesion is measurable
  Response non_target = Response::NE;   ///< CR, non_cr_non_pd, PD, NE (not all evaluated); NED when there was none
  std::array<int, kRoles> sum{};        ///< mm, by Role
  std::array<bool, kRoles> complete{};  ///< every lesion of the class was assessed, by Role
  int appeared = 0;                     ///< lesions new at this scan
  bool new_visible = false;             ///< a lesion new since baseline is seen now
  bool new_grown = false;  ///< the new lesions together meet the 20 % and 5 mm rule against their own nadir
  bool relapsed = false;   ///< baseline disease is seen, a node only if 5 mm above its smallest: PD after CR
};

/// Sum of the target lesions' diameters as one scan read them, mm.
struct TargetSum {
  int mm = 0;
  bool baseline = false;  ///< later ones are held against it
};

/// The rule for PD: at least 20 % and at least 5 mm above the smallest sum on study.
bool has_progressed(int sum, int nadir);

class TumourAssessment {
 public:
  /// Chooses targets and non-targets. Targets: the largest measurable lesion (10 mm; nodes 15 mm; never bone) of each
  /// organ, then the second largest, at most 5 in all. Non-targets: all other disease. A site not assessed at baseline
  /// holds no known disease.
  explicit TumourAssessment(const Scan& baseline);

  /// Reads the next scan; scans come in order of their days.
  ///
  /// Non-targets progress unequivocally when the sum of their readings meets the 20 % and 5 mm rule against its nadir
  /// and, with measurable disease, the sum over all baseline lesions does too ("overall burden", Eisenhauer 4.3.4).
  /// A node is new, or disease again, from 10 mm on if it is 5 mm above its smallest reading. Target nodes that are all
  /// below 10 mm are CR even if their sum rose by 20 %. A lesion whose slot is taken by another keeps its last reading.
  Findings read(const Scan& scan);

  /// A target lesion was found at baseline.
  bool measurable() const { return baseline_sum_ > 0; }
  /// Any disease was found at baseline.
  bool diseased() const { return measurable() || present_[static_cast<std::size_t>(Role::non_target)]; }
  /// Sum of target diameters at baseline, mm.
  int baseline_sum() const { return baseline_sum_; }
  /// Smallest complete sum of target diameters so far, baseline included, mm.
  int nadir() const { return target_nadir_; }
  Role role(std::size_t slot) const { return lesions_[slot].role; }

 private:
  struct Lesion {
    Role role = Role::none;
    std::uint8_t lesion = 0;
    std::int16_t smallest = 0;  // mm over the scans so far
    Reading last;               // last assessed
  };
  struct Tally {
    int sum = 0;
    bool complete = true;
    bool disease = false;
    void add(const Reading& reading);
  };
  using Tallies = std::array<Tally, kRoles>;

  void choose_targets(const Scan& baseline);
  void follow(Lesion& lesion, const Reading& reading, Findings& findings, Tallies& tallies);
  void retire(Lesion& lesion, const Reading& successor);
  Response target_response(const Tally& target) const;
  Response non_target_response(const Tally& target, const Tally& non_target) const;
  void lower_nadirs(const Tallies& tallies);

  std::array<Lesion, kMaxLesions> lesions_{};
  Tallies retired_{};                   // what lesions that lost their slot left behind
  std::array<bool, kRoles> present_{};  // the class has, or had, a lesion
  int baseline_sum_ = 0;
  int target_nadir_ = 0;
  int non_target_nadir_ = 0;
  int burden_nadir_ = 0;  // targets and non-targets
  int new_nadir_ = 0;
};

}  // namespace coley
