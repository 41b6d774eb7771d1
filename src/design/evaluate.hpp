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
#include "design/plan_file.hpp"
#include "design/pool.hpp"

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
    std::shared_ptr<const Source> source;
  };
  Entry get(const Plan& plan);

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

/// Survival by month on both arms, without censoring.
struct TrueCurves {
  std::vector<double> control, experimental;    ///< at month 0, 1, 2, ...
};

struct ScenarioResult {
  std::vector<std::pair<std::string, std::string>> setting;  ///< key and value of each axis
  double weight = 1;                                         ///< product of the axes' weights, not normalised
  Plan plan;
  std::vector<LookMeans> looks;
  std::vector<TestResult> tests;
  std::optional<AnalyticAnswer> analytic;  ///< not with re-estimation, for which there is no formula
  TrueCurves curves;
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
  std::string control_label, experimental_label, endpoint;
  std::vector<ScenarioResult> scenarios;      ///< the plan itself when nothing varies
  std::vector<Assurance> assurance;           ///< empty when no axis has weights
};

/// One plan with one source.
ScenarioResult evaluate_plan(const Plan& plan, Sources& sources, const EvaluateOptions& options);

/// Reads the plan and evaluates every scenario of its grid. Throws InputError with the faults of any of them.
DesignResult evaluate_design(const NamedText& file, const std::vector<std::string>& sets, Sources& sources, const EvaluateOptions& options);

}  // namespace coley::design
