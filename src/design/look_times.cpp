// SPDX-License-Identifier: Apache-2.0
#include "design/look_times.hpp"

#include <algorithm>
#include <cmath>

#include "core/units.hpp"

namespace coley::design {

namespace {
constexpr std::size_t kBuckets = 256;
}

LookTimes::LookTimes(const std::vector<Look>& looks) : looks_(looks) {}

/// The count-th event (from 1): its bucket by counting, its place in the bucket by selection.
double LookTimes::day_of_event(std::size_t count) {
  const auto after = std::upper_bound(begin_.begin(), begin_.end(), count - 1);
  const auto bucket = static_cast<std::uint32_t>(after - begin_.begin()) - 1;
  chosen_.clear();
  for (std::size_t i = 0; i < calendar_.size(); ++i)
    if (bucket_[i] == bucket) chosen_.push_back(calendar_[i]);
  const auto nth = chosen_.begin() + static_cast<std::ptrdiff_t>(count - 1 - begin_[bucket]);
  std::nth_element(chosen_.begin(), nth, chosen_.end());
  return *nth;
}

void LookTimes::find(const Cohort& cohort, std::vector<double>& days) {
  calendar_.clear();
  short_ = 0;
  last_seen_ = 0;
  double latest = 0;
  for (std::size_t i = 0; i < cohort.size(); ++i) {
    const double day = cohort.entry[i] + cohort.time[i];
    last_seen_ = std::max(last_seen_, day);
    if (cohort.event[i] == 0) continue;
    calendar_.push_back(day);
    latest = std::max(latest, day);
  }
  last_seen_ = std::max(last_seen_, cohort.entry.back());
  // Late events are few and spread far: they share the last bucket.
  scale_ = latest > 0 ? 2.0 * kBuckets / latest : 0.0;
  bucket_.resize(calendar_.size());
  begin_.assign(kBuckets + 1, 0);
  for (std::size_t i = 0; i < calendar_.size(); ++i) {
    bucket_[i] = std::min<std::uint32_t>(kBuckets - 1, static_cast<std::uint32_t>(calendar_[i] * scale_));
    ++begin_[bucket_[i] + 1];
  }
  for (std::size_t b = 0; b < kBuckets; ++b) begin_[b + 1] += begin_[b];

  days.clear();
  for (const Look& look : looks_) days.push_back(days.empty() ? day_of(look) : std::max(day_of(look), days.back()));
}

double LookTimes::day_of(const Look& look) {
  const double day = look.months ? *look.months * kDaysPerMonth : 0.0;
  if (!look.events) return day;
  const auto count = static_cast<std::size_t>(std::ceil(*look.events));
  const bool comes = count <= calendar_.size();
  double reached = day_of_events(count);
  if (look.latest_months && reached > *look.latest_months * kDaysPerMonth) reached = *look.latest_months * kDaysPerMonth;
  else short_ += comes ? 0 : 1;
  return std::max(day, reached);
}

}  // namespace coley::design
