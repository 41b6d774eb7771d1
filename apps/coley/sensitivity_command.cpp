// SPDX-License-Identifier: Apache-2.0
// coley sensitivity TRIAL: which numbers decide what the trial shows.

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "commands.hpp"
#include "core/error.hpp"
#include "credibility/roles.hpp"
#include "credibility/sensitivity.hpp"
#include "output_folder.hpp"
#include "protocol/shipped.hpp"
#include "report/statistics_html.hpp"
#include "threads.hpp"

namespace coley {

namespace {

using namespace credibility;
using Json = nlohmann::ordered_json;

struct CallOptions {
  std::string trial, method = "morris", over = "ensemble", out, html;
  std::vector<std::string> sets, numbers;
  SensitivityOptions options;
  int points = 0;
  bool json = false, quiet = false;
};

constexpr int kDefaultPoints[] = {8, 32, 200};  // by method

/// The bounds become the ensemble's range, where it has the number.
void narrow_to_ensemble(const Ensemble& ensemble, std::vector<FreeNumber>& numbers) {
  for (FreeNumber& number : numbers) {
    for (std::size_t k = 0; k < ensemble.numbers.size(); ++k) {
      if (ensemble.numbers[k].set != number.set || ensemble.numbers[k].disease != number.disease) continue;
      std::vector<double> values;
      for (const EnsembleMember& member : ensemble.members) values.push_back(member.values[k]);
      const auto [low, high] = std::minmax_element(values.begin(), values.end());
      if (*low < *high) number.low = *low, number.high = *high;
    }
  }
}

struct Line {
  double size;  // by which lines are sorted
  std::string text;
};

std::vector<Line> lines(const Sensitivity& result, const SensitivityOutput& output, SensitivityMethod method) {
  std::vector<Line> all;
  for (std::size_t k = 0; k < result.numbers.size(); ++k) {
    const std::string& name = result.numbers[k].set;
    if (method == SensitivityMethod::morris) {
      const auto& e = output.effects[k];
      all.push_back({e.mean_absolute.estimate, fmt::format("    {:<58} {:>8.3f} ({:.3f} to {:.3f}) {:>9.3f} {:>9.3f}", name, e.mean_absolute.estimate, e.mean_absolute.low, e.mean_absolute.high, e.mean, e.sd)});
    } else if (method == SensitivityMethod::sobol) {
      const auto &first = output.indices.first[k], &total = output.indices.total[k];
      all.push_back({total.estimate, fmt::format("    {:<58} {:>7.2f} ({:.2f} to {:.2f}) {:>7.2f} ({:.2f} to {:.2f})", name, first.estimate, first.low, first.high, total.estimate, total.low, total.high)});
    } else {
      const auto& r = output.correlations[k];
      all.push_back({std::abs(r.estimate), fmt::format("    {:<58} {:>7.2f} ({:.2f} to {:.2f})  p {:.2g}", name, r.estimate, r.low, r.high, r.p)});
    }
  }
  std::sort(all.begin(), all.end(), [](const Line& a, const Line& b) { return a.size > b.size; });
  return all;
}

std::string text(const Sensitivity& result, SensitivityMethod method) {
  const char* head = method == SensitivityMethod::morris ? "change over the range (mu*), its mean (mu), and its scatter (sigma)"
                     : method == SensitivityMethod::sobol ? "share of the variance explained alone, and with all interactions"
                                                          : "partial rank correlation";
  std::string text = fmt::format("{} points; {}, 95 % intervals; the ten largest of each output\n", result.points, head);
  for (const SensitivityOutput& output : result.outputs) {
    text += fmt::format("\n  {}\n", output.name);
    if (!output.not_done.empty()) {
      text += fmt::format("    {}\n", output.not_done);
      continue;
    }
    auto all = lines(result, output, method);
    if (all.size() > 10) all.resize(10);
    for (const Line& line : all) text += line.text + '\n';
  }
  return text;
}

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json(const statistics::SensitivityIndex& index) {
  return {{"estimate", number_or_null(index.estimate)}, {"low", number_or_null(index.low)}, {"high", number_or_null(index.high)}};
}

Json json(const Sensitivity& result, const CallOptions& call) {
  Json numbers = Json::array(), outputs = Json::array();
  for (const FreeNumber& number : result.numbers) numbers.push_back({{"set", number.set}, {"low", number.low}, {"high", number.high}});
  for (const SensitivityOutput& output : result.outputs) {
    Json by_number = Json::array();
    for (std::size_t k = 0; k < result.numbers.size() && output.not_done.empty(); ++k) {
      Json entry{{"set", result.numbers[k].set}};
      switch (call.options.method) {
        case SensitivityMethod::morris:
          entry["mu_star"] = json(output.effects[k].mean_absolute);
          entry["mu"] = number_or_null(output.effects[k].mean);
          entry["sigma"] = number_or_null(output.effects[k].sd);
          break;
        case SensitivityMethod::sobol:
          entry["first"] = json(output.indices.first[k]);
          entry["total"] = json(output.indices.total[k]);
          break;
        case SensitivityMethod::rank_correlation: {
          const auto& r = output.correlations[k];
          entry["prcc"] = {{"estimate", number_or_null(r.estimate)}, {"low", number_or_null(r.low)}, {"high", number_or_null(r.high)}, {"p", number_or_null(r.p)}};
          break;
        }
      }
      by_number.push_back(std::move(entry));
    }
    outputs.push_back({{"output", output.name}, {"not_done", output.not_done.empty() ? Json(nullptr) : Json(output.not_done)}, {"numbers", std::move(by_number)}});
  }
  return {{"schema_version", 1}, {"trial", call.trial}, {"method", call.method}, {"over", call.over}, {"points", result.points}, {"patients", call.options.patients},
          {"seed", call.options.seed}, {"numbers", std::move(numbers)}, {"outputs", std::move(outputs)}};
}

/// With a figure of the indices of every output that could be analysed; of other methods, the text alone.
void write_page(const Sensitivity& result, const CallOptions& call) {
  nlohmann::json page;
  nlohmann::json& figures = page["sobol"] = nlohmann::json::array();
  for (const SensitivityOutput& output : result.outputs) {
    nlohmann::json rows = nlohmann::json::array();
    for (std::size_t k = 0; k < result.numbers.size() && output.not_done.empty() && call.options.method == SensitivityMethod::sobol; ++k)
      rows.push_back({{"parameter", result.numbers[k].set}, {"first", json(output.indices.first[k])}, {"total", json(output.indices.total[k])}});
    if (!rows.empty()) figures.push_back({{"output", output.name}, {"rows", std::move(rows)}});
  }
  std::vector<report::StatisticsFigure> places;
  if (!figures.empty())
    places.push_back({"sobol", "Share of the variance of each output that a number explains alone, and with all its interactions; lines: 95 % intervals by bootstrap. "
                               "An output about which nothing is drawn could not be estimated at some point; the text says so."});
  const std::string about = fmt::format("{}, --over {}, {} patients at every point, seed {}\n\n", call.trial, call.over, call.options.patients, call.options.seed);
  write_file(call.html, report::statistics_html("Sensitivity: " + call.trial, about + text(result, call.options.method), page, places));
}

void run(CallOptions call) {
  std::vector<std::string> sets = call.sets;
  const std::optional<Ensemble> ensemble = take_ensemble(sets);
  const TrialInputs trial = read_trial(trial_text(call.trial), sets);
  const CalibrationPlan plan = read_calibration(*shipped_text("evidence/calibration.toml"), "evidence/calibration.toml", role_of_row);
  std::vector<FreeNumber> numbers = numbers_of_trial(plan, trial, call.numbers);
  if (call.over == "ensemble" && ensemble) narrow_to_ensemble(*ensemble, numbers);
  call.options.method = call.method == "morris" ? SensitivityMethod::morris : call.method == "sobol" ? SensitivityMethod::sobol : SensitivityMethod::rank_correlation;
  call.options.points = call.points > 0 ? call.points : kDefaultPoints[static_cast<int>(call.options.method)];
  if (call.options.method == SensitivityMethod::rank_correlation && call.options.points < static_cast<int>(numbers.size()) + 4) {
    throw InputError(Fault{.key = "--points", .found = std::to_string(call.options.points), .expected = fmt::format("at least {}: more than the numbers", numbers.size() + 4)});
  }
  call.options.threads = threads_or_all(call.options.threads);
  std::optional<OutputFolder> folder;
  if (!call.out.empty()) folder.emplace(call.out);
  const bool show = !call.quiet && !call.json && isatty(STDERR_FILENO);
  const Sensitivity result = sensitivity(trial, sets, numbers, call.options, [&](long done, long planned) {
    if (show) std::cerr << fmt::format("\r{} of {} points   ", done, planned) << (done == planned ? "\r\033[K" : "") << std::flush;
  });
  if (folder) {
    folder->write("sensitivity.json", json(result, call).dump(2) + "\n");
    folder->publish();
  }
  if (!call.html.empty()) write_page(result, call);
  if (call.json) {
    std::cout << json(result, call).dump(2) << '\n';
  } else if (!call.quiet) {
    std::cout << text(result, call.options.method);
  }
}

}  // namespace

void add_sensitivity_command(CLI::App& program) {
  auto options = std::make_shared<CallOptions>();
  CLI::App* command = program.add_subcommand("sensitivity", "Which numbers decide what a trial shows: Morris screening, Sobol' indices, partial rank correlation");
  command->add_option("TRIAL", options->trial, "path of a protocol file, or name of a trial that ships")->required();
  command->add_option("--method", options->method, "morris (default), sobol, prcc")->check(CLI::IsMember({"morris", "sobol", "prcc"}));
  command->add_option("--points", options->points, "trajectories, base points of Sobol', or points (default 8, 32, 200)")->check(CLI::Range(2, 1000000));
  command->add_option("--number", options->numbers, "a number of the calibration plan, as in --set; may be repeated (default: all that the trial has)")->allow_extra_args(false);
  command->add_option("--over", options->over, "range of each number: what the ensemble left open (default), or prior")->check(CLI::IsMember({"ensemble", "prior"}));
  command->add_option("--patients", options->options.patients, "patients at every point (default 400)")->check(CLI::Range(20L, 10000000L));
  command->add_option("--seed", options->options.seed, "seed of every random number (default 1)");
  command->add_option("--threads", options->options.threads, "threads (default: all cores); results do not depend on it")->check(CLI::Range(1, 1024));
  command->add_option("--set", options->sets, "take a value in place of the file's; may be repeated")->type_name("path=value")->allow_extra_args(false);
  command->add_option("--out", options->out, "folder for sensitivity.json");
  command->add_option("--html", options->html, "write a page to this HTML file, with figures of Sobol' indices");
  command->add_flag("--json", options->json, "print JSON and nothing else");
  command->add_flag("--quiet", options->quiet, "print nothing");
  options->options.threads = 0;
  command->callback([options] { run(*options); });
}

}  // namespace coley
