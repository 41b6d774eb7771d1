// SPDX-License-Identifier: Apache-2.0
#include "statistics/concordance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/error.hpp"
#include "statistics/time_order.hpp"

namespace coley::statistics {
namespace {

/// Sums of weights by rank of the predictor, in log time (a Fenwick tree), with the sum at each rank beside it.
class RankSums {
 public:
  explicit RankSums(std::size_t ranks) : tree_(ranks + 1), at_(ranks) {}
  void add(std::size_t rank, double weight) {
    at_[rank] += weight;
    total_ += weight;
    for (std::size_t i = rank + 1; i < tree_.size(); i += i & (~i + 1)) tree_[i] += weight;
  }
  struct Split {
    double below, equal, above;
  };
  Split split(std::size_t rank) const {
    double below = 0;
    for (std::size_t i = rank; i > 0; i -= i & (~i + 1)) below += tree_[i];
    return {below, at_[rank], total_ - below - at_[rank]};
  }

 private:
  std::vector<double> tree_, at_;
  double total_ = 0;
};

/// What row i adds to concordant, discordant and tied pairs per unit of its weight.
struct Influence {
  double concordant = 0, discordant = 0, tied = 0;
  void add(const RankSums::Split& split, bool predictor_of_later, double factor) {
    concordant += factor * (predictor_of_later ? split.below : split.above);
    discordant += factor * (predictor_of_later ? split.above : split.below);
    tied += factor * split.equal;
  }
};

class Counter {
 public:
  Counter(const SurvivalRows& rows, std::span<const double> predictor, const ConcordanceOptions& options)
      : rows_(rows), predictor_(predictor), options_(options), influence_(rows.size()) {}

  Concordance count;
  std::vector<Influence>& influence() { return influence_; }

  /// One stratum: its rows ascending in time, and in entry.
  void add(std::span<const TimedRow> exits, std::span<const TimedRow> entries) {
    ranks(exits);
    blocks(exits);
    weigh(exits, entries);
    deaths_against_later_rows(exits, entries);
    later_rows_against_deaths(exits, entries);
  }

 private:
  double weight(const TimedRow& row) const { return rows_.weight.empty() ? 1 : rows_.weight[row.row]; }
  bool died(const TimedRow& row) const { return rows_.event[row.row] != 0; }
  std::size_t rank(const TimedRow& row) const { return rank_.at(predictor_[row.row]); }

  void ranks(std::span<const TimedRow> exits) {
    sorted_.clear();
    for (const TimedRow& row : exits) sorted_.push_back(predictor_[row.row]);
    std::sort(sorted_.begin(), sorted_.end());
    sorted_.erase(std::unique(sorted_.begin(), sorted_.end()), sorted_.end());
    rank_.clear();
    for (std::size_t i = 0; i < sorted_.size(); ++i) rank_.emplace(sorted_[i], i);
  }

  void blocks(std::span<const TimedRow> exits) {
    block_.clear();
    for (std::size_t i = 0; i < exits.size(); ++i)
      if (i == 0 || exits[i].key != exits[i - 1].key) block_.push_back(i);
    block_.push_back(exits.size());
  }

  /// Weight of the comparisons at each distinct time, from the survival and censoring curves just before it.
  void weigh(std::span<const TimedRow> exits, std::span<const TimedRow> entries) {
    double all = 0, at_risk = 0, s = 1, g = 1, events = 0;
    for (const TimedRow& row : exits) {
      all += weight(row);
      events += died(row) ? 1 : 0;
    }
    if (entries.empty()) at_risk = all;
    std::size_t entered = 0;
    comparison_.assign(block_.size() - 1, 0);
    const ConcordanceWeight kind = events < 2 ? ConcordanceWeight::n : options_.weight;
    for (std::size_t b = 0; b + 1 < block_.size(); ++b) {
      for (; entered < entries.size() && entries[entered].key < exits[block_[b]].key; ++entered) at_risk += weight(entries[entered]);
      double d = 0, c = 0;
      for (std::size_t i = block_[b]; i < block_[b + 1]; ++i) (died(exits[i]) ? d : c) += weight(exits[i]);
      switch (kind) {
        case ConcordanceWeight::n: comparison_[b] = 1; break;
        case ConcordanceWeight::s: comparison_[b] = all * s / at_risk; break;
        case ConcordanceWeight::s_over_g: comparison_[b] = all * s / (g * at_risk); break;
        case ConcordanceWeight::n_over_g2: comparison_[b] = 1 / (g * g); break;
        case ConcordanceWeight::i: comparison_[b] = 1 / at_risk; break;
      }
      if (options_.latest >= 0 && exits[block_[b]].time() > options_.latest) comparison_[b] = 0;
      if (d > 0) s *= (at_risk - d) / at_risk;
      if (c > 0) g *= (at_risk - d - c) / (at_risk - d);
      at_risk -= d + c;
    }
  }

  void deaths_against_later_rows(std::span<const TimedRow> exits, std::span<const TimedRow> entries) {
    RankSums later(sorted_.size());
    std::size_t entry = entries.size();
    for (std::size_t b = block_.size() - 1; b-- > 0;) {
      const auto block = exits.subspan(block_[b], block_[b + 1] - block_[b]);
      for (; entry > 0 && entries[entry - 1].key >= block.front().key; --entry) later.add(rank(entries[entry - 1]), -weight(entries[entry - 1]));
      for (const TimedRow& row : block)
        if (!died(row)) later.add(rank(row), weight(row));
      for (const TimedRow& row : block) {
        if (!died(row)) continue;
        const RankSums::Split split = later.split(rank(row));
        const double pairs = comparison_[b] * weight(row);
        influence_[row.row].add(split, false, comparison_[b]);
        count.concordant += pairs * split.above;
        count.discordant += pairs * split.below;
        count.tied_x += pairs * split.equal;
      }
      tied_deaths(block, comparison_[b]);
      for (const TimedRow& row : block)
        if (died(row)) later.add(rank(row), weight(row));
    }
  }

  void tied_deaths(std::span<const TimedRow> block, double comparison) {
    std::vector<std::pair<std::size_t, double>> deaths;
    for (const TimedRow& row : block)
      if (died(row)) deaths.emplace_back(rank(row), weight(row));
    std::sort(deaths.begin(), deaths.end());
    double before = 0, same = 0;
    for (std::size_t i = 0; i < deaths.size(); ++i) {
      if (i > 0 && deaths[i].first != deaths[i - 1].first) {
        before += same;
        same = 0;
      }
      count.tied_y += comparison * deaths[i].second * before;
      count.tied_xy += comparison * deaths[i].second * same;
      same += deaths[i].second;
    }
  }

  void later_rows_against_deaths(std::span<const TimedRow> exits, std::span<const TimedRow> entries) {
    RankSums deaths(sorted_.size());
    std::size_t entered = 0;
    for (std::size_t b = 0; b + 1 < block_.size(); ++b) {
      const auto block = exits.subspan(block_[b], block_[b + 1] - block_[b]);
      const auto compare = [&](const TimedRow& row, double sign) { influence_[row.row].add(deaths.split(rank(row)), true, sign); };
      for (; entered < entries.size() && entries[entered].key < block.front().key; ++entered) compare(entries[entered], -1);
      for (const TimedRow& row : block)
        if (died(row)) compare(row, 1);
      for (const TimedRow& row : block)
        if (died(row)) deaths.add(rank(row), comparison_[b] * weight(row));
      for (const TimedRow& row : block)
        if (!died(row)) compare(row, 1);
    }
  }

  const SurvivalRows& rows_;
  std::span<const double> predictor_;
  const ConcordanceOptions& options_;
  std::vector<Influence> influence_;
  std::vector<double> sorted_, comparison_;
  std::unordered_map<double, std::size_t> rank_;
  std::vector<std::size_t> block_;
};

double standard_error(const Concordance& c, const std::vector<Influence>& influence, const SurvivalRows& rows, std::span<const int> cluster) {
  const double pairs = c.concordant + c.discordant + c.tied_x, somer = (c.concordant - c.discordant) / pairs;
  std::unordered_map<int, double> by_cluster;
  double squares = 0;
  for (std::size_t i = 0; i < influence.size(); ++i) {
    const Influence& own = influence[i];
    const double change = (rows.weight.empty() ? 1 : rows.weight[i]) *
                          (own.concordant - own.discordant - somer * (own.concordant + own.discordant + own.tied)) / pairs;
    if (cluster.empty()) squares += change * change;
    else by_cluster[cluster[i]] += change;
  }
  for (const auto& [label, change] : by_cluster) squares += change * change;
  return std::sqrt(squares) / 2;
}

}  // namespace

ConcordanceWeight concordance_weight(std::string_view word) {
  if (word == "n") return ConcordanceWeight::n;
  if (word == "S") return ConcordanceWeight::s;
  if (word == "S/G") return ConcordanceWeight::s_over_g;
  if (word == "n/G2") return ConcordanceWeight::n_over_g2;
  if (word == "I") return ConcordanceWeight::i;
  throw InputError({.key = "timewt", .found = "'" + std::string(word) + "'", .expected = "n, S, S/G, n/G2 or I"});
}

Concordance concordance(const SurvivalRows& rows, std::span<const double> predictor, const ConcordanceOptions& options, std::span<const int> cluster) {
  check(rows);
  if (predictor.size() != rows.size()) throw InputError({.key = "predictor", .found = std::to_string(predictor.size()) + " values", .expected = std::to_string(rows.size())});
  for (std::size_t i = 0; i < predictor.size(); ++i)
    if (std::isnan(predictor[i])) throw InputError({.key = "predictor of row " + std::to_string(i + 1), .found = "NaN", .expected = "a number"});
  if (!rows.entry.empty() && (options.weight == ConcordanceWeight::s_over_g || options.weight == ConcordanceWeight::n_over_g2))
    throw InputError({.key = "timewt", .found = "a weight by the censoring curve, with delayed entry", .expected = "n, S or I"});
  const auto sorted = [&rows](std::span<const double> times) {
    std::vector<TimedRow> order(times.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = {time_key(times[i]), static_cast<std::uint32_t>(i), 0};
    sort_by_time(order);
    sort_by_stratum(order, rows.stratum);
    return order;
  };
  const std::vector<TimedRow> exits = sorted(rows.time), entries = sorted(rows.entry);
  Counter counter(rows, predictor, options);
  const std::span<const TimedRow> all_exits(exits), all_entries(entries);
  for (std::size_t begin = 0, i = 0; i < exits.size(); ++i) {
    if (i + 1 < exits.size() && (rows.stratum.empty() || rows.stratum[exits[i + 1].row] == rows.stratum[exits[begin].row])) continue;
    counter.add(all_exits.subspan(begin, i + 1 - begin), entries.empty() ? all_entries : all_entries.subspan(begin, i + 1 - begin));
    begin = i + 1;
  }
  Concordance& c = counter.count;
  const double pairs = c.concordant + c.discordant + c.tied_x;
  c.concordance = c.se = std::numeric_limits<double>::quiet_NaN();
  if (!(pairs > 0)) return c;
  c.concordance = (c.concordant + c.tied_x / 2) / pairs;
  c.se = standard_error(c, counter.influence(), rows, cluster);
  if (options.reverse) {
    c.concordance = 1 - c.concordance;
    std::swap(c.concordant, c.discordant);
  }
  return c;
}

}  // namespace coley::statistics
