// SPDX-License-Identifier: Apache-2.0
#include "treatment/exposure.hpp"

#include <cmath>

#include "core/error.hpp"

namespace coley::treatment {

Body body(double weight_kg, bool male) { return {weight_kg, std::sqrt((male ? 175.0 : 162.0) * weight_kg / 3600.0)}; }

bool in_units(const std::string& unit) { return unit == "MIU" || unit == "MIU/m2" || unit == "kIU/kg"; }

double amount(double dose, const std::string& unit, const Body& body) {
  if (unit == "mg/kg") return dose * body.weight_kg;
  if (unit == "mg/m2" || unit == "MIU/m2") return dose * body.surface_m2;
  if (unit == "kIU/kg") return dose * body.weight_kg * 1e-3;
  return dose;
}

namespace {

double milligrams(const OneCompartmentKinetics& kinetics, double amount, bool units) { return units ? amount * kinetics.mg_per_miu : amount; }

Exposure of_interleukin(const DrugAction& action, double amount, Route route, double every_days, double clearance) {
  const InterleukinKinetics& pk = *action.interleukin;
  const double nmol = amount * pk.nmol_per_miu, hours = 24 * every_days;
  const ConcentrationCurve dose = curve(pk, nmol, route, clearance);
  const ConcentrationCurve steady = dose.repeated(hours);
  const bool even = route == Route::civ;  // the same area, without peak or trough
  const auto mean = [&](auto f) { return even ? f(dose.area() / hours) : steady.mean(hours, f); };
  Exposure e;
  e.u_E = mean([&](double c) { return c / (c + pk.effector); });
  e.u_R = mean([&](double c) { return c / (c + pk.regulatory); });
  e.effect = e.u_E;
  if (action.leak) {
    const LeakModel& leak = *action.leak;
    e.leak = hours * mean([&](double c) {
      const double power = std::pow(c / leak.half, leak.hill);
      return power / (1 + power);
    });
  }
  return e;
}

}  // namespace

Exposure exposure(const DrugAction& action, double amount, bool units, Route route, double every_days, double clearance) {
  Exposure e;
  double relative = 1;  // concentration over EC50
  if (action.interleukin) {
    e = of_interleukin(action, amount, route, every_days, clearance);
  } else if (action.one_compartment) {
    const double mg = milligrams(*action.one_compartment, amount, units);
    relative = curve(*action.one_compartment, mg, clearance).area() / (24 * every_days) / action.ec50;
    e.effect = relative / (relative + 1);
  }
  e.toxicity = action.toxicity * (action.toxicity_power > 0 ? std::pow(relative, action.toxicity_power) : e.effect);
  return e;
}

namespace {

double measured(const std::string& measure, const ConcentrationCurve& curve, double hours) {
  if (measure == "peak") return curve.peak(hours);
  if (measure == "trough") return curve.at(hours);
  const double mean = curve.mean(hours, [](double c) { return c; });
  return measure == "mean" ? mean : mean * hours;
}

/// By carrying the amounts from dose to dose, as the course does.
double of_antibody(const DrugAction& action, const PublishedExposure& row, double mg) {
  const double until = row.after_days >= 0 ? row.after_days : 730;
  Antibody drug;
  double day = 0, area = 0;
  for (;; day += row.every_days) {
    TwoCompartment kinetics = action.kinetics;
    kinetics.clearance *= clearance_factor(day, action.emax, action.t50, action.hill);
    drug.set(disposition(kinetics));
    drug.dose(mg);
    const Concentration c = drug.concentration();
    if (row.measure == "peak" && day + row.every_days > until) return c.fast + c.slow;
    area = c.fast / drug.rates().alpha * -std::expm1(-drug.rates().alpha * row.every_days) +
           c.slow / drug.rates().beta * -std::expm1(-drug.rates().beta * row.every_days);
    if (row.measure == "trough" && row.after_days >= 0 && day + row.every_days >= until) {
      drug.wait(until - day);
      break;
    }
    drug.wait(row.every_days);
    if (day + row.every_days > until) break;
  }
  if (row.measure == "trough") return drug.concentration().fast + drug.concentration().slow;
  return row.measure == "mean" ? area / row.every_days : 24 * area;
}

}  // namespace

double simulate(const Drug& drug, const PublishedExposure& row) {
  const DrugAction action = resolve(drug);
  const double given = amount(row.dose, row.unit, Body{}), hours = 24 * row.every_days;
  if (action.kind == DrugAction::Kind::pd1 || action.kind == DrugAction::Kind::ctla4) return of_antibody(action, row, given);
  ConcentrationCurve dose;
  double scale = 1;
  if (action.one_compartment) {
    dose = curve(*action.one_compartment, milligrams(*action.one_compartment, given, in_units(row.unit)), 1);
  } else if (action.interleukin) {
    dose = curve(*action.interleukin, given * action.interleukin->nmol_per_miu, row.route, 1);
    scale = 1e3 / action.interleukin->nmol_per_miu;  // nmol/L to IU/mL
    if (row.route == Route::civ) return scale * dose.area() / (row.measure == "area" ? 1 : hours);
  } else {
    throw InputError(Fault{.file = "drugs/" + drug.name + ".toml", .key = "published", .found = "a published concentration",
                           .expected = "kinetics to simulate it, or no such row"});
  }
  return scale * measured(row.measure, row.after_days >= 0 ? dose : dose.repeated(hours), row.after_days > 0 ? 24 * row.after_days : hours);
}

}  // namespace coley::treatment
