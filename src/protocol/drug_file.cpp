// SPDX-License-Identifier: Apache-2.0
#include "protocol/drug_file.hpp"

#include <fmt/format.h>

#include "core/sha256.hpp"
#include "protocol/definition_text.hpp"
#include "protocol/override_tree.hpp"
#include "protocol/table_reader.hpp"
#include "protocol/toml_text.hpp"

namespace coley {

namespace {

constexpr int kDrugSchema = 1;

Table number_table(Sourced& number, const Domain& domain) {
  return {"number", "A number with its source", {
    required({"value", &number.value, domain, "the number"}),
    required({"source", &number.source, filled(), "a citation, or assumed"}),
    {"status", &number.status, one_of({"sourced", "derived", "calibrated", "assumed"}), "how the value came about"},
  }};
}

Key number(std::string name, Sourced& value, Domain domain, std::string meaning) {
  Subtable target{[&value, domain] { return number_table(value, domain); }, [] { return true; }};
  return {std::move(name), std::move(target), domain, std::move(meaning), true};
}

Key number(std::string name, std::optional<Sourced>& value, Domain domain, std::string meaning) {
  Subtable target{[&value, domain] { return number_table(value ? *value : value.emplace(), domain); },
                  [&value] { return value.has_value(); }};
  return {std::move(name), std::move(target), domain, std::move(meaning)};
}

Domain share() { return between(0, 1); }

}  // namespace

static Table define(TimeVaryingClearance& t) {
  return {"time_varying", "Clearance that changes on the drug", {
    number("emax", t.emax, between(-10, 10), "change of the logarithm of clearance in the end"),
    number("t50_days", t.t50_days, above(0).in("days"), "time of half the change"),
    number("hill", t.hill, above(0), "steepness"),
  }};
}

static Table define(TwoCompartmentIv& p) {
  return {"two_compartment_iv", "Pharmacokinetics of an antibody", {
    number("clearance_l_per_day", p.clearance_l_per_day, above(0).in("L/d"), "clearance"),
    number("v1_l", p.v1_l, above(0).in("L"), "central volume"),
    number("q_l_per_day", p.q_l_per_day, above(0).in("L/d"), "clearance between the compartments"),
    number("v2_l", p.v2_l, above(0).in("L"), "peripheral volume"),
    number("omega2_clearance", p.omega2_clearance, at_least(0), "variance of the logarithm of clearance between patients"),
    number("omega2_volume", p.omega2_volume, at_least(0), "variance of the logarithm of volume between patients"),
    table("time_varying", p.time_varying, "clearance that changes on the drug"),
  }};
}

static Table define(Metabolite& m) {
  return {"metabolite", "An active metabolite, counted with the drug", {
    number("fraction", m.fraction, share(), "of the drug's clearance that forms it"),
    number("cl_l_per_h", m.cl_l_per_h, above(0).in("L/h"), "its clearance"),
    number("v_l", m.v_l, above(0).in("L"), "its volume; without it, in steady state with the drug"),
  }};
}

static Table define(OneCompartmentOral& p) {
  return {"one_compartment_oral", "Pharmacokinetics of a drug by mouth", {
    number("ka_per_h", p.ka_per_h, above(0).in("1/h"), "absorption rate"),
    number("cl_l_per_h", p.cl_l_per_h, above(0).in("L/h"), "clearance over bioavailability"),
    number("v_l", p.v_l, above(0).in("L"), "volume over bioavailability"),
    number("omega2_clearance", p.omega2_clearance, at_least(0), "variance of the logarithm of clearance between patients"),
    number("omega2_volume", p.omega2_volume, at_least(0), "variance of the logarithm of volume between patients"),
    table("metabolite", p.metabolite, "an active metabolite"),
  }};
}

static Table define(Il2Kinetics& p) {
  return {"il2", "Pharmacokinetics of interleukin-2", {
    number("fast_half_life_h", p.fast_half_life_h, above(0).in("h"), "first half-life"),
    number("slow_half_life_h", p.slow_half_life_h, above(0).in("h"), "second half-life"),
    number("slow_share", p.slow_share, share(), "share of the slow phase in the concentration at time 0"),
    number("v1_l", p.v1_l, above(0).in("L"), "central volume"),
    number("ka_per_h", p.ka_per_h, above(0).in("1/h"), "absorption rate from under the skin"),
    number("bioavailability_sc", p.bioavailability_sc, share(), "share absorbed from under the skin"),
    number("nmol_per_miu", p.nmol_per_miu, above(0).in("nmol/MIU"), "amount of one million international units"),
  }};
}

static Table define(DrugEffect& e) {
  return {"effect", "What the exposure does; what is absent the drug does not do", {
    number("ec50_mg_per_l", e.ec50_mg_per_l, above(0).in("mg/L"), "plasma concentration of half effect"),
    number("occupancy_factor", e.occupancy_factor, share(), "factor on PD-1 occupancy"),
    number("kill_per_day", e.kill_per_day, at_least(0).in("1/d"), "kill at full effect"),
    number("capacity_loss", e.capacity_loss, at_least(0).in("log cells"), "loss of carrying capacity at full effect"),
    number("resistance_gain_per_day", e.resistance_gain_per_day, at_least(0).in("1/d"), "gain of resistance, in place of lambda_W"),
    number("cross_resistance", e.cross_resistance, share(), "share of resistance to an earlier drug of the class that remains"),
    number("growth_factor", e.growth_factor, share(), "factor on the growth rate at full effect"),
  }};
}

static Table define(DrugToxicity& t) {
  return {"toxicity", "What it does to the patient", {
    number("grade3plus_per_day", t.grade3plus_per_day, at_least(0).in("1/d"), "hazard of a grade 3 or worse event at full effect"),
    number("stop_share", t.stop_share, share(), "share of these events that end the drug"),
    number("fatal_share", t.fatal_share, share(), "share of these events that are fatal"),
  }};
}

static Table define(Drug& d) {
  return {"drug", "A drug", {
    required({"schema_version", &d.schema_version, any(), "version of this definition"}),
    required({"name", &d.name, identifier(kSlug), "INN in lower case, the name of the file"}),
    required({"label", &d.label, filled(), "for people"}),
    required(choice("class", d.drug_class, {"pd1", "pdl1", "ctla4", "vegf_tki", "mtor", "hif2a", "il2", "ifn", "chemotherapy", "placebo"}, "where it acts")),
    required(choice("pharmacokinetics", d.pharmacokinetics, {"schedule", "two_compartment_iv", "one_compartment_oral", "il2"}, "how exposure follows from the doses; schedule: full effect while it runs")),
    table("two_compartment_iv", d.two_compartment_iv, "numbers for this model"),
    table("one_compartment_oral", d.one_compartment_oral, "numbers for this model"),
    table("il2", d.il2, "numbers for this model"),
    table("effect", d.effect, "what the exposure does"),
    required(table("toxicity", d.toxicity, "what it does to the patient")),
  }};
}

namespace {

void check_drug(const Drug& drug, const std::string& file_name, FaultList& faults) {
  const auto model = [&](const std::string& key, Pharmacokinetics which, bool present) {
    const bool chosen = drug.pharmacokinetics == which;
    if (chosen && !present) faults.add(key, "no such table", "[" + key + "], since pharmacokinetics = \"" + key + "\"");
    if (!chosen && present) faults.add(key, "a table that is not used", "pharmacokinetics = \"" + key + "\", or no such table");
  };
  if (!faults.has("pharmacokinetics")) {
    model("two_compartment_iv", Pharmacokinetics::two_compartment_iv, drug.two_compartment_iv.has_value());
    model("one_compartment_oral", Pharmacokinetics::one_compartment_oral, drug.one_compartment_oral.has_value());
    model("il2", Pharmacokinetics::il2, drug.il2.has_value());
    const bool has_level = drug.two_compartment_iv || drug.one_compartment_oral;
    if (has_level && !drug.effect.ec50_mg_per_l) faults.add("effect.ec50_mg_per_l", "no such key", "the concentration of half effect, since the model gives concentrations");
    if (!has_level && drug.effect.ec50_mg_per_l) faults.add("effect.ec50_mg_per_l", "a value that is not used", "a model that gives concentrations, or no such key");
  }
  const std::size_t slash = file_name.find_last_of('/');
  const std::string file = file_name.substr(slash == std::string::npos ? 0 : slash + 1);
  if (!drug.name.empty() && file != drug.name + ".toml") faults.add("name", drug.name + " in " + file, "the name of the file");
}

void collect(const Table& table, const std::string& path, std::vector<DrugNumber>& numbers) {
  for (const Key& key : table.keys) {
    const auto* part = std::get_if<Subtable>(&key.target);
    if (!part || !part->present()) continue;
    const Table inner = part->open();
    const std::string key_path = joined(path, key.name);
    if (inner.name != "number") {
      collect(inner, key_path, numbers);
      continue;
    }
    numbers.push_back({key_path, key.meaning, key.domain.unit,
                       {*std::get<double*>(inner.keys[0].target), *std::get<std::string*>(inner.keys[1].target),
                        *std::get<std::string*>(inner.keys[2].target)}});
  }
}

}  // namespace

Drug read_drug(std::string_view text, const std::string& file_name, const std::vector<Override>& overrides) {
  toml::table tree = parse_toml(text, file_name);
  FaultList faults(file_name);
  Drug scratch;
  apply_overrides(tree, define(scratch), overrides, faults, "drugs." + tree["name"].value_or(std::string()) + ".");
  require_schema(tree, kDrugSchema, faults);
  Drug drug;
  read_table(tree, define(drug), "", faults);
  check_drug(drug, file_name, faults);
  faults.throw_if_any();
  return drug;
}

std::vector<DrugNumber> numbers_of(const Drug& drug) {
  Drug copy = drug;
  std::vector<DrugNumber> numbers;
  collect(define(copy), "", numbers);
  return numbers;
}

std::string sha256_of(const Drug& drug) {
  Drug copy = drug;
  return sha256(canonical_text(define(copy)));
}

}  // namespace coley
