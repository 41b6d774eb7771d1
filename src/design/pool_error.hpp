// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the finite size of a pool does to the power read from it. All replicates share the pool, so its own chance does not
// average out over them. How far the mean of the statistics moves from one part of the pool to another is measured on
// disjoint blocks; the trials simulated are then judged again with their statistics moved by that much, up and down.

#include "design/characteristics.hpp"
#include "design/pool.hpp"

namespace coley::design {

/// Standard error, from the pool, of the mean statistic [test][look] of trials drawn from the whole of it.
std::vector<std::vector<double>> pool_shift(const Plan& plan, const SimulatedPool& pool, std::uint64_t seed, int threads);

/// Half the difference between the powers with all statistics moved by `shift` (one a look) up and down. The table must hold
/// every look.
double power_error(const Plan& plan, const TrialTable& table, std::size_t test, const std::vector<double>& shift);

}  // namespace coley::design
