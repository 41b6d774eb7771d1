// SPDX-License-Identifier: Apache-2.0
#include "design/small_model.hpp"

#include <algorithm>
#include <array>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/dense_output_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>

#include "core/units.hpp"
#include "core/chunks.hpp"
#include "core/error.hpp"

namespace coley::design {

namespace {

using State = std::array<double, 4>;  // T, I, S, N
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kAlpha = 0.0025, kDelta = 0.019, kXi = 0.001, kG = 1e7, kH = 571;  // 1/d, 1/d, 1/d, cells, cells
constexpr double kLongest = 3650;       // days after the first cell
constexpr double kSpreadOfSizes = 0.25; // standard deviation of log10 cells at diagnosis and at death
constexpr std::uint64_t kDrawSmallModel = std::uint64_t{202} << 56;

struct Rates {
  double growth, killing;
  void operator()(const State& x, State& dx, double) const {
    const double T = x[0], I = x[1], S = x[2], N = x[3];
    if (T < 1) {
      dx = {};
      return;
    }
    const double signal = T / (kG + T), primed = kAlpha * signal * N;
    dx[0] = growth * std::pow(T, 0.75) - killing * kXi * I * T / (1 + I / kH + T / kH);
    dx[1] = S - kDelta * I;
    dx[2] = primed + signal * S - S;
    dx[3] = -primed;
  }
};

/// Goes on from (x, t) until the tumour has `size` cells, is gone, or it is `end`; leaves x and t there.
/// True when the size was reached.
bool grow(const Rates& rates, double size, double end, State& x, double& t) {
  namespace odeint = boost::numeric::odeint;
  auto stepper = odeint::make_dense_output(1e-6, 1e-6, odeint::runge_kutta_dopri5<State>());
  stepper.initialize(x, t, 0.01);
  while (stepper.current_time() < end && stepper.current_state()[0] >= 1) {
    const auto [from, to] = stepper.do_step(rates);
    double low = from, high = std::min(to, end);
    stepper.calc_state(high, x);
    if (x[0] >= size) {
      while (high - low > 1e-6) {
        const double middle = 0.5 * (low + high);
        stepper.calc_state(middle, x);
        (x[0] >= size ? high : low) = middle;
      }
      t = high;
      return true;
    }
  }
  t = std::min(end, stepper.current_time());
  stepper.calc_state(t, x);
  return false;
}

}  // namespace

double survival_days(const SmallModelPatient& patient, const SmallModelArm& arm) {
  State x{1, 0, 0, 1e6};
  double t = 0;
  if (!grow({patient.growth, 1}, patient.diagnosed_at, kLongest, x, t)) return kInfinity;
  const double diagnosed = t, dead_at = std::max(patient.dead_at, patient.diagnosed_at);
  if (x[0] >= dead_at) return 0;
  const double chemotherapy_ends = std::min(kLongest, diagnosed + arm.growth_factor_months * kDaysPerMonth);
  if (grow({patient.growth * arm.growth_factor, arm.killing_factor}, dead_at, chemotherapy_ends, x, t)) return t - diagnosed;
  if (grow({patient.growth, arm.killing_factor}, dead_at, kLongest, x, t)) return t - diagnosed;
  return kInfinity;
}

namespace {

/// The first patient screened for this place who would die untreated: on control and on treatment.
void simulate_place(const SmallModel& model, DrawKey key, std::uint64_t place, std::int32_t follow_up, Fate* fates) {
  Stream stream(key, place, kDrawSmallModel);
  const auto fate = [&](double days) {
    const bool seen = days <= follow_up;
    return Fate{seen ? static_cast<std::int32_t>(std::ceil(days)) : follow_up, static_cast<std::uint8_t>(seen ? 1 : 0)};
  };
  constexpr int kMostScreened = 100'000;
  for (int screened = 0; screened < kMostScreened; ++screened) {
    SmallModelPatient patient;
    patient.growth = std::exp(model.growth_log_mean + model.growth_log_sd * stream.normal());
    patient.diagnosed_at = std::pow(10, std::log10(65e8) + kSpreadOfSizes * (stream.normal() - 2));
    patient.dead_at = std::pow(10, std::log10(1e12) + kSpreadOfSizes * (stream.normal() - 2));
    if (!std::isfinite(survival_days(patient, {}))) continue;
    fates[0] = fate(survival_days(patient, model.control));
    fates[1] = fate(survival_days(patient, model.experimental));
    return;
  }
  throw RunError(fmt::format("nobody of {} patients dies of the disease within ten years: model.growth_log_mean is too low", kMostScreened));
}

}  // namespace

SimulatedPool simulate_small_model(const Plan& plan, const PoolOptions& options) {
  const auto size = static_cast<std::size_t>(plan.pool.patients);
  const auto follow_up = static_cast<std::int32_t>(plan.pool.months * kDaysPerMonth);
  SimulatedPool pool;
  pool.fates.resize(2 * size);
  pool.stratum.resize(size);
  pool.in_subgroup.resize(size);
  pool.endpoint_names = {"OS"};
  pool.arm_labels = {plan.model->control.label, plan.model->experimental.label};
  pool.seen_until.assign(1, std::vector<std::int32_t>(static_cast<std::size_t>(follow_up) + 1));
  std::iota(pool.seen_until[0].begin(), pool.seen_until[0].end(), 0);
  const auto worker = [&]() -> Worker {
    return [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) simulate_place(*plan.model, {options.seed, 0}, i, follow_up, &pool.fates[2 * i]);
    };
  };
  in_chunks(size, 100, options.threads, worker, options.progress);
  return pool;
}

}  // namespace coley::design
