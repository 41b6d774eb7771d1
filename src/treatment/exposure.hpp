// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a dose, given again and again, comes to in one patient: the constants that the equations read while a drug is taken.
// Build-up and wash-out, of hours to days, are left out; the area under the effect is kept.

#include <string>

#include "treatment/drug_action.hpp"

namespace coley::treatment {

/// What doses are scaled by.
struct Body {
  double weight_kg = 80;
  double surface_m2 = 1.95;
};

/// Body surface after Mosteller (N Engl J Med 317:1098, 1987) at a height of 175 cm in men and 162 cm in women (assumed).
Body body(double weight_kg, bool male);

/// True for doses in international units.
bool in_units(const std::string& unit);

/// Amount of one dose in mg or MIU. `unit` is one of dose_units().
double amount(double dose, const std::string& unit, const Body& body);

struct Exposure {
  double effect = 1;     ///< 0 to 1, on kill, capacity, growth and u_F
  double u_E = 0;        ///< occupancy of effector and regulatory receptors by interleukin-2, time average
  double u_R = 0;
  double leak = 0;       ///< hours of full leak that one dose adds
  double toxicity = 0;   ///< hazard of a grade 3+ event, 1/d
};

/// Exposure in steady state to `amount` mg (or MIU when `units`) every `every_days`; `clearance` is the patient's factor.
Exposure exposure(const DrugAction& action, double amount, bool units, Route route, double every_days, double clearance);

/// The simulated counterpart of a published concentration in a patient of median kinetics, in the unit of the row. Drugs that
/// have no kinetics throw InputError.
double simulate(const Drug& drug, const PublishedExposure& row);

}  // namespace coley::treatment
