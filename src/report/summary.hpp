// SPDX-License-Identifier: Apache-2.0
#pragma once
// The summary of a run as plain values: what `coley run` writes to summary.json and what report.html shows. Names and
// nesting are those of the file (docs/summary.md, docs/summary.schema.json). An absent value is std::nullopt and is
// written as null; a number that is not finite is a bug of the caller and is refused by name. Probabilities lie in
// 0..1, intervals are 95 % unless a level says otherwise, months have 30.4375 days. Everything but `run` must be the
// same bit for bit for any number of threads, ranks and shards.

#include <cstdint>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coley::report {

using Count = std::int64_t;
using Number = std::optional<double>;

/// std::nullopt for NaN and infinity (a median not reached, an interval without an upper end), the value otherwise.
Number finite(double value);

/// An estimate with its interval; any part may be absent.
struct Estimate {
  Number estimate{};
  Number low{};
  Number high{};
};

/// A number with a name that may serve as a JSON key.
struct NamedCount {
  std::string name{};
  Count patients = 0;
};

struct Provenance {  ///< key `coley`
  std::string version{};
  std::uint64_t seed = 0;
  Count patients = 0;    ///< virtual patients simulated, over all arms of one replicate
  Count replicates = 0;  ///< trials of the published size simulated beside the expectation; 0 none
  std::string parameters_sha256{};
  std::string command{};  ///< repeats the run: program, trial and options, without --threads and --out
};

struct WorkFacts {  ///< of the integrator
  Count steps = 0;
  Count rejected = 0;    ///< taken again: for error, or to land on an event
  Count stops = 0;       ///< doses, scans, lesion events and the like
  double occupancy = 0;  ///< share of the lanes that held a patient
};

struct RunFacts {  ///< key `run`: the only part that may differ between two runs of the same trial
  Count threads = 0;
  Count ranks = 1;
  double wall_seconds = 0;
  double patients_per_second = 0;
  WorkFacts natural_history{};  ///< zero where it was kept from an earlier run
  WorkFacts courses{};
};

struct TrialFacts {  ///< key `trial`
  std::string name{};
  std::string title{};
  std::string protocol_sha256{};
  std::vector<std::string> sources{};  ///< registry numbers and DOIs of the real trial
  std::vector<std::string> assumed{};  ///< what the protocol file assumes, in words
};

struct Screening {
  Count screened = 0;
  Count enrolled = 0;
  std::vector<NamedCount>
      excluded{};  ///< by first failing criterion (report/words.hpp); adds up to screened - enrolled
};

/// Enrolled patients with one level of a covariate, or with disease in one organ, at randomisation.
struct BaselineRow {
  std::string covariate{};  ///< "site" for organs
  std::string level{};
  Count patients = 0;
  Number share{};
};

/// One step of patient flow within an arm, in the order in which a CONSORT diagram shows it.
struct FlowStep {
  std::string name{};  ///< JSON key: randomised, operated, started_systemic, discontinued_toxicity, ...
  Count patients = 0;
  std::string label{};  ///< for people
  bool leaves = false;  ///< drawn as a side box: those who leave the path here (unresectable, discontinued, died, lost)
};

/// A step labelled by in_words(name) (report/words.hpp); unresectable, discontinued_*, ... leave the path, others stay on it.
FlowStep flow_step(std::string name, Count patients);

struct Landmark {
  double month = 0;
  Estimate survival{};  ///< written as estimate, low, high beside month
};

/// Restricted mean survival time in months up to `month`.
struct RestrictedMean {
  double month = 0;
  Estimate months{};  ///< written as estimate, low, high beside month
};

/// One endpoint of one arm at one data cut-off. The first entry of a name is written under that name, so the principal
/// cut-off comes first; later ones are written under name@cutoff.
struct Endpoint {
  std::string name{};                   ///< OS, PFS, DFS, TFS, ...
  std::optional<std::string> cutoff{};  ///< name of the data cut-off
  Count n = 0;
  Count events = 0;
  Estimate median_months{};
  std::vector<Landmark> at{};
  std::optional<RestrictedMean> rmst{};
};

struct Response {
  Count n = 0;                                   ///< patients with measurable disease
  Count cr = 0, pr = 0, sd = 0, pd = 0, ne = 0;  ///< best overall response, RECIST 1.1; add up to n
  Estimate orr{};                                ///< share with CR or PR
  Estimate cr_rate{};
  std::optional<Estimate> durable_cr_rate{};
  std::optional<Estimate> median_duration_months{};  ///< of response
  std::optional<Estimate> median_time_months{};      ///< from randomisation to response, of those who respond
};

/// Restricted mean survival weighted by quality of life.
struct QualityAdjusted {
  RestrictedMean survival{};  ///< quality-adjusted months; written as month, estimate, low, high
  Number mean_utility{};      ///< of the months lived
};

/// Patients of an arm with an adverse event (or another harm) at least once.
struct SafetyRow {
  std::string name{};  ///< JSON key: grade3plus, treatment_related_death, hypotension, ...
  Count patients = 0;
  Estimate share{};  ///< of patients treated; written as estimate, low, high beside patients
};

struct ArmSummary {
  std::string name{};
  std::string label{};
  std::string treatment{};  ///< what is done, in one sentence for people; may be ""
  Count n = 0;
  std::vector<FlowStep> flow{};
  std::vector<Endpoint> endpoints{};
  std::optional<Response> response{};
  std::optional<QualityAdjusted> quality_adjusted{};
  std::optional<Count> treated{};   ///< denominator of safety; written as safety.n
  std::vector<SafetyRow> safety{};  ///< empty: no safety counted, written as null
};

struct HazardRatio {
  Estimate ratio{};  ///< below 1 favours the experimental arm
  Number p{};        ///< two-sided
};

struct LogRank {
  double statistic = 0;  ///< chi-squared
  double p = 1;
};

struct Comparison {
  std::string endpoint{};
  std::string experimental{};  ///< arm name
  std::string control{};       ///< arm name
  std::optional<std::string> cutoff{};
  std::optional<std::string> covariate{};  ///< absent: all patients
  std::optional<std::string> level{};  ///< of the covariate; written with it as subgroup "covariate=level", else "all"
  Count n_experimental = 0, events_experimental = 0;
  Count n_control = 0, events_control = 0;
  std::optional<HazardRatio> hazard_ratio{};
  std::optional<LogRank> logrank{};
  std::optional<RestrictedMean> rmst_difference{};
  Number interaction_p{};  ///< of the covariate with the arm; on the first level of the covariate or on each
};

/// Twins of one covariate level: benefit is the time gained by the experimental arm, in days, for one and the same
/// patient.
struct TwinGroup {
  std::string covariate{};
  std::string level{};
  Count n = 0;
  Estimate mean_benefit_days{};
  Number share_better{};
  Number share_worse{};
};

/// A point of the sorted individual benefits: `share` of patients gain at most `days`.
struct BenefitQuantile {
  double share = 0;
  double days = 0;
};

/// One patient's own benefit, with what was known of the patient at the start.
struct TwinPatient {
  Count id = 0;  ///< in the run, as of coley patient
  double benefit_days = 0;
  std::vector<std::pair<std::string, std::string>> levels{};  ///< covariate and level
};

/// Each virtual patient on both arms with the same draws. Key: endpoint, later pairs endpoint/experimental/control.
struct TwinSummary {
  std::string endpoint{};
  std::string experimental{};
  std::string control{};
  Count n = 0;
  double horizon_months = 0;  ///< both times are cut here
  Estimate mean_benefit_days{};
  std::vector<BenefitQuantile>
      benefit_days{};       ///< increasing in share; up to 201 points; the usual ones are share 0.05 .. 0.95
  double share_better = 0;  ///< gain more than a day
  double share_worse = 0;   ///< lose more than a day; the rest are the same
  std::vector<TwinGroup> by{};
  std::vector<TwinPatient> patients{};  ///< the first of the run; may be empty
};

enum class Role { calibration, validation, context };
/// What an evidence row measures, hence its axis: a ratio (log axis), a probability, or a time in months.
enum class Scale { ratio, probability, months };

/// Published beside simulated. `simulated` is the expectation with its Monte-Carlo and parameter uncertainty.
struct EvidenceRow {
  std::string id{};        ///< row of evidence/published.csv
  std::string quantity{};  ///< for people, e.g. "DFS at 24 months, placebo"
  Scale scale = Scale::probability;
  std::string source{};  ///< registry number or DOI
  Estimate published{};
  Estimate simulated{};
  std::optional<Estimate> simulated_trials{};  ///< middle (estimate) and central range of trials of the published size
  double trials_level = 0.9;                   ///< of that range
  Number published_percentile{};               ///< share of those trials below the published estimate, 0..1
  Role role = Role::context;
  std::optional<bool> agrees{};  ///< absent for context and where nothing can be said
};

struct Failures {
  Count integration = 0;  ///< patients who could not be integrated, counted and left out of the endpoints
  Count excluded = 0;     ///< patients left out of the analysis for another reason
};

/// Keys under which the entries of `twins` are written, in their order.
std::vector<std::string> twin_keys(const std::vector<TwinSummary>& twins);

/// A parameter of the model as it was used in this run.
struct ParameterRow {
  std::string group{};  ///< heading in the table, e.g. "Tumour growth"; may be ""
  std::string symbol{};
  std::string meaning{};
  std::string unit{};          ///< "1" for none
  double value = 0;            ///< population median or fixed value
  std::string distribution{};  ///< between patients, in words; "" is the same for all
  std::string source{};        ///< citation, or "assumed", or "calibrated to ..."
  bool changed = false;        ///< by --set or by the protocol
};

struct SurvivalPoint {
  double month = 0;
  double survival = 1;
  Number low{}, high{};
};

/// Cumulative censored and events: the three counts add up to the arm's n at every time.
struct RiskRow {
  double month = 0;
  Count at_risk = 0, censored = 0, events = 0;
};

/// Where the curves of simulated trials of the published size lie.
struct EnvelopePoint {
  double month = 0;
  double low = 0, high = 0;
};

/// A step curve: each point holds from its month to the next. Starts at month 0 with survival 1.
struct SurvivalCurve {
  std::string endpoint{};
  std::string arm{};
  std::optional<std::string> cutoff{};
  std::vector<SurvivalPoint> points{};
  std::vector<RiskRow> at_risk{};         ///< at the same whole months for every arm of an endpoint
  std::vector<EnvelopePoint> envelope{};  ///< empty without replicates
  double envelope_level = 0.9;
  std::vector<SurvivalPoint> one_trial{};  ///< a single simulated trial of the published size, without bands; may be empty
};

/// One of the first patients of the run on the assigned arm. Months after randomisation; absent where it did not happen.
struct PatientLine {
  Count id = 0;  ///< in the run, as of coley patient
  std::string arm{};
  double months = 0;            ///< until death, loss or the end of follow-up
  double treatment_months = 0;  ///< on study drugs
  std::optional<std::string> response{};  ///< best, RECIST 1.1; absent without measurable disease
  Number best_change{};  ///< of the sum of true diameters of lesions known at randomisation; -1 is all gone
  std::vector<std::pair<double, double>> change{};  ///< month and change at scans before progression and further treatment
  Number response_month{}, progression_month{}, next_line_month{}, death_month{};
};

/// Everything that is written and shown.
struct Summary {
  Provenance coley;
  RunFacts run;
  TrialFacts trial;
  std::optional<Screening> screening{};
  std::vector<BaselineRow> baseline{};
  std::vector<ArmSummary> arms{};
  std::vector<Comparison> comparisons{};
  std::vector<TwinSummary> twins{};  ///< empty: no twins, written as null
  std::vector<EvidenceRow> evidence{};
  std::string evidence_rule{};  ///< when a row `agrees`, one sentence; may be ""
  Failures failures;
  std::vector<ParameterRow> parameters{};
  std::vector<std::string> limits{};  ///< what the model does not do, a sentence each
  std::vector<SurvivalCurve> survival{};
  std::vector<PatientLine> patients{};  ///< empty: written as null
};

/// Version of the summary's shape. It rises when a key changes its meaning or goes away, not when one is added.
inline constexpr int kSummarySchemaVersion = 1;

/// The value of summary.json, keys in the order of docs/summary.md. Curves are thinned (report/thin.hpp).
/// Throws std::logic_error that names the key when a number is not finite.
nlohmann::ordered_json summary_json(const Summary& summary);

/// One row of `evidence`, as summary_json writes it.
nlohmann::ordered_json evidence_row_json(const EvidenceRow& row);

/// Writes summary_json, indented by two spaces, with a newline at the end. Throws RunError when the stream fails.
void write_summary_json(std::ostream& out, const Summary& summary);

}  // namespace coley::report
