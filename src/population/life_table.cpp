// SPDX-License-Identifier: Apache-2.0
#include "population/life_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <system_error>

#include "core/error.hpp"
#include "core/units.hpp"

namespace coley {
namespace {

constexpr std::string_view kHeader = "age,male,female";

/// The text up to `separator`, which is dropped with it from `rest`.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Men's and women's q of a row that begins with `age`; nothing when the row is not of that form.
std::optional<std::array<double, 2>> read_row(std::string_view row, std::size_t age) {
  const auto years = number(take(row, ','));
  const auto male = number(take(row, ','));
  const auto female = number(row);
  if (years != static_cast<double>(age) || !male || !female) return std::nullopt;
  for (const double q : {*male, *female}) {
    if (!(q > 0 && q < 1)) return std::nullopt;
  }
  return std::array{*male, *female};
}

/// Cumulative hazard from birth to `age`, linear between whole ages and beyond the last.
double hazard_until(const std::vector<double>& cumulative, double age) {
  const std::size_t last = cumulative.size() - 2;
  const std::size_t year = age < static_cast<double>(last) ? static_cast<std::size_t>(age) : last;
  return cumulative[year] + (age - static_cast<double>(year)) * (cumulative[year + 1] - cumulative[year]);
}

/// The age at which the cumulative hazard from birth reaches `hazard`; the inverse of hazard_until.
double age_at(const std::vector<double>& cumulative, double hazard) {
  const auto next = std::upper_bound(cumulative.begin() + 1, cumulative.end() - 1, hazard);
  const auto year = next - 1;
  return static_cast<double>(year - cumulative.begin()) + (hazard - *year) / (*next - *year);
}

void require(bool holds, const char* what) {
  if (!holds) bug(std::string("life table: ") + what);
}

}  // namespace

LifeTable LifeTable::parse(std::string_view text, const std::string& file) {
  std::array<Cumulative, 2> cumulative{Cumulative{0.0}, Cumulative{0.0}};
  std::vector<Fault> faults;
  bool header = false;
  std::size_t age = 0;
  int line = 0;
  while (!text.empty()) {
    std::string_view row = take(text, '\n');
    ++line;
    if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
    if (row.empty() || row.front() == '#') continue;
    if (!header) {
      header = true;
      if (row == kHeader) continue;
      throw InputError({file, line, 0, "", std::string(row), "the header " + std::string(kHeader)});
    }
    const auto q = read_row(row, age);
    if (!q) {
      faults.push_back({file, line, 0, "", std::string(row),
                        "age " + std::to_string(age) +
                            " and two probabilities of death within a year, above 0 and below 1 (leave out a closing row of 1)"});
    }
    for (std::size_t sex = 0; sex < 2; ++sex) {
      cumulative[sex].push_back(cumulative[sex].back() + (q ? -std::log1p(-(*q)[sex]) : 0.0));
    }
    ++age;
  }
  if (age == 0) faults.push_back({file, line, 0, "", "no row", "one row for each year of age, from 0"});
  if (!faults.empty()) throw InputError(std::move(faults));
  return LifeTable(std::move(cumulative));
}

double LifeTable::death_after(double age, bool male, double factor, double cumulative_hazard) const {
  require(age >= 0 && factor >= 0 && cumulative_hazard >= 0, "age, factor and hazard must be 0 or more");
  if (cumulative_hazard == 0) return 0;
  if (factor == 0) return std::numeric_limits<double>::infinity();
  const double death = age_at(of(male), hazard_until(of(male), age) + cumulative_hazard / factor);
  return std::max(0.0, (death - age) * kDaysPerYear);
}

double LifeTable::survival(double age, bool male, double factor, double days) const {
  require(age >= 0 && factor >= 0 && days >= 0, "age, factor and days must be 0 or more");
  const double hazard = hazard_until(of(male), age + days / kDaysPerYear) - hazard_until(of(male), age);
  return std::exp(-factor * hazard);
}

}  // namespace coley
