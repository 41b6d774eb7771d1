// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trial as immutable data: who takes part, how they are assigned, what is done to them, when they are seen, and what
// is analysed. Knows no threads, files, clocks or seeds. Names are those of the protocol file (docs/protocol.md).
// Times are in the unit that the name says; day 0 is the day of randomisation.

#include <optional>
#include <string>
#include <vector>

namespace coley {

struct Interval {
  double low = 0;
  double high = 0;
};

/// When in the disease a patient is offered the trial.
enum class Entry {
  adjuvant,    ///< after complete resection, no evidence of disease
  metastatic,  ///< with detectable metastases, at diagnosis or at recurrence after nephrectomy
};

/// Who may take part. An empty list and an absent value do not restrict.
struct Eligibility {
  Interval age{18, 100};               ///< years
  int ecog_max = 4;                    ///< ECOG performance status, 0 to 4
  std::vector<std::string> histology;  ///< clear_cell, non_clear_cell (renal); msi_h, mss (colorectal)
  std::vector<std::string> risk;       ///< groups of the risk score named by the disease and entry, see docs/protocol.md
  std::vector<std::string> imdc;       ///< favourable, intermediate, poor (metastatic entry)
  std::vector<std::string> mskcc;      ///< favourable, intermediate, poor (metastatic entry)
  std::vector<std::string> exclude_sites;           ///< organs in which no detectable lesion may be, e.g. brain
  std::optional<bool> prior_nephrectomy;            ///< metastatic entry
  std::optional<bool> synchronous;                  ///< metastases known at diagnosis
  std::optional<bool> resectable_primary;           ///< primary in place and resectable
  int metastases_max = 0;                           ///< most detectable metastases, metastatic entry; 0 any number
  std::optional<bool> measurable;                   ///< at least one RECIST target lesion
};

/// One group of the enrolled population and its share; shares of all groups sum to 1.
struct GroupShare {
  std::string group;
  double share = 0;
};

enum class Assignment {
  randomised,     ///< stratified permuted blocks
  by_indication,  ///< fitter patients are chosen for the first arm (selection bias on purpose)
};

struct Randomisation {
  Assignment assignment = Assignment::randomised;
  int block_size = 4;               ///< a multiple of the sum of the arms' weights
  std::vector<std::string> strata;  ///< covariates, see docs/protocol.md
};

/// Enrolment at a rate that rises linearly over `ramp_months` and is constant after it.
struct Accrual {
  double months = 1;
  double ramp_months = 0;
};

enum class Route { iv, sc, po, civ };  ///< civ: into a vein, each dose over its whole interval

/// Why a drug is stopped before its schedule ends.
struct StopRules {
  bool progression = true;  ///< progression or recurrence
  bool toxicity = true;     ///< an unacceptable toxicity, as the drug's file says
  double after_months = -1;            ///< elective stop at this time on drug; -1 never
  double after_complete_response_months = -1;  ///< months after a confirmed complete response; -1 never
  double after_response_months = -1;           ///< months after a confirmed complete or partial response; -1 never
  bool retreat_at_progression = false;         ///< after an elective stop
  bool treat_beyond_progression = false;       ///< until progression is confirmed at the next scan
};

/// One drug of an arm or of a later line: dose, route, schedule, number, rules.
struct Dosing {
  std::string drug;        ///< name of a drug file, INN in lower case; "placebo" is a drug without effect
  double dose = 0;         ///< in `unit`
  std::string unit = "mg"; ///< mg, mg/kg, mg/m2, MIU, MIU/m2, kIU/kg
  Route route = Route::iv;
  double start_day = 0;    ///< first day after randomisation (or after the start of the line, or after the operation)
  double every_days = 21;  ///< between doses; 1/3 is every eight hours
  int doses = 0;           ///< number of doses; 0 is until stopped
  double cycle_days = 0;   ///< the pattern of `days_on` repeats with this period; 0 is one unbroken series
  std::vector<Interval> days_on;  ///< within a cycle: [first day, last day], inclusive; empty is every day
  int max_doses_per_block = 0;    ///< at most this many doses in each interval of days_on (high-dose IL-2: 14); 0 no limit
  int cycles = 0;          ///< number of cycles; 0 is until stopped
  StopRules stop;
};

/// How treatment before the trial ended, on the day of which the patient is randomised.
enum class PriorUntil {
  progression,  ///< at the scan that showed it
  stop,         ///< by plan or for toxicity, without progression; nobody needs to have disease left
};

struct Population {
  std::string disease = "renal";  ///< renal, colorectal
  Entry entry = Entry::adjuvant;
  long size = 0;                  ///< randomised patients in the real trial
  long patience = 100000;         ///< people screened for a place before enrolment is given up; no key of the file
  Interval surgery_to_randomisation_weeks{4, 12};  ///< adjuvant entry: uniform on this interval
  double synchronous_share = -1;  ///< metastatic entry: share with metastases at diagnosis; -1 leaves it to the natural history
  double prior_nephrectomy_share = -1;  ///< metastatic entry: share of synchronous patients operated before; -1: all who can be
  double found_at_mm = 0;         ///< metastatic entry: diameter at which a metastasis is found half of the time before the trial; 0 is CT
  std::vector<Dosing> prior;      ///< metastatic entry: drugs that every patient had before randomisation
  PriorUntil prior_until = PriorUntil::progression;
  Eligibility eligibility;
  std::string mix_by;           ///< covariate that `mix` speaks of (risk, imdc, mskcc); "" when the mix is not set
  std::vector<GroupShare> mix;  ///< recruitment closes for a group when its share is reached
};

enum class OperationKind { nephrectomy, partial_nephrectomy, metastasectomy };

/// What a patient must be after an operation to begin systemic treatment. A share refuses it whatever is asked.
struct Fitness {
  int ecog_max = 2;
  std::vector<std::string> exclude_sites;  ///< organs in which no disease may be seen, e.g. brain
  bool without_progression = false;        ///< no progression since the operation
  bool heart_and_lung = false;             ///< no heart or lung disease that forbids high-dose interleukin-2
};

/// An operation as part of an arm.
struct Operation {
  OperationKind kind = OperationKind::nephrectomy;
  double day = 0;               ///< after randomisation
  double delay_systemic_days = 42;  ///< systemic treatment starts this many days after it, if the patient is fit for it
  bool if_response = false;     ///< only when the last scan shows a response (offer surgery if a response allows it)
  bool drugs_first = false;     ///< the arm's drugs begin at randomisation and pause for it; else they wait for it
  Fitness fitness;              ///< for systemic treatment afterwards
};

/// Stereotactic or conventional radiotherapy to chosen lesions.
struct Radiotherapy {
  double day = 0;
  int fractions = 1;
  double dose_gy = 0;             ///< per fraction
  int lesions = 1;                ///< number of lesions, largest first
  std::vector<std::string> sites; ///< organs that may be treated; empty is any
};

struct Arm {
  std::string name;   ///< lower_snake, unique
  std::string label;  ///< for people
  int weight = 1;     ///< of allocation, positive
  std::vector<Operation> operations;
  std::vector<Radiotherapy> radiotherapy;
  std::vector<Dosing> drugs;
  bool supportive_care = false;
};

/// One option of treatment after recurrence or progression. Shares of a line sum to at most 1; the rest get none.
struct LaterTreatment {
  int line = 1;         ///< 1 is the first treatment after recurrence or progression
  double share = 0;     ///< of patients alive at that point
  std::string label;
  std::vector<std::string> arms;  ///< arms it applies to; empty is all
  double delay_days = 28;         ///< between detection and start
  std::vector<Dosing> drugs;
  std::vector<Operation> operations;  ///< e.g. metastasectomy of a solitary recurrence
};

/// Scans every `every_weeks` until `until_months` after randomisation.
struct ScanPeriod {
  double until_months = 0;
  double every_weeks = 12;
};

struct Visits {
  std::vector<ScanPeriod> scans;  ///< in order of until_months
  double withdrawal_per_year = 0; ///< rate of loss to follow-up
  bool irecist = false;
  int confirm_weeks = 4;          ///< response is confirmed by a second scan at least this much later; 0 no confirmation
};

/// A data cut-off; given either as time since the first patient or as the median time since randomisation.
struct Cutoff {
  std::string name;
  std::optional<double> months_after_first_patient;
  std::optional<double> median_follow_up_months;
};

struct Analysis {
  std::string endpoint;      ///< OS, PFS, DFS, TTNT, TTD, TFS, DOR, TTR, TTDET, LC
  std::string experimental;  ///< arm
  std::string control;       ///< arm
  std::string cutoff;
  std::vector<std::string> subgroups;  ///< covariates whose levels are analysed apart
  std::vector<double> landmarks_months;
  double rmst_months = -1;   ///< restriction time; -1 none
  bool stratified = false;   ///< by the strata of randomisation
};

/// A published row beside the simulated figure it is compared with.
struct EvidenceLink {
  std::string row;        ///< id in evidence/published.csv
  std::string quantity;   ///< hazard_ratio, odds_ratio, survival, cumulative_incidence, median, median_gain, orr, cr_rate, durable_cr_rate, synchronous_at_diagnosis, grade3plus, flow.<name>, share.<covariate>.<level>
  std::string endpoint;   ///< for hazard_ratio, survival, cumulative_incidence, median
  std::string arm;        ///< for all but hazard_ratio; "" is both arms (value_a and value_b)
  std::string value;      ///< with an arm, of a row with two values: "a" or "b"; "" is a for the first arm and b for any other
  std::string cutoff;
  std::string subgroup;   ///< covariate=level, or ""
  double month = -1;      ///< for survival and cumulative_incidence
};

struct Protocol {
  int schema_version = 1;
  std::string name;
  std::string title;
  std::vector<std::string> sources;
  std::vector<std::string> assumed;  ///< what the file assumes, in words
  Population population;
  Randomisation randomisation;
  Accrual accrual;
  std::vector<Arm> arms;
  std::vector<LaterTreatment> later;
  Visits visits;
  std::vector<Cutoff> cutoffs;
  std::vector<Analysis> analyses;
  std::vector<EvidenceLink> evidence;
};

}  // namespace coley
