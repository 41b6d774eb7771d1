// SPDX-License-Identifier: Apache-2.0
#include "statistics/cox_design.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/error.hpp"
#include "statistics/cox_kernels.hpp"
#include "statistics/large_pages.hpp"

namespace coley::statistics {
namespace {

void check_finite(std::span<const double> values, const std::string& name) {
  constexpr std::uint64_t kExponent = std::uint64_t{0x7ff} << 52;
  std::uint64_t wrong = 0;  // counted on the bits, without a branch, so that the loop vectorises
  for (const double value : values) wrong += (std::bit_cast<std::uint64_t>(value) & kExponent) == kExponent ? 1 : 0;
  if (wrong == 0) return;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      throw InputError({.key = name + " of row " + std::to_string(i + 1), .found = std::to_string(values[i]), .expected = "a finite number"});
}

void check(const CoxData& data) {
  check(data.rows);
  const std::size_t n = data.rows.size();
  if (data.covariates.size() != n * data.names.size())
    throw InputError({.key = "covariates", .found = std::to_string(data.covariates.size()) + " values", .expected = std::to_string(n * data.names.size())});
  for (std::size_t j = 0; j < data.names.size(); ++j) check_finite(data.covariates.subspan(j * n, n), data.names[j]);
  check_finite(data.offset, "offset");
  if (!data.offset.empty() && data.offset.size() != n) throw InputError({.key = "offset", .found = std::to_string(data.offset.size()) + " values", .expected = std::to_string(n)});
  if (!data.cluster.empty() && data.cluster.size() != n) throw InputError({.key = "cluster", .found = std::to_string(data.cluster.size()) + " values", .expected = std::to_string(n)});
}

}  // namespace

CoxDesign::CoxDesign(const CoxData& data) {
  check(data);
  find_deaths(data, sort(data));
  if (!data.rows.entry.empty()) find_entries(data);
  standardise(data);
}

std::vector<TimedRow> CoxDesign::sort(const CoxData& data) {
  const SurvivalRows& rows = data.rows;
  std::vector<TimedRow> order;
  reserve_large(order, rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows.weight.empty() || rows.weight[i] > 0) order.push_back({time_key(rows.time[i]), static_cast<std::uint32_t>(i), rows.event[i]});
  sort_by_time(order);
  sort_by_stratum(order, rows.stratum);
  const std::size_t n = order.size();
  const auto stratum = [&rows](const TimedRow& row) { return rows.stratum.empty() ? 0 : rows.stratum[row.row]; };
  for (std::size_t i = 0; i < n;) {  // deaths first among ties
    std::size_t end = i + 1;
    while (end < n && order[end].key == order[i].key && stratum(order[end]) == stratum(order[i])) ++end;
    if (end > i + 1)
      std::stable_partition(order.begin() + static_cast<std::ptrdiff_t>(i), order.begin() + static_cast<std::ptrdiff_t>(end), [](const TimedRow& row) { return row.code != 0; });
    i = end;
  }
  row_.resize(n);
  died_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    row_[i] = order[i].row;
    died_[i] = static_cast<std::uint8_t>(order[i].code);
  }
  if (!rows.weight.empty()) {
    weight_.resize(n);
    for (std::size_t i = 0; i < n; ++i) weight_[i] = rows.weight[row_[i]];
  }
  if (!data.offset.empty()) {
    offset_.resize(n);
    double mean = 0;  // taken out, since only differences matter and exp() must not overflow
    for (std::size_t i = 0; i < n; ++i) mean += (offset_[i] = data.offset[row_[i]]) / static_cast<double>(n);
    for (double& offset : offset_) offset -= mean;
    mean_offset_ = mean;
  }
  return order;
}

void CoxDesign::find_deaths(const CoxData& data, const std::vector<TimedRow>& order) {
  reserve_large(deaths_, static_cast<std::size_t>(std::count(died_.begin(), died_.end(), std::uint8_t{1})));
  const auto label = [&](std::size_t i) { return data.rows.stratum.empty() ? 0 : data.rows.stratum[row_[i]]; };
  for (std::size_t i = 0; i < size();) {
    Stratum stratum{label(i), i, i, deaths_.size(), 0, 0, {}};
    while (i < size() && label(i) == stratum.label) {
      if (died_[i] != 0) {
        const std::uint64_t key = order[i].key;
        DeathTime death{order[i].time(), static_cast<std::uint32_t>(i), 0, 0};
        for (; i < size() && died_[i] != 0 && order[i].key == key && label(i) == stratum.label; ++i) {
          ++death.deaths;
          death.weight += weight(i);
        }
        deaths_.push_back(death);
      }
      while (i < size() && died_[i] == 0 && label(i) == stratum.label) ++i;
    }
    stratum.end = i;
    stratum.last_death = deaths_.size();
    for (std::size_t k = stratum.begin; k < stratum.end; ++k) stratum.weight += weight(k);
    strata_.push_back(std::move(stratum));
  }
}

void CoxDesign::find_entries(const CoxData& data) {
  enters_.resize(size());
  std::vector<std::size_t> count(deaths_.size() + 2);
  for (const Stratum& stratum : strata_)
    for (std::size_t i = stratum.begin; i < stratum.end; ++i) {
      const auto from = deaths_.begin() + static_cast<std::ptrdiff_t>(stratum.first_death), to = deaths_.begin() + static_cast<std::ptrdiff_t>(stratum.last_death);
      const auto first = std::upper_bound(from, to, data.rows.entry[row_[i]], [](double entry, const DeathTime& death) { return entry < death.time; });
      enters_[i] = static_cast<std::uint32_t>(first - deaths_.begin());
      ++count[enters_[i] + 1];
    }
  for (std::size_t b = 1; b < count.size(); ++b) count[b] += count[b - 1];
  entering_begin_ = count;
  entering_.resize(size());
  for (std::size_t i = 0; i < size(); ++i) entering_[count[enters_[i]]++] = static_cast<std::uint32_t>(i);
}

void CoxDesign::standardise(const CoxData& data) {
  const std::size_t n = size(), p = data.names.size(), all = data.rows.size();
  constexpr std::size_t kAhead = 24;  // rows in order of time lie anywhere: enough reads under way to hide the memory's delay
  x_.resize(p);
  scale_.assign(p, 1);
  for (Stratum& stratum : strata_) stratum.centre.resize(p);
  std::vector<double> mean(strata_.size());
  for (std::size_t j = 0; j < p; ++j) {
    std::vector<double>& x = x_[j] = large_column<double>(n);
    const double* source = data.covariates.data() + j * all;
    double squares = 0, total = 0, largest = 0;
    for (std::size_t s = 0; s < strata_.size(); ++s) {
      Stratum& stratum = strata_[s];
      const double origin = source[row_[stratum.begin]];  // a value of the stratum first, so that 1e8 + x loses nothing
      double sum = 0, sum_of_squares = 0;
      for (std::size_t i = stratum.begin; i < stratum.end; ++i) {
        __builtin_prefetch(source + row_[std::min(i + kAhead, n - 1)]);
        const double from_origin = source[row_[i]] - origin, weighted = weight(i) * from_origin;
        x[i] = from_origin;
        sum += weighted;
        sum_of_squares += weighted * from_origin;
        largest = std::max(largest, std::abs(from_origin));
      }
      mean[s] = sum / stratum.weight;
      stratum.centre[j] = origin + mean[s];
      const double about_mean = sum_of_squares - sum * mean[s];
      if (about_mean > 1e-6 * sum_of_squares) {
        squares += about_mean;
      } else {  // the first value lies far from the others
        for (std::size_t i = stratum.begin; i < stratum.end; ++i) squares += weight(i) * (x[i] - mean[s]) * (x[i] - mean[s]);
      }
      total += stratum.weight;
    }
    const double sd = std::sqrt(squares / total);
    if (sd > 0 && std::isfinite(sd))
      scale_[j] = sd;
    else if (largest > 0)
      throw InputError({.key = data.names[j], .found = "values up to " + std::to_string(largest), .expected = "values whose squares a double can hold; change the unit"});
    for (std::size_t s = 0; s < strata_.size(); ++s)
      for (std::size_t i = strata_[s].begin; i < strata_[s].end; ++i) x[i] = (x[i] - mean[s]) / scale_[j];
  }
}

void CoxDesign::risk(const Eigen::VectorXd& beta, std::vector<double>& risk) const {
  risk.resize(size());
  for (std::size_t from = 0; from < size(); from += kRiskBlock) this->risk(beta, from, std::min(from + kRiskBlock, size()), risk);
}

void CoxDesign::risk(const Eigen::VectorXd& beta, std::size_t from, std::size_t to, std::vector<double>& risk) const {
  double* const block = risk.data() + from;
  const std::size_t count = to - from;
  if (offset_.empty())
    std::fill_n(block, count, 0.0);
  else
    std::copy_n(offset_.data() + from, count, block);
  for (std::size_t j = 0; j < covariates(); ++j) {
    const double b = beta[static_cast<Eigen::Index>(j)];
    const double* x = column(j) + from;
    if (b != 0)
      for (std::size_t i = 0; i < count; ++i) block[i] += b * x[i];
  }
  exponentials(block, count);
  if (weighted())
    for (std::size_t i = 0; i < count; ++i) block[i] *= weight_[from + i];
}

}  // namespace coley::statistics
