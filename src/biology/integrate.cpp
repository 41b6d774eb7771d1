// SPDX-License-Identifier: Apache-2.0
#include "biology/integrate.hpp"

#include "core/error.hpp"

namespace coley::biology {

// One a translation unit, each compiled for its instruction set: integrate_lanes.cpp.
solver::Work integrate_scalar(const Constants&, const solver::Tolerance&, solver::BatchClient&);
solver::Work integrate_sse4(const Constants&, const solver::Tolerance&, solver::BatchClient&);
solver::Work integrate_avx2(const Constants&, const solver::Tolerance&, solver::BatchClient&);
solver::Work integrate_avx512(const Constants&, const solver::Tolerance&, solver::BatchClient&);

std::vector<InstructionSet> supported() {
  std::vector<InstructionSet> sets{InstructionSet::scalar};
  if (__builtin_cpu_supports("sse4.2")) sets.push_back(InstructionSet::sse4);
  if (__builtin_cpu_supports("avx2")) sets.push_back(InstructionSet::avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    sets.push_back(InstructionSet::avx512);
  }
  return sets;
}

std::string to_string(InstructionSet set) {
  switch (set) {
    case InstructionSet::scalar: return "scalar";
    case InstructionSet::sse4: return "sse4";
    case InstructionSet::avx2: return "avx2";
    case InstructionSet::avx512: return "avx512";
  }
  bug("an instruction set of no kind");
}

int lanes(InstructionSet set) {
  switch (set) {
    case InstructionSet::scalar: return 1;
    case InstructionSet::sse4: return 4;
    case InstructionSet::avx2: return 8;
    case InstructionSet::avx512: return 16;
  }
  bug("an instruction set of no kind");
}

solver::Work integrate(const Constants& constants, const solver::Tolerance& tolerance, solver::BatchClient& client) {
  static const InstructionSet best = supported().back();
  return integrate_with(best, constants, tolerance, client);
}

solver::Work integrate_with(InstructionSet set, const Constants& constants, const solver::Tolerance& tolerance,
                            solver::BatchClient& client) {
  switch (set) {
    case InstructionSet::scalar: return integrate_scalar(constants, tolerance, client);
    case InstructionSet::sse4: return integrate_sse4(constants, tolerance, client);
    case InstructionSet::avx2: return integrate_avx2(constants, tolerance, client);
    case InstructionSet::avx512: return integrate_avx512(constants, tolerance, client);
  }
  bug("an instruction set of no kind");
}

}  // namespace coley::biology
