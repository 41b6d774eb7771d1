// SPDX-License-Identifier: Apache-2.0
#pragma once
// A folder of reference cases: data/*.csv and expected/*.json, each with cases[] of {id, kind, data, spec, expected}.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "exchange/frame.hpp"

namespace coley::reference_check {

using nlohmann::json;

struct Case {
  std::string family;
  std::string id;
  std::string kind;
  json spec;
  json expected;
  json tolerance;  ///< the case's own `tol`; null when it has none
  std::shared_ptr<const exchange::Table> table;  ///< null when the case has no data file

  /// The rows that spec.filter selects (all without one). Throws InputError when the case has no data file.
  exchange::Frame frame() const;
  /// spec[key] as text; "" when absent or null. Numbers are written as in the JSON.
  std::string text(const std::string& key) const;
  /// spec[key] as a number, or `otherwise` when absent or null.
  double number(const std::string& key, double otherwise) const;
  /// spec.tol.rel or a number `tol`, or `otherwise`.
  double relative_tolerance(double otherwise) const;
};

/// All cases in the order of files and lines. Throws InputError.
std::vector<Case> read_pack(const std::filesystem::path& folder);

/// A number of the pack: itself, or "NA", "NaN", "Inf", "-Inf" as NaN and infinities. Throws InputError for anything else.
double pack_number(const json& value);
std::vector<double> pack_numbers(const json& values);

}  // namespace coley::reference_check
