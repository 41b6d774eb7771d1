// SPDX-License-Identifier: Apache-2.0
#include "design/lean_log_rank.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "solver/lanes.hpp"

namespace coley::design {

namespace {

constexpr std::size_t kBucketsAPatient = 2;  // most share none, and the sums over buckets stay cheap

using Four = solver::Lanes<double, 4>;

COLEY_INLINE Four four(const double* from) {
  Four x;
  std::memcpy(&x.v, from, sizeof x.v);
  return x;
}

/// Sums of u and v over events, four side by side; the same bits with and without AVX2.
COLEY_INLINE LeanLogRank::Score add_up(double ratio, std::size_t events, const double* at_risk0, const double* at_risk1, const double* treated) {
  Four u(0.0), v(0.0);
  for (std::size_t i = 0; i < events; i += 4) {
    const Four at_risk = Four(ratio) * four(at_risk1 + i), p = at_risk / (four(at_risk0 + i) + at_risk);
    u += four(treated + i) - p;
    v += p - p * p;
  }
  return {u[0] + u[1] + u[2] + u[3], v[0] + v[1] + v[2] + v[3]};
}
__attribute__((target("avx2"))) LeanLogRank::Score add_up_avx2(double ratio, std::size_t events, const double* at_risk0, const double* at_risk1, const double* treated) {
  return add_up(ratio, events, at_risk0, at_risk1, treated);
}
LeanLogRank::Score add_up_any(double ratio, std::size_t events, const double* at_risk0, const double* at_risk1, const double* treated) {
  return add_up(ratio, events, at_risk0, at_risk1, treated);
}

}  // namespace

void LeanLogRank::begin(const Cohort& cohort, double horizon) {
  cohort_ = &cohort;
  treated_before_.resize(cohort.size() + 1);
  treated_before_[0] = 0;
  for (std::size_t i = 0; i < cohort.size(); ++i) treated_before_[i + 1] = treated_before_[i] + cohort.treated[i];
  put_in_order(horizon);
}

/// By counting into buckets and then by insertion, which finds little left to do. Who leaves after the horizon is never
/// seen to leave and goes into the last bucket.
void LeanLogRank::put_in_order(double horizon) {
  const std::size_t n = cohort_->size();
  const std::size_t buckets = kBucketsAPatient * n;
  scale_ = static_cast<double>(buckets) / std::max(horizon, 1e-300);
  begin_.assign(buckets + 3, 0);
  bucket_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const bool seen = cohort_->entry[i] + cohort_->time[i] <= horizon;
    bucket_[i] = seen ? static_cast<std::uint32_t>(cohort_->time[i] * scale_) : static_cast<std::uint32_t>(buckets + 1);
    ++begin_[bucket_[i] + 1];
  }
  for (std::size_t b = 1; b < begin_.size(); ++b) begin_[b] += begin_[b - 1];
  const std::size_t seen = begin_[buckets + 1];
  order_.resize(n);
  for (std::size_t i = n; i-- > 0;)  // backwards, so that begin_ is left where its buckets begin
    order_[--begin_[bucket_[i] + 1]] = {cohort_->time[i], cohort_->entry[i] + cohort_->time[i], cohort_->treated[i], cohort_->event[i]};
  order_.resize(seen);
  for (std::size_t i = 1; i < order_.size(); ++i) {
    if (order_[i - 1].time <= order_[i].time) continue;
    const Record moving = order_[i];
    std::size_t to = i;
    for (; to > 0 && order_[to - 1].time > moving.time; --to) order_[to] = order_[to - 1];
    order_[to] = moving;
  }
}

/// Who is still followed at the look is censored by it after so many days on study: before the first record that is later,
/// which its bucket tells but for a step or two. Then one walk over the records.
void LeanLogRank::look(double day) {
  const Cohort& c = *cohort_;
  recruited_ = static_cast<std::size_t>(std::upper_bound(c.entry.begin(), c.entry.end(), day) - c.entry.begin());
  still_followed_.resize(recruited_ + 1);
  std::size_t still = 0;
  for (std::size_t i = 0; i < recruited_; ++i) {  // without a branch, which could not be foreseen
    still_followed_[still] = static_cast<std::uint32_t>(i);
    still += c.entry[i] + c.time[i] > day ? 1 : 0;  // the very sum of order_, so that nobody is both
  }
  censored_.assign(order_.size() + 1, {});
  for (std::size_t k = 0; k < still; ++k) {
    const std::size_t i = still_followed_[k];
    const double followed = day - c.entry[i];
    std::size_t at = begin_[1 + std::min(bucket_[i], static_cast<std::uint32_t>(followed * scale_))];
    while (at < order_.size() && order_[at].time <= followed) ++at;
    censored_[at].all += 1;
    censored_[at].treated += c.treated[i];
  }
  for (std::vector<double>* column : {&at_risk0_, &at_risk1_, &treated_}) column->resize(order_.size() + 4);
  std::uint32_t at_risk1 = treated_before_[recruited_], at_risk0 = static_cast<std::uint32_t>(recruited_) - at_risk1;
  std::size_t events = 0;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const Record& record = order_[i];
    const std::uint32_t leaves = record.leaves <= day ? 1 : 0;
    at_risk1 -= censored_[i].treated;
    at_risk0 -= censored_[i].all - censored_[i].treated;
    at_risk0_[events] = at_risk0;
    at_risk1_[events] = at_risk1;
    treated_[events] = record.treated;
    events += leaves & record.event;
    at_risk1 -= leaves & record.treated;
    at_risk0 -= leaves & (record.treated ^ 1U);
  }
  events_ = events;
  for (; events % 4 != 0; ++events) at_risk0_[events] = 1, at_risk1_[events] = treated_[events] = 0;  // add nothing
}

LeanLogRank::Score LeanLogRank::score(double log_ratio) const {
  static const auto sums = __builtin_cpu_supports("avx2") ? add_up_avx2 : add_up_any;
  return sums(std::exp(log_ratio), events_, at_risk0_.data(), at_risk1_.data(), treated_.data());
}

double LeanLogRank::log_hazard_ratio() const {
  if (events_ == 0) return std::numeric_limits<double>::quiet_NaN();
  double at = 0;
  for (int step = 0; step < 30; ++step) {
    const Score s = score(at);
    if (!(s.v > 0)) break;
    const double move = std::clamp(s.u / s.v, -1.0, 1.0);
    at += move;
    if (std::fabs(move) < 1e-4) return at;  // the error left is about its square
    if (std::fabs(at) > 20) break;
  }
  return std::copysign(std::numeric_limits<double>::infinity(), score(0).u);
}

}  // namespace coley::design
