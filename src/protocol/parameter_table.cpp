// SPDX-License-Identifier: Apache-2.0
#include "protocol/parameter_table.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "core/sha256.hpp"
#include "protocol/definition_text.hpp"
#include "protocol/table_reader.hpp"

namespace coley {

namespace {

constexpr int kParameterSchema = 1;

struct ParameterFile {
  int schema_version = 0;
  std::vector<Parameter> rows;
  std::vector<Correlation> correlations;
};

}  // namespace

// clang-format off
static Table define(Parameter& p) {
  return {"parameter", "One number of the patient model", {
    required({"symbol", &p.symbol, identifier(kSymbol), "unique; names it in equations and in --set"}),
    required({"meaning", &p.meaning, filled(), "what it is"}),
    required({"unit", &p.unit, filled(), "1 for a pure number"}),
    required({"value", &p.value, any(), "the median, or the mean if normal"}),
    choice("distribution", p.distribution, {"fixed", "lognormal", "logit_normal", "normal"}, "between patients"),
    {"sd", &p.sd, at_least(0), "of the logarithm, the logit or the value"},
    {"low", &p.low, any(), "smallest value allowed"},
    {"high", &p.high, any(), "largest value allowed"},
    required({"source", &p.source, filled(), "a citation, or assumed"}),
    {"status", &p.status, one_of({"sourced", "derived", "calibrated", "assumed"}), "how the value came about"},
  }};
}

static Table define(Correlation& c) {
  return {"correlation", "Two parameters that vary together", {
    required({"a", &c.a, identifier(kSymbol), "symbol"}),
    required({"b", &c.b, identifier(kSymbol), "symbol"}),
    required({"value", &c.value, between(-1, 1), "on the scale on which both are normal"}),
    required({"source", &c.source, filled(), "a citation, or assumed"}),
  }};
}

static Table define(ParameterFile& file) {
  return {"parameters", "The parameter table", {
    required({"schema_version", &file.schema_version, any(), "version of this definition"}),
    required(list("parameter", file.rows, "symbol", "the parameters")),
    list("correlation", file.correlations, "", "their correlations"),
  }};
}
// clang-format on

namespace {

/// What was expected of `value` as the value of `p`; "" when it is right.
std::string value_fault(const Parameter& p, double value) {
  if (!std::isfinite(value) || value < p.low || value > p.high)
    return fmt::format("a number from {} to {} ({})", p.low, p.high, p.unit);
  if (p.distribution == Distribution::lognormal && value <= 0)
    return "a median above 0, since the distribution is lognormal";
  if (p.distribution == Distribution::logit_normal && (value <= 0 || value >= 1))
    return "a median between 0 and 1, since the distribution is logit_normal";
  return "";
}

std::string sd_fault(const Parameter& p, double sd) {
  const bool fixed = p.distribution == Distribution::fixed;
  if (fixed && sd != 0) return "no sd, since the distribution is fixed";
  if (!fixed && !(std::isfinite(sd) && sd > 0)) return "an sd above 0, or distribution = \"fixed\"";
  return "";
}

std::vector<std::string> symbols_of(const std::vector<Parameter>& rows) {
  std::vector<std::string> symbols;
  for (const Parameter& row : rows) symbols.push_back(row.symbol);
  return symbols;
}

[[noreturn]] void unknown_symbol(const std::string& symbol, const std::vector<Parameter>& rows) {
  const std::string near = nearest(symbol, symbols_of(rows));
  throw InputError(Fault{.key = "parameters." + symbol,
                         .found = "no parameter named " + symbol,
                         .expected = near.empty() ? "a symbol of the parameter table" : near + "?"});
}

void check_rows(const std::vector<Parameter>& rows, FaultList& faults) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Parameter& p = rows[i];
    const std::string path = element("parameter", i);
    if (faults.has_below(path)) continue;
    if (!seen.insert(p.symbol).second) faults.add(path + ".symbol", p.symbol + " a second time", "each symbol once");
    if (p.low > p.high)
      faults.add(path + ".low", fmt::format("{} above high = {}", p.low, p.high), "low not above high");
    else if (const auto wrong = value_fault(p, p.value); !wrong.empty())
      faults.add(path + ".value", fmt::format("{} for {}", p.value, p.symbol), wrong);
    if (const auto wrong = sd_fault(p, p.sd); !wrong.empty())
      faults.add(path + ".sd", fmt::format("{} for {}", p.sd, p.symbol), wrong);
  }
}

void check_correlations(const ParameterFile& file, FaultList& faults) {
  if (!faults.empty()) return;
  const std::vector<std::string> symbols = symbols_of(file.rows);
  const auto place = [&](const std::string& symbol) {
    return std::find(symbols.begin(), symbols.end(), symbol) - symbols.begin();
  };
  const auto n = static_cast<Eigen::Index>(symbols.size());
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(n, n);
  for (std::size_t i = 0; i < file.correlations.size(); ++i) {
    const Correlation& c = file.correlations[i];
    const std::string path = element("correlation", i);
    for (const auto& [key, symbol] : {std::pair{".a", c.a}, std::pair{".b", c.b}}) {
      const auto row = place(symbol);
      if (row == n)
        faults.add(path + key, "no parameter named " + symbol, suggestion(symbol, symbols));
      else if (file.rows[static_cast<std::size_t>(row)].distribution == Distribution::fixed)
        faults.add(path + key, symbol + ", which is fixed", "a parameter that varies");
    }
    if (c.a == c.b) faults.add(path + ".b", c.b + " with itself", "another parameter");
    if (std::abs(c.value) >= 1) faults.add(path + ".value", fmt::format("{}", c.value), "strictly between -1 and 1");
    if (faults.has_below(path)) continue;
    double& entry = matrix(place(c.a), place(c.b));
    if (entry != 0) faults.add(path, c.a + " and " + c.b + " a second time", "each pair once");
    entry = matrix(place(c.b), place(c.a)) = c.value;
  }
  if (faults.empty() && matrix.llt().info() != Eigen::Success) {
    faults.add("correlation", "correlations that no joint distribution has",
               "a positive definite matrix; bring them nearer to 0");
  }
}

/// What a path speaks of: the value of a symbol, its sd, or its correlation with another.
struct Path {
  std::string symbol;
  bool sd = false;
  std::string other;  ///< "" unless it is a correlation
};

Path path_of(const std::string& text) {
  const std::string between = ".correlation.";
  if (const std::size_t at = text.find(between); at != std::string::npos) return {text.substr(0, at), false, text.substr(at + between.size())};
  const bool sd = text.ends_with(".sd");
  return {text.substr(0, text.size() - (sd ? 3 : 0)), sd, ""};
}

void apply_one(const Override& override, ParameterTable& table) {
  const Path path = path_of(override.path);
  const std::string& text = override.value;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    table.row(path.symbol);  // an unknown symbol comes first
    throw InputError(Fault{.key = "parameters." + override.path, .found = "\"" + text + "\"", .expected = "a number"});
  }
  if (!path.other.empty())
    table.set_correlation(path.symbol, path.other, value);
  else if (path.sd)
    table.set_sd(path.symbol, value);
  else
    table.set(path.symbol, value);
}

/// The two in either order.
bool of_pair(const Correlation& c, const std::string& a, const std::string& b) {
  return (c.a == a && c.b == b) || (c.a == b && c.b == a);
}

}  // namespace

ParameterTable::ParameterTable(std::vector<Parameter> rows, std::vector<Correlation> correlations)
    : rows_(std::move(rows)), correlations_(std::move(correlations)) {
  for (std::size_t i = 0; i < rows_.size(); ++i) index_[rows_[i].symbol] = i;
}

const Parameter& ParameterTable::row(const std::string& symbol) const {
  const auto found = index_.find(symbol);
  if (found == index_.end()) unknown_symbol(symbol, rows_);
  return rows_[found->second];
}

Parameter& ParameterTable::at(const std::string& symbol) {
  return const_cast<Parameter&>(row(symbol));
}

void ParameterTable::set(const std::string& symbol, double value) {
  Parameter& parameter = at(symbol);
  const std::string expected = value_fault(parameter, value);
  if (!expected.empty())
    throw InputError(Fault{.key = "parameters." + symbol, .found = fmt::format("{}", value), .expected = expected});
  parameter.value = value;
}

void ParameterTable::set_sd(const std::string& symbol, double sd) {
  Parameter& parameter = at(symbol);
  const std::string expected = sd_fault(parameter, sd);
  if (!expected.empty())
    throw InputError(
        Fault{.key = "parameters." + symbol + ".sd", .found = fmt::format("{}", sd), .expected = expected});
  parameter.sd = sd;
}

void ParameterTable::set_correlation(const std::string& a, const std::string& b, double value) {
  row(a);
  row(b);
  const std::string key = "parameters." + a + ".correlation." + b;
  const auto found = std::find_if(correlations_.begin(), correlations_.end(), [&](const Correlation& c) { return of_pair(c, a, b); });
  if (found == correlations_.end()) {
    std::string pairs;
    for (const Correlation& c : correlations_) pairs += (pairs.empty() ? "" : ", ") + c.a + " and " + c.b;
    throw InputError(Fault{.key = key, .found = "a pair that the table does not name", .expected = "one of: " + pairs});
  }
  if (!(std::abs(value) < 1)) throw InputError(Fault{.key = key, .found = fmt::format("{}", value), .expected = "strictly between -1 and 1"});
  found->value = value;
}

void ParameterTable::lay_over(const ParameterTable& over) {
  for (const Parameter& row : over.rows_) {
    const auto [place, added] = index_.try_emplace(row.symbol, rows_.size());
    if (added)
      rows_.push_back(row);
    else
      rows_[place->second] = row;
  }
  for (const Correlation& row : over.correlations_) {
    const auto same = [&](const Correlation& c) { return of_pair(c, row.a, row.b); };
    const auto found = std::find_if(correlations_.begin(), correlations_.end(), same);
    if (found == correlations_.end())
      correlations_.push_back(row);
    else
      *found = row;
  }
}

void ParameterTable::apply(const std::vector<Override>& overrides) {
  std::vector<Fault> faults;
  for (const Override& override : overrides) {
    try {
      apply_one(override, *this);
    } catch (const InputError& error) {
      Fault fault = error.faults().front();
      fault.file = fmt::format("--set parameters.{}={}", override.path, override.value);
      faults.push_back(std::move(fault));
    }
  }
  if (!faults.empty()) throw InputError(std::move(faults));
}

std::string ParameterTable::sha256() const {
  ParameterFile file{kParameterSchema, rows_, correlations_};
  return coley::sha256(canonical_text(define(file)));
}

ParameterTable read_parameters(std::string_view text, const std::string& file_name,
                               const std::vector<Override>& overrides) {
  ParameterFile file;
  FaultList faults = read_file(text, file_name, kParameterSchema, define(file));
  check_rows(file.rows, faults);
  check_correlations(file, faults);
  faults.throw_if_any();
  ParameterTable table(std::move(file.rows), std::move(file.correlations));
  table.apply(overrides);
  return table;
}

}  // namespace coley
