// SPDX-License-Identifier: Apache-2.0
#pragma once
// Compares what was computed with what R gave, number by number, and keeps every difference with its place.

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace coley::reference_check {

using nlohmann::json;

/// Allowed difference: |got - wanted| <= absolute + relative |wanted|. The innermost key of the path found in
/// `by_key` replaces `relative`.
struct Tolerance {
  double relative = 1e-9;
  double absolute = 1e-11;
  std::vector<std::pair<std::string, double>> by_key = {};
};

class Verdict {
 public:
  /// Every number, word and array that `wanted` holds must be in `got` (which may hold more). NaN in `got` stands for
  /// "NA"/"NaN", infinities for "Inf"/"-Inf". Key "note" is not compared.
  void compare(const json& got, const json& wanted, const Tolerance& tolerance = {}, const std::string& path = "");
  /// A condition that must hold; `what` is said when it does not.
  void expect(bool holds, const std::string& what);
  void fail(std::string what) { differences_.push_back(std::move(what)); }

  bool passed() const { return differences_.empty(); }
  /// The first difference, and how many more there are.
  std::string summary() const;

 private:
  void compare_number(const json& got, const json& wanted, double relative, double absolute, const std::string& path);

  std::vector<std::string> differences_;
};

}  // namespace coley::reference_check
