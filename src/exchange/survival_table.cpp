// SPDX-License-Identifier: Apache-2.0
#include "exchange/survival_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <set>

#include "core/error.hpp"
#include "exchange/expression.hpp"

namespace coley::exchange {
namespace {

/// Days since 1970-01-01 of "2021-03-14" or "2021-03-14T..."; nothing when the text is not a date.
std::optional<double> date(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-' || (text.size() > 10 && text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  const auto part = [&text](std::size_t at, std::size_t length) {
    int value = -1;
    const auto [end, fault] = std::from_chars(text.data() + at, text.data() + at + length, value);
    return fault == std::errc() && end == text.data() + at + length ? value : -1;
  };
  const std::chrono::year_month_day day{std::chrono::year(part(0, 4)), std::chrono::month(static_cast<unsigned>(part(5, 2))), std::chrono::day(static_cast<unsigned>(part(8, 2)))};
  if (!day.ok()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days(day).time_since_epoch().count());
}

[[noreturn]] void refuse(const Table& table, std::size_t row, std::size_t column, const std::string& expected) {
  throw InputError({table.file(), table.line(row), static_cast<int>(column + 1), table.names()[column], "'" + std::string(table.cell(row, column)) + "'", expected});
}

bool holds_dates(const Frame& frame, const std::string& name) {
  if (name.empty()) return false;
  const auto labels = frame.labels(name);
  return std::any_of(labels.begin(), labels.end(), [](std::string_view text) { return date(text).has_value(); });
}

std::vector<double> days(const Frame& frame, const std::string& name) {
  const std::size_t column = frame.table().column(name);
  std::vector<double> values;
  for (const std::size_t row : frame.rows()) {
    const auto day = date(frame.table().cell(row, column));
    if (!day) refuse(frame.table(), row, column, "a date as YYYY-MM-DD, like the rest of the column");
    values.push_back(*day);
  }
  return values;
}

std::vector<double> minus(std::vector<double> values, const std::vector<double>& origin) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= origin[i];
  return values;
}

/// Fills time and entry, from numbers or dates.
void read_times(SurvivalTable& out, const Frame& frame, const SurvivalColumns& columns) {
  out.dates = holds_dates(frame, columns.time);
  if (!out.dates) {
    if (!columns.origin.empty()) throw InputError({.file = frame.table().file(), .key = columns.time, .found = "numbers, with an origin", .expected = "dates when there is an origin"});
    out.time = frame.numbers(columns.time);
    if (!columns.start.empty()) out.entry = frame.numbers(columns.start);
  } else {
    const std::string zero = columns.origin.empty() ? columns.start : columns.origin;
    if (zero.empty()) throw InputError({.file = frame.table().file(), .key = columns.time, .found = "dates", .expected = "a date of time zero too (--start or --origin)"});
    const std::vector<double> origin = days(frame, zero);
    out.time = minus(days(frame, columns.time), origin);
    if (!columns.origin.empty() && !columns.start.empty()) out.entry = minus(days(frame, columns.start), origin);
  }
  const std::size_t column = frame.table().column(columns.time);
  for (std::size_t i = 0; i < out.time.size(); ++i)
    if (!(out.time[i] >= 0 && std::isfinite(out.time[i])))
      refuse(frame.table(), frame.rows()[i], column, out.dates ? "an end of follow-up on or after its start" : "a finite time of 0 or more");
}

/// Drops rows that say nothing, and fills time (0 where the low end is empty), upper (infinite), event and entry.
void read_intervals(SurvivalTable& out, Frame& frame, const SurvivalColumns& columns) {
  const std::size_t low = frame.table().column(columns.low), high = frame.table().column(columns.high);
  const std::size_t before = frame.size();
  frame.keep_if([low, high](const Table& table, std::size_t row) { return !table.missing(row, low) || !table.missing(row, high); });
  out.unknown = before - frame.size();
  out.time = frame.numbers(columns.low);
  out.upper = frame.numbers(columns.high);
  if (!columns.start.empty()) out.entry = frame.numbers(columns.start);
  for (std::size_t i = 0; i < out.time.size(); ++i) {
    double &from = out.time[i], &to = out.upper[i];
    if (std::isnan(from)) from = 0;
    if (std::isnan(to)) to = INFINITY;
    if (!(from >= 0 && std::isfinite(from))) refuse(frame.table(), frame.rows()[i], low, "a finite time of 0 or more, or nothing for left censoring");
    if (to < from) refuse(frame.table(), frame.rows()[i], high, "a time at or after " + columns.low + ", or nothing for right censoring");
    out.event.push_back(std::isfinite(to) ? 1 : 0);
  }
}

/// Keeps those still followed after the landmark, and counts their time from it.
void start_at_landmark(SurvivalTable& out, Frame& frame, const SurvivalColumns& columns) {
  std::vector<std::uint8_t> beyond(frame.table().rows());
  for (std::size_t i = 0; i < frame.size(); ++i) beyond[frame.rows()[i]] = out.time[i] > columns.landmark ? 1 : 0;
  const std::size_t before = frame.size();
  frame.keep_if([&beyond](const Table&, std::size_t row) { return beyond[row] != 0; });
  out.before_landmark = before - frame.size();
  read_times(out, frame, columns);
  for (double& time : out.time) time -= columns.landmark;
  for (double& entry : out.entry) entry = std::max(0.0, entry - columns.landmark);
}

/// An infinite covariate, as it is written or as log(0) makes it.
void check_finite(const statistics::DesignMatrix& design, const Frame& frame) {
  for (std::size_t i = 0; i < design.columns.size(); ++i)
    if (!std::isfinite(design.columns[i]))
      throw InputError({.file = frame.table().file(), .line = frame.table().line(frame.rows()[i % frame.size()]), .key = design.names[i / frame.size()],
                        .found = std::to_string(design.columns[i]), .expected = "a finite number"});
}

std::vector<std::uint8_t> read_events(const Frame& frame, const SurvivalColumns& columns, bool reversed) {
  const std::size_t column = frame.table().column(columns.event);
  std::vector<std::uint8_t> events;
  for (const std::size_t row : frame.rows()) {
    const std::string_view text = frame.table().cell(row, column);
    if (!columns.event_value.empty()) {
      events.push_back(text == columns.event_value ? 1 : 0);
      continue;
    }
    if (reversed) {
      int code = -1;
      const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), code);
      if (fault != std::errc() || end != text.data() + text.size() || code < 0) refuse(frame.table(), row, column, "ADaM's CNSR: 0 for an event, 1 or more for censored");
      events.push_back(code == 0 ? 1 : 0);
    } else if (const auto happened = truth(text)) {
      events.push_back(*happened ? 1 : 0);
    } else {
      refuse(frame.table(), row, column, "1 or 0, TRUE or FALSE; say which code is the event with --event-value when the column holds others");
    }
  }
  if (!columns.event_value.empty() && std::find(events.begin(), events.end(), 1) == events.end())
    throw InputError({.file = frame.table().file(), .key = columns.event, .found = "no '" + columns.event_value + "'", .expected = "a code of the column as --event-value"});
  return events;
}

/// A column's name as a formula takes it: between backquotes unless it is a plain name.
std::string quoted(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '_'; });
  return plain && std::isdigit(static_cast<unsigned char>(name.front())) == 0 ? name : "`" + name + "`";
}

/// The formula of group and covariates.
ModelFormula formula_of(const SurvivalColumns& columns, const Table& table) {
  std::string text = columns.group.empty() ? "1" : quoted(columns.group);
  for (const std::string& covariate : columns.covariates) text += " + " + (table.has(covariate) ? quoted(covariate) : covariate);
  ModelFormula formula = parse_formula(text);
  formula.strata = columns.strata;
  formula.cluster = columns.cluster;
  if (!columns.offset.empty()) formula.offsets = {columns.offset};
  return formula;
}

/// Levels with the chosen reference first; the group is a factor whatever it is written with.
FactorLevels levels_of(const Frame& frame, const SurvivalColumns& columns) {
  FactorLevels levels;
  if (!columns.group.empty()) levels[columns.group] = frame.factor(columns.group).levels;
  for (const auto& [name, reference] : columns.reference) {
    auto& words = levels[name] = frame.factor(name).levels;
    const auto at = std::find(words.begin(), words.end(), reference);
    if (at == words.end()) {
      std::string all;
      for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
      throw InputError({.file = frame.table().file(), .key = name, .found = "no level '" + reference + "'", .expected = "one of " + all});
    }
    std::rotate(words.begin(), at, at + 1);
  }
  return levels;
}

bool is_cnsr(const std::string& name) {
  return name.size() == 4 && std::equal(name.begin(), name.end(), "CNSR", [](char a, char b) { return std::toupper(static_cast<unsigned char>(a)) == b; });
}

/// Rows that `where` asks for. A table of several endpoints, one row each a subject, must be asked for one.
void keep_asked(Frame& frame, const SurvivalColumns& columns) {
  const Table& table = frame.table();
  const auto values = [&](const std::string& column) {
    const auto labels = frame.labels(column);
    return std::set<std::string_view>(labels.begin(), labels.end());
  };
  for (const auto& [name, value] : columns.where) {
    const std::size_t column = table.column(name);
    const auto known = values(name);
    frame.keep_if([&, &wanted = value](const Table& t, std::size_t row) { return t.cell(row, column) == wanted; });
    if (frame.size() == 0) throw InputError({.file = table.file(), .key = name, .found = "no row with " + value, .expected = fmt::format("one of {}", fmt::join(known, ", "))});
  }
  if (!table.has("PARAMCD")) return;
  if (const auto endpoints = values("PARAMCD"); endpoints.size() > 1)
    throw InputError({.file = table.file(), .key = "PARAMCD", .found = fmt::format("rows of {} endpoints: {}", endpoints.size(), fmt::join(endpoints, ", ")),
                      .expected = fmt::format("one of them: --where PARAMCD={}", *endpoints.begin())});
}

}  // namespace

statistics::SurvivalRows SurvivalTable::survival_rows() const {
  return {time, event, entry, weight, group.codes, stratum, std::max(1, static_cast<int>(group.levels.size()))};
}

statistics::CoxData SurvivalTable::cox_data() const { return {survival_rows(), design.columns, design.names, offset, cluster}; }

SurvivalTable read_survival_table(const std::string& path, const SurvivalColumns& columns) {
  Frame frame(std::make_shared<Table>(Table::read(path)));
  keep_asked(frame, columns);
  SurvivalTable out;
  out.rows = frame.size();
  const ModelFormula formula = formula_of(columns, frame.table());
  std::vector<std::string> used = {columns.time, columns.event, columns.start, columns.origin, columns.weights};
  for (const std::string& name : formula.columns()) used.push_back(name);
  used.insert(used.end(), columns.also.begin(), columns.also.end());
  for (const std::string& name : used)
    if (!name.empty())
      if (const std::size_t dropped = frame.drop_missing({name}); dropped > 0) out.missing[name] += dropped;
  if (!columns.low.empty()) read_intervals(out, frame, columns);
  else read_times(out, frame, columns);
  if (!out.entry.empty() && columns.low.empty()) {
    std::vector<std::uint8_t> in_file(frame.table().rows());
    for (std::size_t i = 0; i < frame.size(); ++i) in_file[frame.rows()[i]] = out.entry[i] < out.time[i] ? 1 : 0;
    frame.keep_if([&in_file](const Table&, std::size_t row) { return in_file[row] != 0; });
    out.empty_follow_up = out.time.size() - frame.size();
    if (out.empty_follow_up > 0) read_times(out, frame, columns);
  }
  if (columns.landmark > 0) start_at_landmark(out, frame, columns);
  if (frame.size() == 0) throw InputError({.file = path, .found = "no row without missing values", .expected = "rows with every column that is named"});
  out.reversed = columns.event_value.empty() && is_cnsr(columns.event);
  if (columns.low.empty()) out.event = read_events(frame, columns, out.reversed);
  if (!columns.weights.empty()) {
    out.weight = frame.numbers(columns.weights);
    for (std::size_t i = 0; i < frame.size(); ++i)
      if (!(out.weight[i] >= 0 && std::isfinite(out.weight[i]))) refuse(frame.table(), frame.rows()[i], frame.table().column(columns.weights), "a finite weight of 0 or more");
  }
  const FactorLevels levels = levels_of(frame, columns);
  if (!columns.group.empty()) out.group = std::get<statistics::Factor>(read_variable(quoted(columns.group), frame, levels).values);
  out.stratum = read_strata(columns.strata, frame);
  if (!columns.cluster.empty()) out.cluster = frame.factor(columns.cluster).codes;
  if (!columns.offset.empty()) out.offset = evaluate(columns.offset, frame);
  out.formula = formula;
  out.levels = complete_levels(formula, frame, levels);
  out.design = read_design(formula, frame, levels);
  check_finite(out.design, frame);
  out.frame = std::move(frame);
  return out;
}

}  // namespace coley::exchange
