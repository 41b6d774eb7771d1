// SPDX-License-Identifier: Apache-2.0
#include "treatment/drug_action.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"

namespace coley::treatment {

namespace {

double value(const std::optional<Sourced>& number, double otherwise) { return number ? number->value : otherwise; }

void resolve_antibody(const Drug& drug, DrugAction& action) {
  if (!drug.two_compartment_iv) {
    throw InputError(Fault{.file = "drugs/" + drug.name + ".toml", .key = "pharmacokinetics", .found = "no two-compartment kinetics",
                           .expected = "two_compartment_iv for an antibody"});
  }
  const TwoCompartmentIv& pk = *drug.two_compartment_iv;
  action.kinetics = {pk.clearance_l_per_day, pk.v1_l, pk.q_l_per_day, pk.v2_l};
  action.clearance_sd = std::sqrt(pk.omega2_clearance);
  action.volume_sd = std::sqrt(pk.omega2_volume);
  if (const auto& varying = pk.time_varying) {
    action.emax = varying->emax;
    action.t50 = varying->t50_days;
    action.hill = varying->hill;
  }
}

OneCompartmentKinetics resolve_kinetics(const OneCompartment& pk) {
  OneCompartmentKinetics kinetics{value(pk.ka_per_h, 0), pk.cl_l_per_h, pk.v_l, value(pk.mg_per_miu, 0)};
  if (pk.metabolite) {
    kinetics.metabolite_fraction = pk.metabolite->fraction;
    kinetics.metabolite_clearance = pk.metabolite->cl_l_per_h;
    kinetics.metabolite_volume = value(pk.metabolite->v_l, 0);
  }
  return kinetics;
}

InterleukinKinetics resolve_kinetics(const Il2Kinetics& pk) {
  return {kLn2 / pk.fast_half_life_h, kLn2 / pk.slow_half_life_h, pk.slow_share, pk.v1_l, pk.ka_per_h, pk.bioavailability_sc,
          pk.nmol_per_miu, pk.effector_nmol_per_l, pk.regulatory_nmol_per_l};
}

/// Sum of exponentials under construction: equal rates are one term.
struct Terms {
  double amplitude[3] = {}, rate[3] = {};
  int count = 0;
  void add(double a, double r) {
    for (int i = 0; i < count; ++i) {
      if (rate[i] == r) {
        amplitude[i] += a;
        return;
      }
    }
    amplitude[count] = a;
    rate[count++] = r;
  }
  /// What a first-order process of rate `r` makes of the sum, scaled.
  void pass_on(const Terms& source, double scale, double r) {
    for (int i = 0; i < source.count; ++i) {
      const double a = scale * source.amplitude[i] / (r - source.rate[i]);
      add(a, source.rate[i]);
      add(-a, r);
    }
  }
};

/// The closed forms have no value at equal rates; their limit is met by rates a little apart.
double apart(double rate, double other) { return std::fabs(rate / other - 1) < 1e-4 ? other * (1 + 1e-4) : rate; }

}  // namespace

DrugAction resolve(const Drug& drug) {
  DrugAction action;
  action.drug_class = drug.drug_class;
  switch (drug.drug_class) {
    case DrugClass::placebo: return action;
    case DrugClass::pd1:
    case DrugClass::pdl1: action.kind = DrugAction::Kind::pd1; break;
    case DrugClass::ctla4: action.kind = DrugAction::Kind::ctla4; break;
    default: action.kind = DrugAction::Kind::taken; break;
  }
  if (action.kind != DrugAction::Kind::taken) resolve_antibody(drug, action);
  if (const auto& pk = drug.one_compartment) {
    action.one_compartment = resolve_kinetics(*pk);
    action.clearance_sd = std::sqrt(pk->omega2_clearance);
  }
  if (const auto& pk = drug.il2) {
    action.interleukin = resolve_kinetics(*pk);
    action.clearance_sd = std::sqrt(pk->omega2_clearance);
  }
  if (const auto& h = drug.hypotension) action.leak = LeakModel{h->half_nmol_per_l, h->hill, kLn2 / h->half_life_h, h->limit_h, h->limit_sd};
  action.ec50 = value(drug.effect.ec50_mg_per_l, 1.0);
  action.limit = value(drug.effect.occupancy_factor, 1.0);
  action.kill = value(drug.effect.kill_per_day, 0.0);
  action.capacity_loss = value(drug.effect.capacity_loss, 0.0);
  action.growth = value(drug.effect.growth_factor, 1.0);
  action.interferon = value(drug.effect.interferon, 0.0);
  action.resisted = action.kill > 0 || action.capacity_loss > 0;
  action.resistance_gain = value(drug.effect.resistance_gain_per_day, -1.0);
  action.cross_resistance = value(drug.effect.cross_resistance, 0.0);
  action.toxicity = drug.toxicity.grade3plus_per_day;
  action.toxicity_power = value(drug.toxicity.exposure_power, 0.0);
  action.stop_share = drug.toxicity.stop_share;
  action.fatal_share = drug.toxicity.fatal_share;
  return action;
}

ConcentrationCurve curve(const OneCompartmentKinetics& kinetics, double mg, double clearance) {
  const double k = kinetics.clearance * clearance / kinetics.volume;
  Terms drug;
  drug.add(mg / kinetics.volume, k);
  if (kinetics.ka > 0) {
    const double ka = apart(kinetics.ka, k), a = mg / kinetics.volume * ka / (ka - k);
    drug = {};
    drug.add(a, k);
    drug.add(-a, ka);
  }
  Terms all = drug;
  if (kinetics.metabolite_volume > 0) {
    const double km = kinetics.metabolite_clearance * clearance / kinetics.metabolite_volume;
    all.pass_on(drug, kinetics.metabolite_fraction * kinetics.clearance * clearance / kinetics.metabolite_volume, apart(apart(km, k), kinetics.ka));
  } else if (kinetics.metabolite_fraction > 0) {
    const double more = 1 + kinetics.metabolite_fraction * kinetics.clearance / kinetics.metabolite_clearance;
    for (double& a : all.amplitude) a *= more;
  }
  ConcentrationCurve result;
  for (int i = 0; i < all.count; ++i) result.add(all.amplitude[i], all.rate[i]);
  return result;
}

ConcentrationCurve curve(const InterleukinKinetics& kinetics, double nmol, Route route, double clearance) {
  Terms vein;
  vein.add(nmol / kinetics.volume * (1 - kinetics.slow_share), kinetics.fast * clearance);
  vein.add(nmol / kinetics.volume * kinetics.slow_share, kinetics.slow * clearance);
  Terms all = vein;
  if (route == Route::sc) {
    all = {};
    const double ka = apart(apart(kinetics.ka, vein.rate[0]), vein.rate[1]);
    all.pass_on(vein, kinetics.bioavailability * ka, ka);
  }
  ConcentrationCurve result;
  for (int i = 0; i < all.count; ++i) result.add(all.amplitude[i], all.rate[i]);
  return result;
}

}  // namespace coley::treatment
