// SPDX-License-Identifier: Apache-2.0
#include "survival_input.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "statistics/near_ties.hpp"

namespace coley::reference_check {
namespace {

std::vector<std::uint8_t> event_codes(const std::vector<double>& status) {
  std::vector<std::uint8_t> event;
  for (const double s : status) {
    if (s != 0 && s != 1) throw InputError({.key = "status", .found = std::to_string(s), .expected = "0 or 1"});
    event.push_back(s == 1 ? 1 : 0);
  }
  return event;
}

/// Positions in `levels` of numbers or words held in JSON, levels in R's order.
statistics::Factor json_factor(const json& values, const std::vector<std::size_t>& kept) {
  std::vector<std::string> words;
  for (const std::size_t i : kept) words.push_back(values[i].is_string() ? values[i].get<std::string>() : values[i].dump());
  return statistics::make_factor(std::vector<std::string_view>(words.begin(), words.end()));
}

bool uses(const std::string& call, const std::string& name) {
  for (std::size_t at = call.find(name); at != std::string::npos; at = call.find(name, at + 1)) {
    const auto letter = [&call](std::size_t i) { return i < call.size() && (std::isalnum(static_cast<unsigned char>(call[i])) != 0 || call[i] == '.' || call[i] == '_'); };
    if ((at == 0 || !letter(at - 1)) && !letter(at + name.size())) return true;
  }
  return false;
}

}  // namespace

statistics::SurvivalRows SurvivalInput::rows() const {
  return {time, event, entry, weight, group, stratum, std::max(1, static_cast<int>(groups.size()))};
}

SurvivalInput survival_input(const Case& one) {
  exchange::Frame frame = one.frame();
  const std::string group = one.text("group") + one.text("arm"), treated = one.text("treated");
  std::vector<std::string> used = {one.text("time"), one.text("status"), one.text("entry"), one.text("weights"), one.text("strata"), group};
  std::erase(used, "");
  frame.drop_missing(used);
  if (!one.text("entry").empty()) {
    const std::size_t entry = frame.table().column(one.text("entry")), exit = frame.table().column(one.text("time"));
    frame.keep_if([entry, exit](const exchange::Table& t, std::size_t row) { return t.number(row, entry) < t.number(row, exit); });
  }
  SurvivalInput input;
  input.time = frame.numbers(one.text("time"));
  input.event = event_codes(frame.numbers(one.text("status")));
  if (!one.text("entry").empty()) input.entry = frame.numbers(one.text("entry"));
  statistics::merge_near_ties(input.time, input.entry);  // as R does unless told otherwise
  if (!one.text("weights").empty()) input.weight = frame.numbers(one.text("weights"));
  if (!one.text("strata").empty()) input.stratum = frame.factor(one.text("strata")).codes;
  if (group.empty()) return input;
  statistics::Factor factor = frame.factor(group);
  if (!treated.empty()) {
    const auto level = std::find(factor.levels.begin(), factor.levels.end(), treated) - factor.levels.begin();
    for (int& code : factor.codes) code = code == level ? 1 : 0;
    factor.levels = {"not " + treated, treated};
  }
  input.group = std::move(factor.codes);
  input.groups = std::move(factor.levels);
  return input;
}

SurvivalInput edge_input(const json& data, const std::string& call) {
  const auto column = [&data](const char* name) { return data.contains(name) ? pack_numbers(data.at(name)) : std::vector<double>(); };
  const std::vector<double> t = column("t"), e = uses(call, "e") ? column("e") : std::vector<double>(), w = uses(call, "w") ? column("w") : std::vector<double>();
  std::vector<double> s = column("s");
  double largest = 0;
  for (const double value : s)
    if (!std::isnan(value)) largest = std::max(largest, value);
  for (double& value : s)  // Surv(): codes 1/2 where the largest is 2, otherwise anything but 0/1 is missing
    value = largest == 2 ? value - 1 : (value == 0 || value == 1 ? value : NAN);
  SurvivalInput input;
  std::vector<std::size_t> kept;
  const auto missing = [&](const char* name, std::size_t i) { return data.contains(name) && uses(call, name) && (data.at(name)[i] == "NA" || data.at(name)[i] == "NaN"); };
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (missing("x", i) || missing("g", i)) continue;
    if (std::isnan(t[i]) || std::isnan(s[i]) || (!e.empty() && !(e[i] < t[i]))) continue;
    kept.push_back(i);
    input.time.push_back(t[i]);
    input.event.push_back(s[i] == 1 ? 1 : 0);
    if (!e.empty()) input.entry.push_back(e[i]);
    if (!w.empty()) input.weight.push_back(w[i]);
  }
  if (kept.empty()) throw InputError(Fault{.found = "no row without missing values", .expected = "at least one"});
  if (call.find("timefix=FALSE") == std::string::npos) statistics::merge_near_ties(input.time, input.entry);
  if (data.contains("g") && uses(call, "g")) input.stratum = json_factor(data.at("g"), kept).codes;
  if (data.contains("x") && uses(call, "x")) {
    statistics::Factor factor = json_factor(data.at("x"), kept);
    input.group = std::move(factor.codes);
    input.groups = std::move(factor.levels);
  }
  return input;
}

}  // namespace coley::reference_check
