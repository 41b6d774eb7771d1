// SPDX-License-Identifier: Apache-2.0
// Whether every instruction set of this processor gives the same patients and the same days.
//
//   instruction_sets_check [patients] [threads]
//
// Enrols `patients` (default 100,000) of keynote-564 by each instruction set, screening included, and follows them on their
// two arms. With fused multiply-add (AVX2, AVX-512) and without (SSE4, scalar) the bits must be the same within each family;
// between the two, states at randomisation are compared and every day of every outcome. Exits 1 if bits differ within a family,
// or if the days of more than one outcome in a hundred thousand differ between them.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
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
  double log_cells = 0;                                      ///< largest difference at randomisation
  Agreement& operator+=(const Agreement& other) {
    patients += other.patients;
    outcomes += other.outcomes;
    bits += other.bits;
    days += other.days;
    log_cells = std::max(log_cells, other.log_cells);
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

bool fused(biology::InstructionSet set) { return set == biology::InstructionSet::avx2 || set == biology::InstructionSet::avx512; }

bool same_bits(const Patient& a, const Patient& b) {
  const auto same = [](double x, double y) { return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y); };
  return std::equal(a.states.begin(), a.states.end(), b.states.begin(), same) && std::equal(a.inputs.begin(), a.inputs.end(), b.inputs.begin(), same);
}

Agreement compare(const Trial& a, const Trial& b, bool to_the_bit) {
  Agreement found{.patients = static_cast<long long>(a.patients.size()), .outcomes = static_cast<long long>(a.outcomes.size())};
  for (std::size_t i = 0; i < a.patients.size(); ++i) {
    found.bits += to_the_bit && !same_bits(a.patients[i], b.patients[i]);
    for (int slot = 0; slot < biology::kLesions; ++slot) {
      const auto x = static_cast<std::size_t>(biology::State::x + slot);
      found.log_cells = std::max(found.log_cells, std::abs(a.patients[i].states[x] - b.patients[i].states[x]));
    }
  }
  for (std::size_t i = 0; i < a.outcomes.size(); ++i) found.days += !(a.outcomes[i] == b.outcomes[i]);
  return found;
}

int check(std::uint64_t patients, int threads) {
  const Design design = make_design(read_trial("keynote-564"));
  const std::vector<biology::InstructionSet> sets = biology::supported();
  std::vector<Agreement> found(sets.size());  // of each with the first of its family, of the first of a family with the scalar
  std::mutex lock;
  in_chunks((patients + kTrial - 1) / kTrial, 1, threads, [&]() -> Worker {
    return [&](std::size_t begin, std::size_t end) {
      for (std::size_t number = begin; number < end; ++number) {
        const Trial plain = simulate(design, number, sets.front());
        Trial first_fused;
        for (std::size_t s = 1; s < sets.size(); ++s) {
          Trial trial = simulate(design, number, sets[s]);
          const bool in_family = !fused(sets[s]) || !first_fused.patients.empty();
          const Agreement one = compare(fused(sets[s]) && in_family ? first_fused : plain, trial, in_family);
          if (fused(sets[s]) && !in_family) first_fused = std::move(trial);
          const std::lock_guard guard(lock);
          found[s] += one;
        }
      }
    };
  }, {});
  bool agree = true, met_fused = false;
  for (std::size_t s = 1; s < sets.size(); ++s) {
    const bool in_family = !fused(sets[s]) || met_fused;
    const Agreement& a = found[s];
    fmt::print("{} against {}: {} patients on two arms, {} differ in bits at randomisation, {} of {} outcomes in a day or more; largest difference of log cells {:.2g}\n",
               biology::to_string(sets[s]), fused(sets[s]) && in_family ? "avx2" : "scalar", a.patients, in_family ? std::to_string(a.bits) : "(not compared)", a.days, a.outcomes, a.log_cells);
    agree = agree && a.bits == 0 && (in_family ? a.days == 0 : static_cast<double>(a.days) <= 1e-5 * static_cast<double>(a.outcomes));
    met_fused = met_fused || fused(sets[s]);
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
