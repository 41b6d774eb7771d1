// SPDX-License-Identifier: Apache-2.0
#include "verdict.hpp"

#include <fmt/format.h>

#include <cmath>

#include "pack.hpp"

namespace coley::reference_check {
namespace {

bool number_like(const json& value) {
  return value.is_number() || value == "NA" || value == "NaN" || value == "Inf" || value == "-Inf";
}

double relative_at(const Tolerance& tolerance, const std::string& path) {
  std::size_t innermost = 0;
  double relative = tolerance.relative;
  for (const auto& [key, value] : tolerance.by_key) {
    const std::size_t at = path.rfind("." + key);
    if (at == std::string::npos || at < innermost) continue;
    const std::size_t end = at + 1 + key.size();
    if (end < path.size() && path[end] != '.' && path[end] != '[') continue;
    innermost = at;
    relative = value;
  }
  return relative;
}

}  // namespace

void Verdict::compare(const json& got, const json& wanted, const Tolerance& tolerance, const std::string& path) {
  if (wanted.is_object()) {
    for (const auto& [key, value] : wanted.items()) {
      if (key == "note" || key == "pi_note") continue;
      const std::string inner = path + "." + key;
      if (got.is_object() && got.contains(key))
        compare(got.at(key), value, tolerance, inner);
      else if (!value.is_null())
        fail(fmt::format("{}: got nothing, wanted {}", inner, value.dump().substr(0, 60)));
    }
  } else if (wanted.is_array()) {
    if (!got.is_array()) return fail(fmt::format("{}: got {}, wanted an array of {}", path, got.dump().substr(0, 60), wanted.size()));
    if (got.size() != wanted.size()) return fail(fmt::format("{}: got {} values, wanted {}", path, got.size(), wanted.size()));
    for (std::size_t i = 0; i < wanted.size(); ++i) compare(got[i], wanted[i], tolerance, fmt::format("{}[{}]", path, i));
  } else if (number_like(wanted)) {
    compare_number(got, wanted, relative_at(tolerance, path), tolerance.absolute, path);
  } else if (got != wanted) {
    fail(fmt::format("{}: got {}, wanted {}", path, got.dump().substr(0, 60), wanted.dump().substr(0, 60)));
  }
}

void Verdict::compare_number(const json& got, const json& wanted, double relative, double absolute, const std::string& path) {
  if (!number_like(got)) return fail(fmt::format("{}: got {}, wanted {}", path, got.dump().substr(0, 60), wanted.dump()));
  const double g = pack_number(got), w = pack_number(wanted);
  const bool same = std::isfinite(w) ? std::abs(g - w) <= absolute + relative * std::abs(w) : (std::isnan(w) ? std::isnan(g) : g == w);
  if (same) return;
  fail(fmt::format("{}: got {:.15g}, wanted {}{}", path, g, wanted.dump(),
                   std::isfinite(w) && std::isfinite(g) && w != 0 ? fmt::format(" (off by {:.1e}, allowed {:.0e})", std::abs(g / w - 1), relative) : ""));
}

void Verdict::expect(bool holds, const std::string& what) {
  if (!holds) fail(what);
}

std::string Verdict::summary() const {
  if (differences_.empty()) return "";
  return differences_.front() + (differences_.size() > 1 ? fmt::format("; and {} more", differences_.size() - 1) : "");
}

}  // namespace coley::reference_check
