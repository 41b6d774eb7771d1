// SPDX-License-Identifier: Apache-2.0
// The course of patients by the batch integrator at the default tolerance, held against the same course by CVODE.
#include "cvode_reference.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <vector>

#include "biology/integrate.hpp"
#include "course/course.hpp"
#include "endpoints/endpoints.hpp"
#include "population/enrolment.hpp"
#include "trial/design.hpp"

namespace coley {
namespace {

constexpr int kPatients = 250;  // each on every arm

/// States and inputs of one patient after each scan, and the outcome.
struct Trace {
  struct At {
    std::array<double, biology::State::count> states;
    std::array<double, biology::kInputs> inputs;
  };
  std::map<double, At> scans;
  Outcome outcome;
};

solver::Work integrate_reference(const biology::Constants& constants, const solver::Tolerance&, solver::BatchClient& client) {
  const biology::TumourImmune model(constants);
  return solver::CvodeReference<biology::TumourImmune>(model).integrate(client);
}

Trace trace(const Design& design, const PatientOnArm& assignment, const solver::Tolerance& tolerance, const biology::Integrate& integrate) {
  Trace result;
  const auto& days = design.setting.scan_days;
  const Witness witness = [&](const Moment& moment) {
    if (!std::binary_search(days.begin(), days.end(), static_cast<int>(moment.day)) || moment.day != std::floor(moment.day)) return;
    Trace::At& at = result.scans[moment.day];
    std::copy_n(moment.states, at.states.size(), at.states.begin());
    std::copy_n(moment.inputs, at.inputs.size(), at.inputs.begin());
  };
  result.outcome = run_courses(design.setting, {&assignment, 1}, tolerance, witness, integrate).outcomes.front();
  return result;
}

struct Comparison {
  double largest = 0;        ///< difference of log cell numbers
  long long sizes = 0;       ///< log cell numbers compared
  long long days = 0;        ///< endpoint days compared
  long long different = 0;   ///< of these
};

class AgainstCvode : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    design_ = std::make_unique<Design>(make_design(read_trial("keynote-564")));
    patients_ = enrol(design_->protocol().population, design_->setting.disease, {20261122, 0}, 0, kPatients, {}).patients;
    for (const PatientOnArm& assignment : assignments()) reference_.push_back(trace(*design_, assignment, {}, integrate_reference));
  }
  static void TearDownTestSuite() {
    design_.reset();
    patients_.clear();
    reference_.clear();
  }

  static std::vector<PatientOnArm> assignments() {
    std::vector<PatientOnArm> result;
    for (const Patient& patient : patients_) {
      for (int arm = 0; arm < 2; ++arm) result.push_back({&patient, arm, static_cast<int>(design_->longest_follow_up)});
    }
    return result;
  }

  static Comparison compare(const solver::Tolerance& tolerance) {
    Comparison sum;
    const std::vector<PatientOnArm> all = assignments();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Trace fast = trace(*design_, all[i], tolerance, biology::integrate);
      compare_sizes(i, fast, reference_[i], sum);
      for (EndpointKind kind : {EndpointKind::OS, EndpointKind::DFS}) {
        const int cutoff = all[i].follow_up_days;
        const TimeToEvent a = time_to_event(kind, fast.outcome, cutoff, design_->setting.scan_days).value();
        const TimeToEvent b = time_to_event(kind, reference_[i].outcome, cutoff, design_->setting.scan_days).value();
        ++sum.days;
        sum.different += a.day != b.day || a.event != b.event;
      }
    }
    return sum;
  }

  static void compare_sizes(std::size_t which, const Trace& fast, const Trace& reference, Comparison& sum) {
    for (const auto& [day, ours] : fast.scans) {
      const auto theirs = reference.scans.find(day);
      if (theirs == reference.scans.end()) continue;
      for (int slot = 0; slot < biology::kLesions; ++slot) {
        const auto alive = static_cast<std::size_t>(biology::input_index(&biology::Inputs<double>::alive, slot));
        if (ours.inputs[alive] == 0 || theirs->second.inputs[alive] == 0) continue;
        const auto x = static_cast<std::size_t>(biology::State::x + slot);
        const double difference = std::fabs(ours.states[x] - theirs->second.states[x]);
        ++sum.sizes;
        sum.largest = std::max(sum.largest, difference);
        if (difference >= 1e-3) {
          ADD_FAILURE() << "assignment " << which << " day " << day << " slot " << slot << ": " << ours.states[x] << " against "
                        << theirs->second.states[x];
        }
      }
    }
  }

  static inline std::unique_ptr<Design> design_;
  static inline std::vector<Patient> patients_;
  static inline std::vector<Trace> reference_;
};

TEST_F(AgainstCvode, SizesAndDaysAtTheDefaultTolerance) {
  const Comparison all = compare({});
  RecordProperty("largest_difference", std::to_string(all.largest));
  EXPECT_GT(all.sizes, 1000);
  EXPECT_LT(all.largest, 1e-3);
  EXPECT_LE(static_cast<double>(all.different), 0.001 * static_cast<double>(all.days)) << all.different << " of " << all.days;
}

}  // namespace
}  // namespace coley
