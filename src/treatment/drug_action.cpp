// SPDX-License-Identifier: Apache-2.0
#include "treatment/drug_action.hpp"

#include "core/error.hpp"
#include "protocol/drug.hpp"

namespace coley::treatment {

namespace {
TwoCompartment kinetics(const Drug& drug) {
  if (!drug.two_compartment_iv) {
    throw InputError(Fault{.file = "drugs/" + drug.name + ".toml", .key = "pharmacokinetics", .found = "no two-compartment kinetics",
                           .expected = "two_compartment_iv for an antibody"});
  }
  const TwoCompartmentIv& pk = *drug.two_compartment_iv;
  return {pk.clearance_l_per_day, pk.v1_l, pk.q_l_per_day, pk.v2_l};
}
}  // namespace

DrugAction resolve(const Drug& drug) {
  DrugAction action;
  const auto value = [](const std::optional<Sourced>& number, double otherwise) { return number ? number->value : otherwise; };
  switch (drug.drug_class) {
    case DrugClass::placebo: return action;
    case DrugClass::pd1:
    case DrugClass::pdl1: action.kind = DrugAction::Kind::pd1; break;
    case DrugClass::ctla4: action.kind = DrugAction::Kind::ctla4; break;
    default: action.kind = DrugAction::Kind::schedule; break;
  }
  if (action.kind != DrugAction::Kind::schedule) {
    action.kinetics = kinetics(drug);
    if (const auto& varying = drug.two_compartment_iv->time_varying) {
      action.emax = varying->emax;
      action.t50 = varying->t50_days;
      action.hill = varying->hill;
    }
  }
  action.ec50 = value(drug.effect.ec50_mg_per_l, 1.0);
  action.limit = value(drug.effect.occupancy_factor, 1.0);
  action.kill = value(drug.effect.kill_per_day, 0.0);
  action.capacity_loss = value(drug.effect.capacity_loss, 0.0);
  action.growth = value(drug.effect.growth_factor, 1.0);
  action.resisted = drug.drug_class == DrugClass::vegf_tki || drug.drug_class == DrugClass::chemotherapy || drug.drug_class == DrugClass::hif2a;
  action.toxicity = drug.toxicity.grade3plus_per_day;
  action.stop_share = drug.toxicity.stop_share;
  return action;
}

}  // namespace coley::treatment
