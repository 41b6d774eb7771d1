// SPDX-License-Identifier: Apache-2.0
// Whether every instruction set of this processor gives the same patients and the same days.
//
//   instruction_sets_check [patients] [threads]
//
// Enrols `patients` (default 100,000) of keynote-564 by each instruction set, screening included, and follows them on their
// two arms. Exits 1 if a bit of a state at randomisation, or a day of an outcome, differs from the scalar path's.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include "biology/integrate.hpp"
#include "core/chunks.hpp"
#include "course/course.hpp"
#include "population/enrolment.hpp"
#include "trial/design.hpp"

namespace coley {
namespace {

constexpr std::uint64_t kTrial = 1000;  // patients

struct Agreement {
  long long patients = 0, outcomes = 0, bits = 0, days = 0;  ///< the last two: that differ
  Agreement& operator+=(const Agreement& other) {
    patients += other.patients;
    outcomes += other.outcomes;
    bits += other.bits;
    days += other.days;
    return *this;
  }
};

struct Trial {
  std::vector<Patient> patients;
  std::vector<Outcome> outcomes;
};

Trial simulate(const Design& design, std::uint64_t number, biology::InstructionSet set) {
  const biology::Integrate with = [set](const biology::Constants& constants, const solver::Tolerance& tolerance, solver::BatchClient& client) {
    return biology::integrate_with(set, constants, tolerance, client);
  };
  Trial trial{enrol(design.protocol().population, design.setting.disease, {20261122, number}, kTrial, {}, with).patients, {}};
  std::vector<PatientOnArm> courses;
  for (const Patient& patient : trial.patients) {
    for (int arm = 0; arm < 2; ++arm) courses.push_back({&patient, arm, static_cast<int>(design.longest_follow_up)});
  }
  trial.outcomes = run_courses(design.setting, courses, {}, {}, with).outcomes;
  return trial;
}

bool same_bits(const Patient& a, const Patient& b) {
  const auto same = [](double x, double y) { return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y); };
  return std::equal(a.states.begin(), a.states.end(), b.states.begin(), same) && std::equal(a.inputs.begin(), a.inputs.end(), b.inputs.begin(), same);
}

Agreement compare(const Trial& a, const Trial& b) {
  Agreement found{.patients = static_cast<long long>(a.patients.size()), .outcomes = static_cast<long long>(a.outcomes.size())};
  for (std::size_t i = 0; i < a.patients.size(); ++i) found.bits += !same_bits(a.patients[i], b.patients[i]);
  for (std::size_t i = 0; i < a.outcomes.size(); ++i) found.days += !(a.outcomes[i] == b.outcomes[i]);
  return found;
}

int check(std::uint64_t patients, int threads) {
  const Design design = make_design(read_trial("keynote-564"));
  const std::vector<biology::InstructionSet> sets = biology::supported();
  std::vector<Agreement> found(sets.size());
  std::mutex lock;
  in_chunks((patients + kTrial - 1) / kTrial, 1, threads, [&]() -> Worker {
    return [&](std::size_t begin, std::size_t end) {
      for (std::size_t number = begin; number < end; ++number) {
        const Trial plain = simulate(design, number, sets.front());
        for (std::size_t s = 1; s < sets.size(); ++s) {
          const Agreement one = compare(plain, simulate(design, number, sets[s]));
          const std::lock_guard guard(lock);
          found[s] += one;
        }
      }
    };
  }, {});
  bool agree = true;
  for (std::size_t s = 1; s < sets.size(); ++s) {
    const Agreement& a = found[s];
    fmt::print("{} against scalar: of {} patients {} differ in a bit at randomisation, of {} outcomes {} in a day or more\n", biology::to_string(sets[s]), a.patients, a.bits, a.outcomes, a.days);
    agree = agree && a.bits == 0 && a.days == 0;
  }
  return agree ? 0 : 1;
}

}  // namespace
}  // namespace coley

int main(int count, char** words) {
  const long patients = count > 1 ? std::atol(words[1]) : 100000;
  const int threads = count > 2 ? std::atoi(words[2]) : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  return coley::check(static_cast<std::uint64_t>(std::max(1L, patients)), std::max(1, threads));
}
