// SPDX-License-Identifier: Apache-2.0
#include "treatment/antibody.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

namespace coley::treatment {
namespace {

const TwoCompartment kPembrolizumab{.clearance = 0.22, .v1 = 3.48, .q = 0.795, .v2 = 4.06};

/// Concentration `tau` days after one dose into an empty body, by the textbook formula.
double after_one_dose(const TwoCompartment& k, double mg, double tau) {
  const double k10 = k.clearance / k.v1, k12 = k.q / k.v1, k21 = k.q / k.v2;
  const double sum = k10 + k12 + k21, root = std::sqrt(sum * sum - 4 * k10 * k21);
  const double alpha = (sum + root) / 2, beta = (sum - root) / 2;
  return mg / k.v1 * ((alpha - k21) * std::exp(-alpha * tau) + (k21 - beta) * std::exp(-beta * tau)) / (alpha - beta);
}

Antibody empty_body(const TwoCompartment& kinetics) {
  Antibody drug;
  drug.set(disposition(kinetics));
  return drug;
}

double level(const Antibody& drug) { return drug.concentration().fast + drug.concentration().slow; }

TwoCompartment any_kinetics() {
  const auto within = [](double low, double high) { return low + (high - low) * *rc::gen::inRange(0, 10001) / 10000.0; };
  return {within(0.05, 2), within(1, 10), within(0.05, 3), within(0.5, 10)};
}

TEST(Antibody, PublishedPembrolizumab) {
  // an independent integration of the two compartments
  const std::vector<std::pair<double, double>> expected{{1, 43.927438}, {21, 12.732804}, {60, 4.463186}};
  for (const auto& [day, concentration] : expected) {
    Antibody drug = empty_body(kPembrolizumab);
    drug.dose(200);
    drug.wait(day);
    EXPECT_NEAR(level(drug), concentration, 1e-6) << day;
  }
  const Disposition d = disposition(kPembrolizumab);
  EXPECT_NEAR(std::log(2) / d.beta, 25.8, 0.05);
}

TEST(Antibody, NothingLeavesBeforeTimePasses) {
  Antibody drug = empty_body(kPembrolizumab);
  drug.dose(200);
  EXPECT_DOUBLE_EQ(level(drug), 200 / kPembrolizumab.v1);
  drug.wait(0);
  EXPECT_EQ(drug.central_mg(), 200);
  EXPECT_EQ(drug.peripheral_mg(), 0);
}

RC_GTEST_PROP(Antibody, AreaIsDoseOverClearance, ()) {
  const TwoCompartment kinetics = any_kinetics();
  Antibody drug = empty_body(kinetics);
  drug.dose(200);
  const Concentration c = drug.concentration();
  const Disposition d = drug.rates();
  const double area = c.fast / d.alpha + c.slow / d.beta;
  RC_ASSERT(d.alpha > d.beta && d.beta > 0);
  RC_ASSERT(std::fabs(area * kinetics.clearance / 200 - 1) < 1e-10);
}

RC_GTEST_PROP(Antibody, SeventeenDosesSuperpose, ()) {
  const TwoCompartment kinetics = any_kinetics();
  const double every = *rc::gen::inRange(7, 43);
  Antibody drug = empty_body(kinetics);
  for (int dose = 0; dose < 17; ++dose) {
    if (dose > 0) drug.wait(every);
    drug.dose(200);
  }
  for (double day : {0.0, 0.5, 1.0, 21.0, 100.0}) {
    double sum = 0;
    for (int dose = 0; dose < 17; ++dose) sum += after_one_dose(kinetics, 200, day + every * dose);
    const Concentration c = drug.concentration();
    const double closed = c.fast * std::exp(-drug.rates().alpha * day) + c.slow * std::exp(-drug.rates().beta * day);
    RC_ASSERT(std::fabs(closed - sum) < 1e-9 * sum + 1e-12);
  }
}

RC_GTEST_PROP(Antibody, WaitingInPiecesIsWaitingAtOnce, ()) {
  const TwoCompartment kinetics = any_kinetics();
  Antibody once = empty_body(kinetics), pieces = empty_body(kinetics);
  once.dose(100);
  pieces.dose(100);
  double total = 0;
  for (int i = 0; i < 10; ++i) {
    const double days = *rc::gen::inRange(0, 1000) / 50.0;
    pieces.wait(days);
    total += days;
  }
  once.wait(total);
  RC_ASSERT(std::fabs(level(once) - level(pieces)) < 1e-10 * level(once) + 1e-14);
  RC_ASSERT(std::fabs(once.peripheral_mg() - pieces.peripheral_mg()) < 1e-10 * once.peripheral_mg() + 1e-14);
}

RC_GTEST_PROP(Antibody, LinearInDose, (unsigned short tenfold)) {
  const TwoCompartment kinetics = any_kinetics();
  const double factor = 0.1 * tenfold;
  Antibody one = empty_body(kinetics), many = empty_body(kinetics);
  for (int dose = 0; dose < 4; ++dose) {
    one.dose(1);
    many.dose(factor);
    one.wait(21);
    many.wait(21);
  }
  RC_ASSERT(std::fabs(level(many) - factor * level(one)) <= 1e-12 * factor);
}

TEST(Antibody, ChangedClearanceKeepsTheAmounts) {
  Antibody drug = empty_body(kPembrolizumab);
  drug.dose(200);
  drug.wait(10);
  const double central = drug.central_mg(), peripheral = drug.peripheral_mg();
  TwoCompartment faster = kPembrolizumab;
  faster.clearance *= 2;
  drug.set(disposition(faster));
  EXPECT_EQ(drug.central_mg(), central);
  EXPECT_EQ(drug.peripheral_mg(), peripheral);
  // what is left in the body leaves by clearance alone
  const Concentration c = drug.concentration();
  const double area = c.fast / drug.rates().alpha + c.slow / drug.rates().beta;
  EXPECT_NEAR(area * faster.clearance, central + peripheral, 1e-9);
}

TEST(ClearanceFactor, RisesFromOneToItsLimit) {
  EXPECT_EQ(clearance_factor(0, -0.3, 60, 2), 1);
  EXPECT_EQ(clearance_factor(500, 0, 60, 2), 1);
  EXPECT_DOUBLE_EQ(clearance_factor(60, -0.3, 60, 2), std::exp(-0.15));
  EXPECT_NEAR(clearance_factor(1e9, -0.3, 60, 2), std::exp(-0.3), 1e-12);
  EXPECT_DOUBLE_EQ(clearance_factor(30, 0.5, 60, 1), std::exp(0.5 * 30 / 90));
  double before = 1;
  for (double day = 1; day < 1000; day *= 1.5) {
    const double factor = clearance_factor(day, -0.3, 60, 2.5);
    EXPECT_LT(factor, before);
    before = factor;
  }
}

}  // namespace
}  // namespace coley::treatment
