// SPDX-License-Identifier: Apache-2.0
#include "evidence/published.hpp"

#include <charconv>
#include <cmath>
#include <map>

#include "core/error.hpp"
#include "exchange/csv.hpp"
#include "protocol/shipped.hpp"
#include "statistics/proportion.hpp"

namespace coley::evidence {

namespace {

/// Ranges and "NR" are kept out: they are not single numbers.
std::optional<double> number(std::string_view cell) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return value;
}

Role role(const exchange::Table& table, std::size_t row, std::size_t column) {
  const std::string_view word = table.cell(row, column);
  if (word == "calibration") return Role::calibration;
  if (word == "validation") return Role::validation;
  if (word == "context") return Role::context;
  throw InputError(Fault{.file = table.file(), .line = table.line(row), .key = "role", .found = std::string(word),
                         .expected = "calibration, validation or context"});
}

}  // namespace

std::vector<Published> read_published(std::string_view text, const std::string& file) {
  const exchange::Table table = exchange::Table::parse(text, file);
  const auto column = [&](std::string_view name) { return table.column(name); };
  const std::size_t id = column("id"), role_at = column("role"), trial = column("trial"), source = column("nct_or_doi"),
                    endpoint = column("endpoint"), measure = column("effect_measure"), n_a = column("n_a"), n_b = column("n_b"),
                    value_a = column("value_a"), value_b = column("value_b"), estimate = column("estimate"),
                    low = column("ci_low"), high = column("ci_high"), verified = column("verified");
  std::vector<Published> rows;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const auto word = [&](std::size_t c) { return std::string(table.cell(r, c)); };
    rows.push_back({word(id), role(table, r, role_at), word(trial), word(source), word(endpoint), word(measure),
                    number(table.cell(r, n_a)), number(table.cell(r, n_b)), number(table.cell(r, value_a)),
                    number(table.cell(r, value_b)), number(table.cell(r, estimate)), number(table.cell(r, low)),
                    number(table.cell(r, high)), table.cell(r, verified) == "yes"});
  }
  return rows;
}

const Published* shipped_row(const std::string& id) {
  static const std::map<std::string, Published> rows = [] {
    std::map<std::string, Published> by_id;
    for (Published& row : read_published(*shipped_text("evidence/published.csv"), "evidence/published.csv")) by_id.emplace(row.id, std::move(row));
    return by_id;
  }();
  const auto found = rows.find(id);
  return found == rows.end() ? nullptr : &found->second;
}

Figure figure(const Published& row, int which) {
  const double scale = row.measure == "percent" ? 100.0 : 1.0;
  const auto scaled = [scale](std::optional<double> x) { return x ? std::optional<double>(*x / scale) : std::nullopt; };
  if (which == 0) return {scaled(row.estimate), scaled(row.ci_low), scaled(row.ci_high)};
  Figure result{scaled(which == 1 ? row.value_a : row.value_b), {}, {}};
  const bool only_this = !(which == 1 ? row.value_b : row.value_a).has_value();
  if (only_this && row.ci_low) return {result.estimate, scaled(row.ci_low), scaled(row.ci_high)};
  const auto n = which == 1 ? row.n_a : row.n_b;
  if (row.measure == "percent" && result.estimate && n && *n >= 1) {
    const auto size = static_cast<std::int64_t>(*n);
    const auto interval = statistics::clopper_pearson(static_cast<std::int64_t>(std::llround(*result.estimate * *n)), size);
    result.low = interval.low;
    result.high = interval.high;
  }
  return result;
}

}  // namespace coley::evidence
