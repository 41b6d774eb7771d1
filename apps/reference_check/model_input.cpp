// SPDX-License-Identifier: Apache-2.0
#include "model_input.hpp"

#include <cmath>

#include "core/error.hpp"
#include "exchange/expression.hpp"
#include "statistics/near_ties.hpp"

namespace coley::reference_check {

statistics::CoxData ModelInput::data() const {
  return {{time, event, entry, weight, {}, stratum, 1}, design.columns, design.names, offset, cluster};
}

ModelInput model_input(const Case& one) {
  exchange::FactorLevels levels;
  if (one.spec.contains("factors"))
    for (const auto& [name, words] : one.spec["factors"].items()) levels[name] = words.get<std::vector<std::string>>();
  return model_input(one.frame(), one.text("formula"), one.text("weights"), levels);
}

ModelInput model_input(exchange::Frame frame, const std::string& text, const std::string& weights, const exchange::FactorLevels& levels,
                       bool exact_times) {
  ModelInput input;
  input.formula = exchange::parse_formula(text);
  std::vector<std::string> used = input.formula.columns();
  if (!weights.empty()) used.push_back(weights);
  input.dropped = frame.drop_missing(used);
  const auto& response = input.formula.response;
  if (response.size() != 2 && response.size() != 3) throw InputError({.key = "formula", .found = text, .expected = "Surv() of two or three arguments"});
  if (response.size() == 3) {
    const std::vector<double> entry = exchange::evaluate(response[0], frame), exit = exchange::evaluate(response[1], frame);
    std::vector<std::uint8_t> followed(frame.table().rows());
    for (std::size_t i = 0; i < frame.size(); ++i) followed[frame.rows()[i]] = entry[i] < exit[i] ? 1 : 0;
    const std::size_t before = frame.size();
    frame.keep_if([&followed](const exchange::Table&, std::size_t row) { return followed[row] != 0; });
    input.dropped += before - frame.size();
    input.entry = exchange::evaluate(response[0], frame);
  }
  input.time = exchange::evaluate(response[response.size() - 2], frame);
  if (!exact_times) statistics::merge_near_ties(input.time, input.entry);
  for (const double status : exchange::evaluate(response.back(), frame)) {
    if (status != 0 && status != 1) throw InputError({.key = response.back(), .found = std::to_string(status), .expected = "0 or 1"});
    input.event.push_back(status == 1 ? 1 : 0);
  }
  if (!weights.empty()) input.weight = frame.numbers(weights);
  for (const std::string& offset : input.formula.offsets) {
    const std::vector<double> values = exchange::evaluate(offset, frame);
    input.offset.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) input.offset[i] += values[i];
  }
  input.stratum = exchange::read_strata(input.formula.strata, frame);
  if (!input.formula.cluster.empty()) input.cluster = frame.factor(input.formula.cluster).codes;
  input.levels = exchange::complete_levels(input.formula, frame, levels);
  input.design = exchange::read_design(input.formula, frame, input.levels);
  return input;
}

std::shared_ptr<const exchange::Table> json_table(const json& rows) {
  std::string text;
  const auto add = [&text](const std::string& field, bool last) { text.append(field).append(last ? "\n" : ","); };
  const auto cell = [](const json& value) { return value.is_null() ? std::string() : value.dump(); };  // text stays in its quotes
  std::vector<std::string> names;
  for (const auto& [name, value] : rows.at(0).items()) names.push_back(name);
  for (const std::string& name : names) add(name, name == names.back());
  for (const json& row : rows)
    for (const std::string& name : names) add(cell(row.at(name)), name == names.back());
  return std::make_shared<exchange::Table>(exchange::Table::parse(text, "newdata"));
}

}  // namespace coley::reference_check
