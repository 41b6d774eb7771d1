// SPDX-License-Identifier: Apache-2.0
#pragma once
// A design evaluated over the grid of its scenarios: every test's operating characteristics under the effect and under the
// null hypothesis, beside what formulas say.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "design/analytic.hpp"
#include "design/characteristics.hpp"
#include "design/hypotheses.hpp"
#include "design/plan_file.hpp"
#include "design/pool.hpp"
#include "statistics/response_design.hpp"

namespace coley::design {

struct EvaluateOptions {
  int threads = 1;
  std::string kept;  ///< folder of natural histories kept between runs; "" is none
  /// Called with what is being done and how far it is, from 0 to 1; may throw to stop.
  std::function<void(const std::string& what, double share)> progress = {};
};

/// Sources of event times, each pool simulated once whatever the number of scenarios that draw from it.
class Sources {
 public:
  explicit Sources(const EvaluateOptions& options) : options_(options) {}
  struct Entry {
    std::shared_ptr<const SimulatedPool> pool;  ///< null with hazards
    std::shared_ptr<const Source> source;       ///< null with one arm
  };
  /// At one member of the ensemble, or at all of them mixed.
  Entry get(const Plan& plan, std::optional<std::size_t> member = {});
  /// Members of the ensemble that a plan's trial runs at; 0 without one.
  static std::size_t members(const Plan& plan);

 private:
  const EvaluateOptions& options_;
  std::map<std::string, std::shared_ptr<const SimulatedPool>> pools_;
};

struct TestResult {
  TestCharacteristics effect;                   ///< when treatment does what the source says
  TestCharacteristics null;                     ///< under the null hypothesis
  Measured type_one_error;                      ///< with futility that does not bind overruled
  std::optional<double> pool_error;             ///< of the power, from the finite size of the pool
  std::optional<Formula> formula;               ///< the expected log-rank test with these weights
};

/// Survival by month on an arm, without censoring.
struct TrueCurve {
  std::string name;
  std::vector<double> survival;                 ///< at month 0, 1, 2, ...
};

struct FamilywiseError {
  std::string nothing_on;                       ///< the hypotheses that are true
  Measured error;                               ///< P(one of them is rejected)
};

/// Of a design that tests several hypotheses; `tests` of the result are at least one of them, and each.
struct Multiplicity {
  Measured all;                                 ///< P(all are rejected)
  std::vector<FamilywiseError> familywise;
  std::vector<EndpointBound> bounds;
};

/// Of a design with one arm: exact.
struct SingleArmResult {
  statistics::ResponseDesign design;
  std::optional<double> response;               ///< of the trial's arm in the pool; else what the plan wants
  statistics::ResponseCharacteristics null, wanted, at_response;
};

/// The power at every member of the ensemble by itself, for one test.
struct MemberPowers {
  std::string test;
  std::vector<Measured> members;                ///< errors hold that of the member's pool
  Measured mean;                                ///< the probability of success
  double spread = 0;                            ///< standard deviation between members beyond their errors
};

struct ScenarioResult {
  std::vector<std::pair<std::string, std::string>> setting;  ///< key and value of each axis
  double weight = 1;                                         ///< product of the axes' weights, not normalised
  Plan plan;
  std::vector<LookMeans> looks;
  std::vector<TestResult> tests;
  std::optional<AnalyticAnswer> analytic;  ///< not with re-estimation, for which there is no formula
  std::vector<TrueCurve> curves;           ///< by endpoint and arm, control first
  std::optional<Multiplicity> multiplicity;
  std::optional<SingleArmResult> single_arm;
  std::vector<MemberPowers> members;       ///< by test, where the plan asks for it
  long long short_of_events = 0;                             ///< trials' looks that waited in vain
  std::size_t pool_patients = 0;                             ///< 0 with hazards
};

/// Probability of success over the scenarios by their weights.
struct Assurance {
  std::string test;
  Measured power;
};

struct DesignResult {
  Plan plan;                                  ///< as in the file
  statistics::SequentialDesign bounds;        ///< of the plan as in the file
  std::vector<std::string> arm_labels;        ///< control first
  std::string endpoint;
  std::vector<ScenarioResult> scenarios;      ///< the plan itself when nothing varies
  std::vector<Assurance> assurance;           ///< empty when no axis has weights
};

/// Labels of a plan's arms, control first.
std::vector<std::string> labels_of(const Plan& plan, const SimulatedPool* pool);

/// One plan with one source.
ScenarioResult evaluate_plan(const Plan& plan, Sources& sources, const EvaluateOptions& options);

/// Reads the plan and evaluates every scenario of its grid. Throws InputError with the faults of any of them.
DesignResult evaluate_design(const NamedText& file, const std::vector<std::string>& sets, Sources& sources, const EvaluateOptions& options);

}  // namespace coley::design
