// SPDX-License-Identifier: Apache-2.0
#include "protocol/drug_file.hpp"

#include <fmt/format.h>

#include "core/sha256.hpp"
#include "protocol/definition_text.hpp"
#include "protocol/override_tree.hpp"
#include "protocol/table_reader.hpp"
#include "protocol/toml_text.hpp"
#include "protocol/vocabulary.hpp"

namespace coley {

namespace {

constexpr int kDrugSchema = 1;

Table number_table(Sourced& number, const Domain& domain) {
  return {"number",
          "A number with its source",
          {
              required({"value", &number.value, domain, "the number"}),
              required({"source", &number.source, filled(), "a citation, or assumed"}),
              {"status", &number.status, one_of({"sourced", "derived", "calibrated", "assumed"}),
               "how the value came about"},
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

Domain share() {
  return between(0, 1);
}

}  // namespace

// clang-format off
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

static Table define(OneCompartment& p) {
  return {"one_compartment", "Pharmacokinetics of a drug by mouth, under the skin, or by an infusion that is short beside the interval", {
    number("ka_per_h", p.ka_per_h, above(0).in("1/h"), "absorption rate; without it into a vein"),
    number("cl_l_per_h", p.cl_l_per_h, above(0).in("L/h"), "clearance over bioavailability"),
    number("v_l", p.v_l, above(0).in("L"), "volume over bioavailability"),
    number("omega2_clearance", p.omega2_clearance, at_least(0), "variance of the logarithm of clearance between patients"),
    number("omega2_volume", p.omega2_volume, at_least(0), "variance of the logarithm of volume between patients"),
    number("mg_per_miu", p.mg_per_miu, above(0).in("mg/MIU"), "amount of one million international units, for drugs dosed in units"),
    table("metabolite", p.metabolite, "an active metabolite"),
  }};
}

static Table define(Il2Kinetics& p) {
  return {"il2", "Pharmacokinetics of interleukin-2", {
    number("fast_half_life_h", p.fast_half_life_h, above(0).in("h"), "first half-life"),
    number("slow_half_life_h", p.slow_half_life_h, above(0).in("h"), "second half-life"),
    number("slow_share", p.slow_share, share(), "share of the slow phase in the concentration at time 0"),
    number("v1_l", p.v1_l, above(0).in("L"), "central volume"),
    number("omega2_clearance", p.omega2_clearance, at_least(0), "variance of the logarithm of clearance between patients"),
    number("ka_per_h", p.ka_per_h, above(0).in("1/h"), "absorption rate from under the skin"),
    number("bioavailability_sc", p.bioavailability_sc, share(), "share absorbed from under the skin"),
    number("nmol_per_miu", p.nmol_per_miu, above(0).in("nmol/MIU"), "amount of one million international units"),
    number("effector_nmol_per_l", p.effector_nmol_per_l, above(0).in("nmol/L"), "concentration of half occupancy at effector cells"),
    number("regulatory_nmol_per_l", p.regulatory_nmol_per_l, above(0).in("nmol/L"), "concentration of half occupancy at regulatory T cells"),
  }};
}

static Table define(Hypotension& h) {
  return {"hypotension", "Vascular leak: adds up over doses, and withholds the next one while it is above the patient's limit", {
    number("half_nmol_per_l", h.half_nmol_per_l, above(0).in("nmol/L"), "concentration of half the greatest leak"),
    number("hill", h.hill, above(0), "steepness of leak over concentration"),
    number("half_life_h", h.half_life_h, above(0).in("h"), "in which leak recovers by half"),
    number("limit_h", h.limit_h, above(0).in("h"), "median limit, in hours of full leak"),
    number("limit_sd", h.limit_sd, at_least(0), "standard deviation of the logarithm of the limit between patients"),
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
    number("interferon", e.interferon, share(), "u_F at full effect"),
  }};
}

static Table define(DrugToxicity& t) {
  return {"toxicity", "What it does to the patient", {
    number("grade3plus_per_day", t.grade3plus_per_day, at_least(0).in("1/d"), "hazard of a grade 3 or worse event at full effect"),
    number("stop_share", t.stop_share, share(), "share of these events that end the drug"),
    number("fatal_share", t.fatal_share, share(), "share of these events that are fatal"),
    number("exposure_power", t.exposure_power, above(0), "the hazard is times (concentration / ec50) to this power; without it times the effect"),
  }};
}

static Table define(PublishedExposure& e) {
  return {"published", "A published concentration and the range that the simulated one must lie in (tests/reference/treatment)", {
    required({"measure", &e.measure, one_of({"trough", "peak", "mean", "area"}), "what was measured; area is over one interval between doses"}),
    required({"dose", &e.dose, above(0).in("`unit`"), "amount of one dose"}),
    {"unit", &e.unit, one_of(dose_units()), "unit of the dose"},
    choice("route", e.route, routes(), "how it was given"),
    {"every_days", &e.every_days, above(0).in("days"), "between doses"},
    {"after_days", &e.after_days, at_least(0).in("days"), "after the first dose; without it in steady state"},
    required({"low", &e.low, at_least(0).in("mg/L, mg h/L; IU/mL, IU h/mL for interleukin-2"), "lower end of the published spread"}),
    required({"high", &e.high, above(0).in("as low"), "upper end of the published spread"}),
    required({"source", &e.source, filled(), "a citation"}),
    required({"status", &e.status, one_of({"sourced", "derived", "recalled"}), "read in the source, computed from it, or recalled and to be checked"}),
  }};
}

static Table define(Drug& d) {
  return {"drug", "A drug", {
    required({"schema_version", &d.schema_version, any(), "version of this definition"}),
    required({"name", &d.name, identifier(kSlug), "INN in lower case, the name of the file"}),
    required({"label", &d.label, filled(), "for people"}),
    required(choice("class", d.drug_class, {"pd1", "pdl1", "ctla4", "vegf_tki", "mtor", "hif2a", "il2", "ifn", "chemotherapy", "placebo"}, "where it acts")),
    required(choice("pharmacokinetics", d.pharmacokinetics, {"schedule", "two_compartment_iv", "one_compartment", "il2"}, "how exposure follows from the doses; schedule: full effect while it runs")),
    table("two_compartment_iv", d.two_compartment_iv, "numbers for this model"),
    table("one_compartment", d.one_compartment, "numbers for this model"),
    table("il2", d.il2, "numbers for this model"),
    table("hypotension", d.hypotension, "vascular leak, for interleukin-2"),
    table("effect", d.effect, "what the exposure does"),
    required(table("toxicity", d.toxicity, "what it does to the patient")),
    list("published", d.published, "", "published concentrations that the simulated ones are held against"),
  }};
}
// clang-format on

namespace {

void check_drug(const Drug& drug, const std::string& file_name, FaultList& faults) {
  const auto model = [&](const std::string& key, Pharmacokinetics which, bool present) {
    const bool chosen = drug.pharmacokinetics == which;
    if (chosen && !present) faults.add(key, "no such table", "[" + key + "], since pharmacokinetics = \"" + key + "\"");
    if (!chosen && present)
      faults.add(key, "a table that is not used", "pharmacokinetics = \"" + key + "\", or no such table");
  };
  if (!faults.has("pharmacokinetics")) {
    model("two_compartment_iv", Pharmacokinetics::two_compartment_iv, drug.two_compartment_iv.has_value());
    model("one_compartment", Pharmacokinetics::one_compartment, drug.one_compartment.has_value());
    model("il2", Pharmacokinetics::il2, drug.il2.has_value());
    const bool has_level = drug.two_compartment_iv || drug.one_compartment;
    if (has_level && !drug.effect.ec50_mg_per_l)
      faults.add("effect.ec50_mg_per_l", "no such key",
                 "the concentration of half effect, since the model gives concentrations");
    if (!has_level && drug.effect.ec50_mg_per_l)
      faults.add("effect.ec50_mg_per_l", "a value that is not used",
                 "a model that gives concentrations, or no such key");
    if (drug.toxicity.exposure_power && !drug.one_compartment)
      faults.add("toxicity.exposure_power", "a value that is not used", "pharmacokinetics = \"one_compartment\", or no such key");
    if (drug.hypotension && !drug.il2)
      faults.add("hypotension", "a table that is not used", "pharmacokinetics = \"il2\", or no such table");
  }
  for (std::size_t i = 0; i < drug.published.size(); ++i) {
    const PublishedExposure& row = drug.published[i];
    if (row.high < row.low)
      faults.add(element("published", i) + ".high", fmt::format("{} below low", row.high), "a range");
  }
  const std::size_t slash = file_name.find_last_of('/');
  const std::string file = file_name.substr(slash == std::string::npos ? 0 : slash + 1);
  if (!drug.name.empty() && file != drug.name + ".toml")
    faults.add("name", drug.name + " in " + file, "the name of the file");
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
    numbers.push_back({key_path,
                       key.meaning,
                       key.domain.unit,
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
