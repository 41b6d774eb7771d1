// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a trial is planned to be: the design file as data (docs/design.md). Where event times come from, how the trial is
// conducted, when it is looked at, which tests decide, and what is to be varied or solved for. Immutable; knows no
// threads. Times are in months, as a protocol says them.

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "protocol/protocol.hpp"

namespace coley::design {

/// The law of one endpoint on one arm, where no engine is asked: piecewise constant hazards.
struct Arm {
  std::string name;
  std::string label;
  int weight = 1;                        ///< of allocation
  std::optional<double> median_months;   ///< constant hazard with this median
  std::vector<double> hazard_per_month;  ///< or one hazard a piece
  std::vector<double> hazard_ratio;      ///< or one ratio to the first arm a piece
  std::vector<double> from_months;       ///< where pieces begin, the first at 0
  std::optional<double> deaths;          ///< share of these events that are deaths, where a second endpoint is death
  std::optional<double> after_months;    ///< median survival after the others, likewise
};

/// Patients who differ in how they fare and in what treatment does to them.
struct Subgroup {
  std::string name;
  double share = 0;
  double hazard_factor = 1;             ///< on the hazard of both arms
  std::optional<double> hazard_ratio;   ///< of treatment in this subgroup, in place of the arm's, at all times
};

/// Event times from the engine, in place of arms: every patient of the pool on both arms, followed until `months`.
struct Pool {
  long patients = 4000;
  std::string endpoint;      ///< of endpoints/; "" is that of the trial's first analysis
  std::string experimental;  ///< arms of the trial; "" are those of its first analysis
  std::string control;
  std::vector<std::string> others;  ///< further experimental arms, for designs that choose among arms
  double months = 60;        ///< follow-up that a look may need
  int control_weight = 1;    ///< of allocation
  int experimental_weight = 1;
};

/// Treatment in the small disease model (small_model.hpp).
struct SmallModelArm {
  std::string label;
  double growth_factor = 1;          ///< on tumour growth, chemotherapy
  double growth_factor_months = 6;   ///< how long
  double killing_factor = 1;         ///< on killing by T cells, immunotherapy without end
};

/// Event times from the small disease model, in place of a trial.
struct SmallModel {
  double growth_log_mean = 2.539832;  ///< of the growth rate between patients
  double growth_log_sd = 1.006123;
  SmallModelArm control;
  SmallModelArm experimental;
};

enum class Arrivals { even, poisson };

struct Accrual {
  double months = 24;
  double ramp_months = 0;
  Arrivals arrivals = Arrivals::even;
};

/// When the data are looked at: at so many events, at a month after the first patient, or when both have come.
struct Look {
  std::optional<double> events;
  std::string of;  ///< endpoint whose events are meant; "" is the first
  std::optional<double> months;
  std::optional<double> latest_months;  ///< at the latest then, with however many events
};

enum class Bounds { obrien_fleming, pocock, wang_tsiatis, haybittle_peto, spend_obrien_fleming, spend_pocock, hwang_shih_decani, kim_demets };
enum class Clock {
  planned,  ///< information fractions of the plan
  observed  ///< spending at the events there really are
};

struct Efficacy {
  double alpha = 0.025;  ///< one-sided
  Bounds bounds = Bounds::spend_obrien_fleming;
  double parameter = 0;  ///< delta of Wang and Tsiatis, z of Haybittle and Peto, gamma or rho
  Clock clock = Clock::planned;
};

struct Futility {
  std::vector<double> z;  ///< one a look before the last
  std::string spending;   ///< word of a spending function; "" is none
  double parameter = 0;
  double beta = 0.1;
  bool binding = false;
};

/// More events for the last look when the one before shows promise (Mehta and Pocock 2011), with the stages combined at
/// weights fixed beforehand (Cui, Hung and Wang 1999), which holds the level whatever the rule.
struct Reestimation {
  double promising = 0.3;  ///< conditional power at the observed effect from which events are added
  double power = 0.9;      ///< conditional power to be reached
  double most = 1.5;       ///< times the planned events, at most
};

/// One of two primary endpoints, the second of which is death. Each is tested at a level of its own, spent at its own events;
/// when it is rejected its level goes to the other (statistics/alpha_graph.hpp).
struct Endpoint {
  std::string name;
  double alpha = 0;
  double pass_on = 1;            ///< share of its level that the other receives
  double events = 0;             ///< at which all its level is spent
  std::vector<double> looks;     ///< numbers of the looks, from 1, that test it; empty: all
  Bounds bounds = Bounds::spend_obrien_fleming;
  double parameter = 0;
};

/// At the first look, arms or a population are chosen for the second stage. Stages are of different patients, combined in a
/// closed test (statistics/combination_test.hpp), so that any choice is allowed.
struct Selection {
  std::string endpoint;    ///< by which arms are chosen, coming before death, which is then tested; "": the tested one
  int keep = 1;            ///< experimental arms that go on
  double least_z = -10;    ///< none goes on with z at the first look at or below
  std::string subgroup;    ///< instead of arms: population to which recruitment may be narrowed
  std::optional<double> first_share;  ///< squared weight of the first stage; without it the share of patients in it as planned
};

/// Allocation that follows the outcomes seen so far: to the experimental arm in proportion to a power of the probability
/// that its hazard is the smaller.
struct ResponseAllocation {
  long burn_in = 100;  ///< patients assigned before, by the weights
  long every = 20;     ///< patients between two updates
  double power = 0.5;
  double least = 0.2;  ///< share that neither arm falls below
};

/// Bayesian monitoring of the log hazard ratio, normal, in place of bounds that spend alpha.
struct Predictive {
  double prior_ratio = 1;    ///< hazard ratio at the centre of the prior
  double prior_events = 0;   ///< what the prior is worth, in events
  double success = 0.975;    ///< posterior probability of a ratio below the margin that convinces at the last look
  double efficacy = 0.99;    ///< the trial stops when the predictive probability of that is above
  double futility = 0.05;    ///< or at or below
};

/// A trial of one arm with a yes-no outcome, in place of all that compares arms.
struct SingleArm {
  enum class Kind { optimal, minimax, bayes };
  Kind kind = Kind::optimal;
  double null = 0;                 ///< response probability that is not worth pursuing
  double wanted = 0;               ///< one at which the trial should succeed
  double alpha = 0.05, power = 0.8;  ///< of Simon's designs
  std::vector<double> looks;       ///< patients at each look, of Bayesian monitoring
  std::vector<double> prior;       ///< responses and failures of the beta prior; empty: half of each (Jeffreys)
  double success = 0.95, efficacy = 1, futility = 0.05;
};

/// The power at every member of the parameter ensemble by itself.
struct MemberAssurance {
  long patients = 1000;    ///< of the pool of each member
  long replicates = 400;   ///< trials at each member
};

enum class TestKind { log_rank, fleming_harrington, modestly_weighted, max_combo, rmst, milestone };

struct Test {
  std::string name;
  TestKind kind = TestKind::log_rank;
  double rho = 0, gamma = 0;
  double months = 0;        ///< t* of modest weights, restriction of the mean, or the milestone
  bool stratified = false;  ///< by the subgroups, or by the strata of the trial's randomisation
};

/// One axis of the grid of scenarios: any key of the design file, or trial.<path>, parameters.<symbol>, drugs.<...>.
struct Vary {
  std::string key;
  std::vector<double> values;
  std::vector<std::string> words;  ///< in place of values, for keys that take texts
  std::vector<double> weights;     ///< how probable each is; the power averaged with them is the assurance
  std::size_t size() const { return words.empty() ? values.size() : words.size(); }
};

enum class Unknown {
  size,   ///< patients, and with them the events of every look
  events, ///< events of the looks, with the patients as given: the shortest trial
  looks   ///< when to look before the end, so that the trial is expected to be shortest
};

struct Solve {
  Unknown unknown = Unknown::size;
  double power = 0.9;
  std::string test;  ///< "" is the first
};

struct Plan {
  int schema_version = 1;
  std::string name;
  std::string title;
  std::string trial;  ///< name or path of a protocol, for event times from the engine
  std::optional<SmallModel> model;  ///< or from the small disease model
  Pool pool;
  std::vector<Arm> arms;  ///< control first
  std::vector<Subgroup> subgroups;
  long patients = 0;
  Accrual accrual;
  double dropout_per_year = 0;
  double margin = 1;  ///< hazard ratio under the null hypothesis; above 1 for non-inferiority
  std::vector<Look> looks;
  Efficacy efficacy;
  std::optional<Futility> futility;
  std::optional<Reestimation> reestimation;
  std::vector<Endpoint> endpoints;  ///< two, or none
  std::optional<Selection> selection;
  std::optional<ResponseAllocation> allocation;
  std::optional<Predictive> predictive;
  std::optional<SingleArm> single_arm;
  std::optional<MemberAssurance> assurance;
  std::vector<Test> tests;
  std::vector<Vary> vary;
  std::optional<Solve> solve;
  long replicates = 10000;
  long seed = 1;
  std::vector<std::string> sets;  ///< --set texts of the trial; not a key of the file

  /// Weights of allocation by arm, control first.
  std::vector<int> weights() const;
  /// Names of the endpoints that every patient has, in the order in which they come: two when one of them is death, else one.
  std::vector<std::string> patient_endpoints() const;
  /// Whether several hypotheses are tested (hypotheses.hpp), each with a result of its own.
  bool several_hypotheses() const { return !endpoints.empty() || selection; }
};

}  // namespace coley::design
