// SPDX-License-Identifier: Apache-2.0
#include "statistics/risk_sets.hpp"

#include "statistics/large_pages.hpp"

namespace coley::statistics {

SortedRows::SortedRows(const SurvivalRows& rows) : groups_(rows.groups), subjects_(static_cast<std::size_t>(rows.groups)) {
  check(rows);
  exits_ = large_column<TimedRow>(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto group = rows.group.empty() ? 0U : static_cast<std::uint32_t>(rows.group[i]);
    subjects_[group] += 1;
    exits_[i] = {time_key(rows.time[i]), static_cast<std::uint32_t>(i), group * 2 + rows.event[i]};
  }
  sort_by_time(exits_);
  sort_by_stratum(exits_, rows.stratum);
  strata_ = stratum_spans(exits_, rows.stratum);
  if (rows.entry.empty()) return;
  entries_.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    entries_[i] = {time_key(rows.entry[i]), static_cast<std::uint32_t>(i), rows.group.empty() ? 0U : static_cast<std::uint32_t>(rows.group[i])};
  sort_by_time(entries_);
  sort_by_stratum(entries_, rows.stratum);
}

std::vector<SortedRows::Span> SortedRows::stratum_spans(const std::vector<TimedRow>& rows, std::span<const int> stratum) {
  std::vector<Span> spans;
  if (rows.empty()) return spans;
  if (stratum.empty()) return {{0, rows.size()}};
  for (std::size_t i = 0, begin = 0; i < rows.size(); ++i) {
    if (i + 1 < rows.size() && stratum[rows[i + 1].row] == stratum[rows[begin].row]) continue;
    spans.push_back({begin, i + 1});
    begin = i + 1;
  }
  return spans;
}

}  // namespace coley::statistics
