// SPDX-License-Identifier: Apache-2.0
#include "design/characteristics.hpp"

#include <algorithm>
#include <cmath>

#include "core/units.hpp"

namespace coley::design {

namespace {

class Mean {
 public:
  void add(double x) {
    ++n_;
    const double off = x - mean_;
    mean_ += off / n_;
    squares_ += off * (x - mean_);
  }
  bool empty() const { return n_ == 0; }
  double mean() const { return mean_; }
  Measured measured() const { return {mean_, n_ > 1 ? std::sqrt(squares_ / (n_ - 1) / n_) : 0}; }

 private:
  double n_ = 0, mean_ = 0, squares_ = 0;
};

void set_durations(std::vector<double> months, TestCharacteristics& result) {
  std::sort(months.begin(), months.end());
  const auto at = [&](double p) { return months[static_cast<std::size_t>(p * static_cast<double>(months.size() - 1))]; };
  result.months_low = at(0.1);
  result.months_median = at(0.5);
  result.months_high = at(0.9);
  for (std::size_t ended = 0, month = 0; ended < months.size(); ++month) {
    while (ended < months.size() && months[ended] <= static_cast<double>(month)) ++ended;
    result.month_shares.push_back(static_cast<double>(ended) / static_cast<double>(months.size()));
  }
}

void set_estimates(const TrialTable& table, std::size_t test, std::optional<double> truth, TestCharacteristics& result) {
  Mean at_end, bias;
  for (std::size_t r = 0; r < table.replicates; ++r) {
    const double ended = table.log_ratio[table.cell(r, table.ending(r, test).look)];
    const double without = truth ? *truth : table.log_ratio[table.cell(r, table.looks - 1)];
    if (!std::isfinite(ended) || !std::isfinite(without)) {
      ++result.infinite;
      continue;
    }
    at_end.add(ended);
    bias.add(ended - without);
  }
  result.hazard_ratio = at_end.empty() ? std::nan("") : std::exp(at_end.mean());
  result.log_bias = bias.measured();
}

}  // namespace

Measured share_of(double count, std::size_t trials) {
  const double n = static_cast<double>(trials), p = count / n;
  return {p, std::sqrt(p * (1 - p) / n)};
}

TestCharacteristics characterise(const TrialTable& table, std::size_t test, const std::string& name, std::optional<double> true_log_ratio) {
  TestCharacteristics result{.name = name};
  std::vector<double> efficacy(table.looks), futility(table.looks), durations;
  Mean events, months, recruited;
  double power = 0;
  for (std::size_t r = 0; r < table.replicates; ++r) {
    const Ending& ending = table.ending(r, test);
    const std::size_t cell = table.cell(r, ending.look);
    efficacy[ending.look] += ending.verdict == Verdict::efficacy ? 1 : 0;
    futility[ending.look] += ending.verdict == Verdict::futility ? 1 : 0;
    power += ending.verdict == Verdict::efficacy ? 1 : 0;
    result.not_available += ending.verdict == Verdict::failure && std::isnan(table.z[table.cell(r, test, ending.look)]) ? 1 : 0;
    events.add(table.events[cell]);
    recruited.add(table.recruited[cell]);
    durations.push_back(table.day[cell] / kDaysPerMonth);
    months.add(durations.back());
  }
  result.power = share_of(power, table.replicates);
  for (std::size_t k = 0; k < table.looks; ++k) result.looks.push_back({share_of(efficacy[k], table.replicates), share_of(futility[k], table.replicates)});
  result.events = events.measured();
  result.months = months.measured();
  result.recruited = recruited.measured();
  set_durations(std::move(durations), result);
  set_estimates(table, test, true_log_ratio, result);
  return result;
}

Measured rejection_overruled(const TrialTable& table, std::size_t test) {
  double rejected = 0;
  for (std::size_t r = 0; r < table.replicates; ++r) rejected += table.ending(r, test).rejects_overruled ? 1 : 0;
  return share_of(rejected, table.replicates);
}

std::vector<LookMeans> look_means(const TrialTable& table) {
  std::vector<LookMeans> means;
  for (std::size_t k = 0; k < table.looks; ++k) {
    Mean months, events, recruited;
    double reached = 0;
    for (std::size_t r = 0; r < table.replicates; ++r) {
      const std::size_t cell = table.cell(r, k);
      if (std::isnan(table.day[cell])) continue;
      ++reached;
      months.add(table.day[cell] / kDaysPerMonth);
      events.add(table.events[cell]);
      recruited.add(table.recruited[cell]);
    }
    means.push_back({months.mean(), events.mean(), recruited.mean(), reached / static_cast<double>(table.replicates)});
  }
  return means;
}

}  // namespace coley::design
