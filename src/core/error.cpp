// SPDX-License-Identifier: Apache-2.0
#include "core/error.hpp"

#include <algorithm>
#include <numeric>

namespace coley {

std::string to_string(const Fault& fault) {
  std::string text = fault.file;
  if (fault.line > 0) text.append(":").append(std::to_string(fault.line));
  if (fault.column > 0) text.append(":").append(std::to_string(fault.column));
  if (!fault.key.empty()) text.append(text.empty() ? "" : ": ").append(fault.key);
  if (!fault.found.empty()) text.append(text.empty() ? "" : ": ").append("found ").append(fault.found);
  if (!fault.expected.empty()) text.append("; expected ").append(fault.expected);
  return text;
}

namespace {
std::string joined(const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults) text.append(text.empty() ? "" : "\n").append(to_string(fault));
  return text;
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}
}  // namespace

InputError::InputError(std::vector<Fault> faults) : std::runtime_error(joined(faults)), faults_(std::move(faults)) {}

void bug(const std::string& what) { throw std::logic_error("bug in Coley: " + what); }

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace coley
