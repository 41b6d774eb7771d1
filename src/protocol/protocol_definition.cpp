// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocol_definition.hpp"

#include "core/organ.hpp"
#include "protocol/vocabulary.hpp"

namespace coley {

namespace {
Domain share() {
  return between(0, 1);
}
Domain days() {
  return at_least(0).in("days");
}
Domain some_months() {
  return above(0).in("months");
}
}  // namespace

// clang-format off
static Table define(Eligibility& e) {
  return {"eligibility", "Who may take part; what is not given does not restrict", {
    {"age", &e.age, between(0, 120).in("years"), "youngest and oldest age"},
    {"ecog_max", &e.ecog_max, between(0, 4), "worst ECOG performance status"},
    {"histology", &e.histology, one_of(levels_of("histology")), "histologies (renal) or mismatch repair states (colorectal)"},
    {"risk", &e.risk, one_of(levels_of("risk")), "groups of the risk of recurrence after resection"},
    {"imdc", &e.imdc, one_of(levels_of("imdc")), "IMDC risk groups, metastatic entry"},
    {"mskcc", &e.mskcc, one_of(levels_of("mskcc")), "MSKCC risk groups, metastatic entry"},
    {"exclude_sites", &e.exclude_sites, one_of(organs()), "organs in which no detectable lesion may be"},
    {"prior_nephrectomy", &e.prior_nephrectomy, any(), "primary removed before enrolment, or not; metastatic entry"},
    {"synchronous", &e.synchronous, any(), "metastases known at diagnosis, or not; metastatic entry"},
    {"resectable_primary", &e.resectable_primary, any(), "primary in place and resectable, or not"},
    {"metastases_max", &e.metastases_max, between(0, 5), "most detectable metastases, metastatic entry; 0 is any number"},
    {"measurable", &e.measurable, any(), "at least one RECIST target lesion, or none"},
  }};
}

static Table define(Randomisation& r) {
  return {"randomisation", "How patients are assigned to arms", {
    choice("assignment", r.assignment, {"randomised", "by_indication"}, "by stratified permuted blocks, or fitter patients to the first arm"),
    {"block_size", &r.block_size, between(1, 1000), "a multiple of the sum of the arms' weights"},
    {"strata", &r.strata, one_of(covariate_names()), "covariates by which randomisation is stratified"},
  }};
}

static Table define(Accrual& a) {
  return {"accrual", "Enrolment at a rate that rises over the ramp and is constant after it", {
    {"months", &a.months, some_months(), "from the first to the last patient"},
    {"ramp_months", &a.ramp_months, at_least(0).in("months"), "length of the linear rise at the start"},
  }};
}

static Table define(StopRules& s) {
  return {"stop", "Why a drug is stopped before its schedule ends", {
    {"progression", &s.progression, any(), "at progression or recurrence"},
    {"toxicity", &s.toxicity, any(), "at an unacceptable toxicity, as the drug's file says"},
    {"after_months", &s.after_months, some_months(), "elective stop at this time on the drug"},
    {"after_complete_response_months", &s.after_complete_response_months, at_least(0).in("months"), "elective stop this long after a confirmed complete response"},
    {"after_response_months", &s.after_response_months, at_least(0).in("months"), "elective stop this long after a confirmed response"},
    {"retreat_at_progression", &s.retreat_at_progression, any(), "start again at progression after an elective stop"},
    {"treat_beyond_progression", &s.treat_beyond_progression, any(), "until progression is confirmed at the next scan"},
  }};
}

static Table define(Dosing& d) {
  return {"drug", "One drug of an arm or of a later line: dose, route, schedule, number, rules", {
    required({"drug", &d.drug, identifier(kSlug), "name of a drug file; placebo is a drug without effect"}),
    required({"dose", &d.dose, at_least(0).in("`unit`"), "amount of one dose; 0 is no dose"}),
    {"unit", &d.unit, one_of(dose_units()), "unit of the dose, as on the label; a square metre is of body surface"},
    choice("route", d.route, routes(), "intravenous, subcutaneous, by mouth, or continuously into a vein from dose to dose"),
    {"start_day", &d.start_day, days(), "first day after randomisation, or after the start of the line or the operation"},
    {"every_days", &d.every_days, above(0).in("days"), "between doses; 0.3333 is every eight hours"},
    {"doses", &d.doses, between(0, 1e6), "number of doses; 0 is until stopped"},
    {"cycle_days", &d.cycle_days, days(), "the pattern of days_on repeats with this period; 0 is one unbroken series"},
    {"days_on", &d.days_on, days(), "first and last day of each stretch of a cycle with doses, inclusive, from 0; without it every day"},
    {"max_doses_per_block", &d.max_doses_per_block, between(0, 1e6), "most doses in each stretch of days_on; 0 is no limit"},
    {"cycles", &d.cycles, between(0, 1e6), "number of cycles; 0 is until stopped"},
    table("stop", d.stop, "why it is stopped before its schedule ends"),
  }};
}

static Table define(Population& p) {
  return {"population", "Who is enrolled", {
    required({"disease", &p.disease, one_of({"renal", "colorectal"}), "the disease"}),
    required(choice("entry", p.entry, {"adjuvant", "metastatic"}, "after complete resection, or with detectable metastases")),
    required({"size", &p.size, between(1, 1e10).in("patients"), "randomised patients in the real trial"}),
    {"surgery_to_randomisation_weeks", &p.surgery_to_randomisation_weeks, at_least(0).in("weeks"), "time from operation to randomisation, uniform; adjuvant entry"},
    {"synchronous_share", &p.synchronous_share, share(), "share with metastases at diagnosis; without it the natural history decides; metastatic entry"},
    {"prior_nephrectomy_share", &p.prior_nephrectomy_share, share(), "share of synchronous patients operated before; without it all who can be; metastatic entry"},
    {"found_at_mm", &p.found_at_mm, between(1, 200).in("mm"), "diameter at which a metastasis is found half of the time before the trial, for eras without regular CT; without it as on CT; metastatic entry"},
    list("prior", p.prior, "drug", "drugs that every patient had before randomisation; metastatic entry"),
    choice("prior_until", p.prior_until, {"progression", "stop"}, "randomised at progression on them, or when they were stopped by plan or for toxicity without progression"),
    table("eligibility", p.eligibility, "who may take part"),
    {"mix", Shares{&p.mix_by, &p.mix}, share(), "shares of the groups of one covariate; recruitment closes for a group when its share is reached"},
  }};
}

static Table define(Fitness& f) {
  return {"fitness", "What a patient must be after an operation to begin systemic treatment; a share refuses it whatever is asked", {
    {"ecog_max", &f.ecog_max, between(0, 4), "worst ECOG performance status"},
    {"exclude_sites", &f.exclude_sites, one_of(organs()), "organs in which no disease may be seen"},
    {"without_progression", &f.without_progression, any(), "no progression since the operation"},
    {"heart_and_lung", &f.heart_and_lung, any(), "no heart or lung disease that forbids high-dose interleukin-2"},
  }};
}

static Table define(Operation& o) {
  return {"operation", "An operation as part of an arm or of a later line", {
    required(choice("kind", o.kind, {"nephrectomy", "partial_nephrectomy", "metastasectomy"}, "what is removed")),
    {"day", &o.day, days(), "after randomisation or the start of the line"},
    {"delay_systemic_days", &o.delay_systemic_days, days(), "systemic treatment starts this long after it, if the patient is fit"},
    {"if_response", &o.if_response, any(), "only when the last scan before it shows a response"},
    {"drugs_first", &o.drugs_first, any(), "the arm's drugs begin at randomisation and pause for the operation; without it they wait for it"},
    table("fitness", o.fitness, "for systemic treatment afterwards"),
  }};
}

static Table define(Radiotherapy& r) {
  return {"radiotherapy", "Stereotactic or conventional radiotherapy to chosen lesions", {
    {"day", &r.day, days(), "first fraction, after randomisation"},
    {"fractions", &r.fractions, between(1, 100), "number of fractions"},
    required({"dose_gy", &r.dose_gy, between(0, 100).in("Gy"), "per fraction"}),
    {"lesions", &r.lesions, between(1, 100), "number of lesions, largest first"},
    {"sites", &r.sites, one_of(std::vector<std::string>(kOrganNames.begin(), kOrganNames.end())), "organs that may be treated, kidney or colon for the primary; without it any"},
  }};
}

static Table define(Arm& a) {
  return {"arm", "One arm and what is done in it", {
    required({"name", &a.name, identifier(kName), "unique; names the arm in analyses and output"}),
    {"label", &a.label, any(), "for people; without it the name"},
    {"weight", &a.weight, between(1, 1000), "of allocation"},
    list("operation", a.operations, "kind", "operations"),
    list("radiotherapy", a.radiotherapy, "", "radiotherapy"),
    list("drug", a.drugs, "drug", "drugs"),
    {"supportive_care", &a.supportive_care, any(), "best supportive care beside all else"},
  }};
}

static Table define(LaterTreatment& l) {
  return {"later", "One option of treatment after recurrence or progression; who gets no option gets no treatment", {
    {"line", &l.line, between(1, 20), "1 is the first treatment after recurrence or progression"},
    required({"share", &l.share, share(), "of patients alive at that point; the shares of a line sum to at most 1"}),
    {"label", &l.label, any(), "for people"},
    {"arms", &l.arms, identifier(kName), "arms it applies to; without it all"},
    {"delay_days", &l.delay_days, days(), "between detection and start"},
    list("drug", l.drugs, "drug", "drugs"),
    list("operation", l.operations, "kind", "operations"),
  }};
}

static Table define(ScanPeriod& s) {
  return {"scans", "Scans at even intervals up to a month after randomisation", {
    required({"until_months", &s.until_months, some_months(), "end of the period, after randomisation"}),
    required({"every_weeks", &s.every_weeks, above(0).in("weeks"), "between scans"}),
  }};
}

static Table define(Visits& v) {
  return {"visits", "When patients are seen", {
    required(list("scans", v.scans, "", "periods of scans in order of time")),
    {"withdrawal_per_year", &v.withdrawal_per_year, between(0, 100).in("1/year"), "rate of loss to follow-up"},
    {"irecist", &v.irecist, any(), "progression is confirmed by a second scan (iRECIST)"},
    {"confirm_weeks", &v.confirm_weeks, between(0, 1000).in("weeks"), "a response is confirmed by a scan at least this much later; 0 is no confirmation"},
  }};
}

static Table define(Cutoff& c) {
  return {"cutoff", "A data cut-off, in one of two forms", {
    required({"name", &c.name, identifier(kSlug), "unique; names the cut-off in analyses"}),
    {"months_after_first_patient", &c.months_after_first_patient, some_months(), "after the first randomisation"},
    {"median_follow_up_months", &c.median_follow_up_months, some_months(), "when the median time since randomisation is this"},
  }};
}

static Table define(Analysis& a) {
  return {"analysis", "One comparison of two arms at a data cut-off", {
    required({"endpoint", &a.endpoint, one_of(endpoints()), "what is counted"}),
    required({"experimental", &a.experimental, identifier(kName), "arm"}),
    required({"control", &a.control, identifier(kName), "arm"}),
    required({"cutoff", &a.cutoff, identifier(kSlug), "data cut-off"}),
    {"subgroups", &a.subgroups, one_of(covariate_names()), "covariates whose levels are analysed apart"},
    {"landmarks_months", &a.landmarks_months, some_months(), "times at which survival is given"},
    {"rmst_months", &a.rmst_months, some_months(), "restriction time of the mean survival"},
    {"stratified", &a.stratified, any(), "by the strata of randomisation"},
  }};
}

static Table define(EvidenceLink& e) {
  return {"evidence", "A published row and the simulated figure it is compared with", {
    required({"row", &e.row, filled(), "id in evidence/published.csv"}),
    required({"quantity", &e.quantity, filled(), "hazard_ratio, odds_ratio, survival, cumulative_incidence, median, median_gain, orr, orr_treated, cr_rate, durable_cr_rate, treatment_free_months, treatment_free, synchronous_at_diagnosis, grade3plus, treatment_related_death, flow.<step>, share.<covariate>.<level>, share.site.<organ>"}),
    {"endpoint", &e.endpoint, one_of(endpoints()), "for hazard_ratio, odds_ratio, survival, cumulative_incidence and median"},
    {"arm", &e.arm, identifier(kName), "for all but hazard_ratio; without it both arms of the row"},
    {"value", &e.value, one_of({"a", "b"}), "the value of the row that is the arm's, where it has two; without it a for the first arm, b for any other"},
    {"cutoff", &e.cutoff, identifier(kSlug), "data cut-off"},
    {"subgroup", &e.subgroup, filled(), "covariate=level; odds_ratio is of an event by the month there against the other level"},
    {"month", &e.month, above(0).in("months"), "for survival, cumulative_incidence, odds_ratio and treatment_free"},
  }};
}
// clang-format on

Table define_protocol(Protocol& p) {
  return {"protocol",
          "A trial",
          {
              required({"schema_version", &p.schema_version, between(kProtocolSchema, kProtocolSchema),
                        "version of this definition"}),
              required({"name", &p.name, identifier(kSlug), "names the trial in output"}),
              {"title", &p.title, any(), "for people"},
              {"sources", &p.sources, filled(), "registry numbers and DOIs"},
              {"assumed", &p.assumed, filled(), "what the file assumes, in words"},
              required(table("population", p.population, "who is enrolled")),
              table("randomisation", p.randomisation, "how patients are assigned to arms"),
              table("accrual", p.accrual, "how fast patients are enrolled"),
              required(list("arm", p.arms, "name", "the arms")),
              list("later", p.later, "label", "treatment after recurrence or progression"),
              required(table("visits", p.visits, "when patients are seen")),
              required(list("cutoff", p.cutoffs, "name", "data cut-offs")),
              list("analysis", p.analyses, "", "comparisons"),
              list("evidence", p.evidence, "row", "published rows to compare with"),
          }};
}

}  // namespace coley
