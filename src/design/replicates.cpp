// SPDX-License-Identifier: Apache-2.0
#include "design/replicates.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>

#include "core/chunks.hpp"
#include "design/lean_log_rank.hpp"
#include "design/look_tests.hpp"
#include "design/look_times.hpp"
#include "design/reestimation.hpp"

namespace coley::design {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The plain log-rank test on continuous times is all that is asked.
bool is_lean(const Plan& plan, const Source& source) {
  return source.continuous() && plan.tests.size() == 1 && plan.tests[0].kind == TestKind::log_rank && !plan.tests[0].stratified;
}

/// Runs trials one after another in one thread.
class Runner {
 public:
  Runner(const Plan& plan, const Source& source, const statistics::SequentialDesign& design, const ReplicateOptions& options, TrialTable& table)
      : source_(source), options_(options), table_(table), design_(design), reestimation_(plan.reestimation), planned_events_(plan.looks.back().events.value_or(0)),
        margin_(std::log(plan.margin)), is_lean_(is_lean(plan, source)), times_(plan.looks),
        tests_(plan.tests), rules_(plan.tests.size(), StoppingRule(plan, design)), open_(plan.tests.size()), events_(plan.looks.size()) {}

  /// Looks that waited for events that never came.
  int run(std::size_t replicate) {
    source_.fill({options_.seed, options_.first + replicate}, options_.truth, cohort_);
    times_.find(cohort_, days_);
    if (is_lean_) lean_.begin(cohort_, horizon());
    std::fill(open_.begin(), open_.end(), Open::yes);
    std::size_t open = open_.size();
    for (std::size_t look = 0; look < table_.looks && (open > 0 || options_.every_look); ++look) {
      if (reestimation_ && look + 1 == table_.looks) reestimate(replicate);
      see(replicate, look);
      for (std::size_t test = 0; test < open_.size(); ++test) open -= judge(replicate, test, look) ? 1 : 0;
      if (options_.every_look && look + 1 == table_.looks) estimate(replicate, look);
    }
    return times_.short_of_events();
  }

 private:
  enum class Open : std::uint8_t { yes, overruled, no };

  /// The last day that a look can fall on.
  double horizon() {
    return reestimation_ ? std::max(days_.back(), times_.day_of_events(static_cast<std::size_t>(reestimation_->most * planned_events_))) : days_.back();
  }

  /// Before the last look: moves it to as many events as the one before calls for.
  void reestimate(std::size_t replicate) {
    const std::size_t before = table_.looks - 2;
    const double z = table_.z[table_.cell(replicate, 0, before)];
    if (std::isnan(z)) return;
    const double events = reestimated_events(*reestimation_, design_, z, events_[before], planned_events_);
    if (events > planned_events_) days_[before + 1] = std::max(days_[before + 1], times_.day_of_events(static_cast<std::size_t>(events)));
  }

  void see(std::size_t replicate, std::size_t look) {
    const std::size_t cell = table_.cell(replicate, look);
    if (is_lean_) {
      lean_.look(days_[look]);
      const LeanLogRank::Score score = lean_.score(margin_);
      double& z = table_.z[table_.cell(replicate, 0, look)];
      z = score.v > 0 ? -score.u / std::sqrt(score.v) : kNaN;
      if (reestimation_ && look + 1 == table_.looks && score.v > before_.v)
        z = combined_z(design_, table_.z[table_.cell(replicate, 0, look - 1)], -(score.u - before_.u) / std::sqrt(score.v - before_.v));
      before_ = score;
    } else {
      tests_.look(source_, cohort_, days_[look]);
      for (std::size_t test = 0; test < open_.size(); ++test) table_.z[table_.cell(replicate, test, look)] = tests_.z(test);
    }
    events_[look] = static_cast<double>(is_lean_ ? lean_.events() : tests_.events());
    table_.day[cell] = days_[look];
    table_.events[cell] = events_[look];
    table_.recruited[cell] = static_cast<double>(is_lean_ ? lean_.recruited() : tests_.recruited());
  }

  void estimate(std::size_t replicate, std::size_t look) {
    double& ratio = table_.log_ratio[table_.cell(replicate, look)];
    if (std::isnan(ratio)) ratio = is_lean_ ? lean_.log_hazard_ratio() : tests_.log_hazard_ratio();
  }

  /// True when this look closes the test.
  bool judge(std::size_t replicate, std::size_t test, std::size_t look) {
    if (open_[test] == Open::no) return false;
    const Verdict verdict = rules_[test].verdict(look, table_.z[table_.cell(replicate, test, look)], std::span(events_).first(look + 1));
    if (verdict == Verdict::go_on) return false;
    Ending& ending = table_.endings[replicate * table_.tests + test];
    ending.rejects_overruled = verdict == Verdict::efficacy;
    if (open_[test] == Open::overruled && verdict != Verdict::futility) {
      open_[test] = Open::no;
      return true;
    }
    if (open_[test] == Open::overruled) return false;
    ending.look = static_cast<std::uint8_t>(look);
    ending.verdict = verdict;
    estimate(replicate, look);
    // Under the null hypothesis a stop for futility may be overruled, and what follows counts as type-I error.
    const bool goes_on = verdict == Verdict::futility && rules_[test].overrulable() && options_.truth == Truth::null;
    open_[test] = goes_on ? Open::overruled : Open::no;
    return !goes_on;
  }

  const Source& source_;
  const ReplicateOptions& options_;
  TrialTable& table_;
  const statistics::SequentialDesign& design_;
  std::optional<Reestimation> reestimation_;
  double planned_events_;
  LeanLogRank::Score before_;  // of the look before
  double margin_;
  bool is_lean_;
  LookTimes times_;
  LeanLogRank lean_;
  LookTests tests_;
  std::vector<StoppingRule> rules_;
  std::vector<Open> open_;
  std::vector<double> events_, days_;
  Cohort cohort_;
};

}  // namespace

TrialTable empty_table(const Plan& plan, std::size_t replicates) {
  TrialTable table{.replicates = replicates, .looks = plan.looks.size(), .tests = plan.tests.size()};
  const std::size_t cells = replicates * table.looks;
  for (std::vector<double>* column : {&table.day, &table.events, &table.recruited, &table.log_ratio}) column->assign(cells, kNaN);
  table.z.assign(cells * table.tests, kNaN);
  table.endings.resize(replicates * table.tests);
  return table;
}

TrialTable run_replicates(const Plan& plan, const Source& source, const ReplicateOptions& options) {
  const statistics::SequentialDesign design = planned_design(plan, plan.efficacy.alpha);
  TrialTable table = empty_table(plan, options.replicates);
  std::atomic<long long> short_of_events = 0;
  const auto worker = [&]() -> Worker {
    const auto runner = std::make_shared<Runner>(plan, source, design, options, table);
    return [runner, &short_of_events](std::size_t begin, std::size_t end) {
      for (std::size_t r = begin; r < end; ++r) short_of_events += runner->run(r);
    };
  };
  in_chunks(options.replicates, 64, options.threads, worker, options.progress);
  table.short_of_events = short_of_events;
  return table;
}

}  // namespace coley::design
