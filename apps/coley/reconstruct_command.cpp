// SPDX-License-Identifier: Apache-2.0
// coley reconstruct CURVE.csv --risk RISK.csv: patient rows behind a published curve, ready for `coley survival`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "core/error.hpp"
#include "exchange/csv.hpp"
#include "statistics/curve_reconstruction.hpp"

namespace coley {
namespace {

struct ReconstructOptions {
  std::string curve, risk;
  int events = -1;
  double reading_error = 0.01;
  std::string arm;
};

std::vector<double> column(const exchange::Table& table, const char* name) {
  const std::size_t at = table.column(name);
  std::vector<double> values;
  for (std::size_t row = 0; row < table.rows(); ++row) values.push_back(table.number(row, at));
  return values;
}

std::vector<int> whole_numbers(const exchange::Table& table, const char* name) {
  std::vector<int> numbers;
  for (const double value : column(table, name)) {
    if (!(value >= 0 && value < 1e9 && value == std::floor(value)))
      throw InputError(Fault{.file = table.file(), .line = table.line(numbers.size()), .key = name, .found = fmt::format("{}", value), .expected = "a whole number of patients"});
    numbers.push_back(static_cast<int>(value));
  }
  return numbers;
}

void run(const ReconstructOptions& options) {
  const exchange::Table points = exchange::Table::read(options.curve), table = exchange::Table::read(options.risk);
  statistics::PublishedCurve curve{column(points, "time"), column(points, "survival"), column(table, "time"), whole_numbers(table, "n_risk"), {}, options.reading_error};
  if (options.events >= 0) curve.events = options.events;
  const statistics::ReconstructedPatients patients = statistics::reconstruct_patients(curve);
  std::string text = options.arm.empty() ? "time,event\n" : "time,event,arm\n";
  for (std::size_t i = 0; i < patients.time.size(); ++i)
    text += fmt::format("{},{}{}\n", patients.time[i], int{patients.event[i]}, options.arm.empty() ? "" : "," + options.arm);
  std::cout << text;
  std::cerr << fmt::format("{} patients; their curve departs from the one read by at most {:.3g}\n", patients.time.size(), patients.largest_deviation);
  const double known = curve.risk_time.back();
  std::size_t later = 0, last_events = 0;
  for (std::size_t i = 0; i < patients.time.size(); ++i) {
    later += patients.time[i] >= known;
    last_events += patients.time[i] >= known && patients.event[i] != 0;
  }
  std::cerr << fmt::format("After the last number at risk (time {:g}) the figure does not say how many were censored: the {} events and {} censored written there are one of the ways to draw it{}.\n",
                           known, last_events, later - last_events, options.events >= 0 ? ", held to --events" : "; --events narrows it");
}

}  // namespace

void add_reconstruct_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("reconstruct", "Patient rows behind a published survival curve and its numbers at risk (Guyot 2012), as CSV");
  auto options = std::make_shared<ReconstructOptions>();
  command.add_option("curve", options->curve, "CSV with columns time and survival (0 to 1): points read off the curve")->required();
  command.add_option("--risk", options->risk, "CSV with columns time and n_risk, the first at time 0")->required();
  command.add_option("--events", options->events, "number of events, where printed");
  command.add_option("--reading-error", options->reading_error, "how far survival may be misread")->capture_default_str();
  command.add_option("--arm", options->arm, "written in a third column");
  command.callback([options] { run(*options); });
}

}  // namespace coley
