// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "design/allocation.hpp"
#include "design/hypotheses.hpp"
#include "design/look_statistic.hpp"
#include "design/look_times.hpp"
#include "statistics/alpha_graph.hpp"

namespace coley::design {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool tests_at(const Endpoint& endpoint, std::size_t look) {
  return endpoint.looks.empty() || std::find(endpoint.looks.begin(), endpoint.looks.end(), static_cast<double>(look + 1)) != endpoint.looks.end();
}

std::size_t last_look(const Plan& plan, const Endpoint& endpoint) {
  std::size_t last = plan.looks.size() - 1;
  while (last > 0 && !tests_at(endpoint, last)) --last;
  return last;
}

statistics::AlphaGraph graph_of(const std::vector<Endpoint>& endpoints) {
  return {{endpoints[0].alpha, endpoints[1].alpha}, {{0, endpoints[0].pass_on}, {endpoints[1].pass_on, 0}}};
}

SpendingClock clock_of(const Endpoint& endpoint, double alpha) { return {spending_of(endpoint.bounds, endpoint.parameter), alpha, endpoint.events}; }

/// What one endpoint has shown so far in one trial: only looks with more events than the one before.
struct Seen {
  std::vector<double> z, events;
  bool last = false;  ///< its last look is among them
};

class EndpointTrials : public HypothesisTrials {
 public:
  EndpointTrials(const Plan& plan, const Source& source, const NoEffect& none, bool every_look, std::vector<TrialTable>& tables)
      : plan_(plan), source_(source), none_(none), every_look_(every_look), tables_(tables), statistic_(plan.tests[0], source), allocation_(2),
        times_(2, LookTimes({})), cohorts_(2), clocks_(2) {
    for (const int weight : plan.weights()) weights_.push_back(weight);
  }

  int run(DrawKey key, std::size_t replicate) override {
    enrol(key);
    seen_.assign(2, {});
    statistics::AlphaGraph graph = graph_of(plan_.endpoints);
    for (TrialTable& table : tables_) table.endings[replicate] = {static_cast<std::uint8_t>(plan_.looks.size() - 1), Verdict::failure, false};
    for (std::size_t e = 0; e < 2; ++e) tables_[1 + e].endings[replicate].look = static_cast<std::uint8_t>(last_look(plan_, plan_.endpoints[e]));
    double day = 0;
    for (std::size_t look = 0; look < plan_.looks.size(); ++look) {
      const std::size_t of = plan_.looks[look].of == plan_.endpoints[1].name ? 1 : 0;
      day = std::max(day, times_[of].day_of(plan_.looks[look]));
      for (std::size_t e = 0; e < 2; ++e) see(replicate, e, look, day);
      judge(replicate, look, graph);
      if (!every_look_ && graph.rejected(0) && graph.rejected(1)) break;
    }
    return times_[0].short_of_events() + times_[1].short_of_events();
  }

 private:
  void enrol(DrawKey key) {
    source_.fill(key, 0, candidates_);
    take_away(none_, candidates_);
    allocation_.clear();
    for (Cohort& cohort : cohorts_) {
      cohort.resize(candidates_.entry.size());
      cohort.entry = candidates_.entry;
    }
    for (std::size_t i = 0; i < candidates_.entry.size(); ++i) {
      const std::size_t arm = allocation_.next(candidates_.stratum[i], weights_);
      for (std::size_t e = 0; e < 2; ++e) candidates_.put(i, e, arm, cohorts_[e], i);
    }
    for (std::size_t e = 0; e < 2; ++e) times_[e].find(cohorts_[e], days_);
  }

  void see(std::size_t replicate, std::size_t e, std::size_t look, double day) {
    const Endpoint& endpoint = plan_.endpoints[e];
    const double events = events_seen(cohorts_[e], day);
    const auto& entry = cohorts_[e].entry;
    for (const std::size_t t : {std::size_t{0}, 1 + e}) {
      if (t == 0 && e > 0) continue;  // at least one: the events of the first endpoint
      TrialTable& table = tables_[t];
      const std::size_t cell = table.cell(replicate, look);
      table.day[cell] = day;
      table.events[cell] = events;
      table.recruited[cell] = static_cast<double>(std::upper_bound(entry.begin(), entry.end(), day) - entry.begin());
      table.z[cell] = 0;
    }
    if (!tests_at(endpoint, look)) return;
    TrialTable& table = tables_[1 + e];
    const std::size_t cell = table.cell(replicate, look);
    table.z[cell] = statistic_.z(cohorts_[e], day, e);
    table.log_ratio[cell] = table.log_ratio[table.cell(replicate, table.looks - 1)] = statistic_.log_hazard_ratio();
    Seen& seen = seen_[e];
    seen.last = look == last_look(plan_, endpoint);
    if (events <= (seen.events.empty() ? 0 : seen.events.back())) return;
    seen.events.push_back(events);
    seen.z.push_back(table.z[cell]);
  }

  /// Whether a look so far meets the bounds of the design at this level, which are lower the higher the level is.
  bool convinces(std::size_t e, double alpha) {
    if (!(alpha > 0)) return false;
    const Seen& seen = seen_[e];
    SpendingClock& clock = clocks_[e].try_emplace(alpha, clock_of(plan_.endpoints[e], alpha)).first->second;
    const double least = -normal_quantile(alpha);  // no look spends more than alpha
    for (std::size_t k = 0; k < seen.z.size(); ++k)
      if (seen.z[k] > least && seen.z[k] > clock.bound(std::span(seen.events).first(k + 1), seen.last && k + 1 == seen.z.size())) return true;
    return false;
  }

  void judge(std::size_t replicate, std::size_t look, statistics::AlphaGraph& graph) {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t e = 0; e < 2; ++e) {
        if (graph.rejected(e) || !convinces(e, graph.alpha(e))) continue;
        graph.reject(e);
        changed = true;
        const Ending here{static_cast<std::uint8_t>(look), Verdict::efficacy, true};
        TrialTable& table = tables_[1 + e];
        table.endings[replicate] = here;
        if (tables_[0].endings[replicate].verdict != Verdict::efficacy) tables_[0].endings[replicate] = here;
        // rejected after its last look, when the other passed its level on: on the estimate it had
        double& ratio = table.log_ratio[table.cell(replicate, look)];
        if (std::isnan(ratio)) ratio = table.log_ratio[table.cell(replicate, table.looks - 1)];
      }
    }
  }

  const Plan& plan_;
  const Source& source_;
  NoEffect none_;
  bool every_look_;
  std::vector<TrialTable>& tables_;
  LookStatistic statistic_;
  Allocation allocation_;
  std::vector<double> weights_, days_;
  std::vector<LookTimes> times_;
  std::vector<Cohort> cohorts_;
  std::vector<std::map<double, SpendingClock>> clocks_;
  std::vector<Seen> seen_;
  Candidates candidates_;
};

}  // namespace

std::unique_ptr<HypothesisTrials> endpoint_trials(const Plan& plan, const Source& source, const NoEffect& none, bool every_look, std::vector<TrialTable>& tables) {
  return std::make_unique<EndpointTrials>(plan, source, none, every_look, tables);
}

std::vector<EndpointBound> endpoint_bounds(const Plan& plan, const std::vector<TrialTable>& tables) {
  std::vector<EndpointBound> rows;
  for (std::size_t e = 0; e < plan.endpoints.size(); ++e) {
    const Endpoint& endpoint = plan.endpoints[e];
    statistics::AlphaGraph raised = graph_of(plan.endpoints);
    raised.reject(1 - e);
    SpendingClock own = clock_of(endpoint, endpoint.alpha), more = clock_of(endpoint, raised.alpha(e));
    const std::vector<LookMeans> means = look_means(tables[1 + e]);
    std::vector<double> events;
    for (std::size_t look = 0; look < plan.looks.size(); ++look) {
      if (!tests_at(endpoint, look) || !(means[look].events > (events.empty() ? 0 : events.back()))) continue;
      events.push_back(means[look].events);
      const bool last = look == last_look(plan, endpoint);
      const auto bound = [&](SpendingClock& clock, double alpha) { return alpha > 0 ? clock.bound(events, last) : kInfinity; };
      rows.push_back({endpoint.name, look, means[look].events, bound(own, endpoint.alpha), bound(more, raised.alpha(e))});
    }
  }
  return rows;
}

}  // namespace coley::design
