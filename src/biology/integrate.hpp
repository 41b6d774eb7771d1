// SPDX-License-Identifier: Apache-2.0
#pragma once
// The patient model in the batch integrator, compiled once for each instruction set and chosen as the program starts.

#include <functional>
#include <string>
#include <vector>

#include "biology/tumour_immune.hpp"
#include "solver/batch_client.hpp"

namespace coley::biology {

enum class InstructionSet { scalar, sse4, avx2, avx512 };

/// What this processor can run, best last.
std::vector<InstructionSet> supported();
std::string to_string(InstructionSet set);
/// Patients side by side.
int lanes(InstructionSet set);

/// Integrates every patient that the client supplies with the best instruction set.
solver::Work integrate(const Constants& constants, const solver::Tolerance& tolerance, solver::BatchClient& client);
/// What may stand in its place: another instruction set, or the reference integrator of the tests.
using Integrate = std::function<solver::Work(const Constants&, const solver::Tolerance&, solver::BatchClient&)>;

/// The same with one of supported(); every one gives the same bits.
solver::Work integrate_with(InstructionSet set, const Constants& constants, const solver::Tolerance& tolerance,
                            solver::BatchClient& client);

}  // namespace coley::biology
