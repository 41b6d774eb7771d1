// SPDX-License-Identifier: Apache-2.0
// Compiled once for each instruction set with COLEY_SET and COLEY_REAL defined (src/biology/CMakeLists.txt). Includes
// nothing but templates over the lane type, so that no function of the standard library is compiled for a processor that
// the program may not run on.
#include "biology/tumour_immune.hpp"
#include "solver/rosenbrock.hpp"

namespace coley::biology {

solver::Work COLEY_SET(const Constants& constants, const solver::Tolerance& tolerance, solver::BatchClient& client) {
  const TumourImmune model(constants);
  solver::Rosenbrock<TumourImmune, COLEY_REAL> integrator(model, tolerance);
  return integrator.integrate(client);
}

}  // namespace coley::biology
