// SPDX-License-Identifier: Apache-2.0
#include "protocol/fault_list.hpp"

#include <algorithm>
#include <tuple>

namespace coley {

namespace {
constexpr std::size_t kMost = 100;  // nobody mends more in one go; also bounds the work on a hostile file
}

void FaultList::add(const std::string& path, std::string found, std::string expected) {
  std::string enclosing = path;
  while (!enclosing.empty() && !places_.contains(enclosing)) {
    const std::size_t end = enclosing.find_last_of(".[");
    enclosing.resize(end == std::string::npos ? 0 : end);
  }
  const auto place = places_.find(enclosing);
  add_at(place == places_.end() ? Place{file_, 0, 0} : place->second, path, std::move(found), std::move(expected));
}

void FaultList::add_at(const Place& place, const std::string& path, std::string found, std::string expected) {
  if (faults_.size() > kMost || has(path)) return;
  faults_.push_back({place.file, place.line, place.column, path, std::move(found), std::move(expected)});
}

bool FaultList::has(const std::string& path) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const Fault& fault) { return fault.key == path; });
}

bool FaultList::has_below(const std::string& path) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const Fault& fault) {
    if (!fault.key.starts_with(path)) return false;
    return fault.key.size() == path.size() || fault.key[path.size()] == '.' || fault.key[path.size()] == '[';
  });
}

void FaultList::throw_if_any() const {
  if (faults_.empty()) return;
  std::vector<Fault> sorted = faults_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  if (sorted.size() > kMost) {
    sorted.back() = Fault{.file = file_, .found = "more faults than these " + std::to_string(kMost), .expected = "these to be mended first"};
  }
  throw InputError(std::move(sorted));
}

}  // namespace coley
