// SPDX-License-Identifier: Apache-2.0
#include "credibility/validation_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "credibility/structural_demands.hpp"

namespace coley::credibility {

namespace {

constexpr std::array kShown{Use::fitted, Use::left_out, Use::validation};

std::string number(const report::Number& value) {
  return value ? fmt::format("{:.3g}", *value) : "-";
}

std::string with_interval(const report::Estimate& e) {
  return e.low && e.high ? fmt::format("{} ({} to {})", number(e.estimate), number(e.low), number(e.high)) : number(e.estimate);
}

std::string verdict(const ScoredRow& row) {
  return !row.row.agrees ? "-" : *row.row.agrees ? "agrees" : "DISAGREES";
}

std::string range_of_trials(const ScoredRow& row) {
  const auto& trials = row.row.simulated_trials;
  if (!trials) return "-";
  return trials->high ? fmt::format("{} to {}", number(trials->low), number(trials->high)) : number(trials->low) + " or more";
}

std::string percent(int part, int whole) {
  return whole > 0 ? fmt::format("{} of {} ({:.0f} %)", part, whole, 100.0 * part / whole) : "none";
}

/// A table of the rows of one use, in Markdown.
std::string markdown_table(const Validation& validation, Use use) {
  std::string text = "| trial | row | figure | published | simulated | 90 % of trials | |\n|---|---|---|---|---|---|---|\n";
  for (const ScoredRow& row : validation.rows) {
    if (row.use != use) continue;
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", row.trial, row.row.id, row.row.quantity, with_interval(row.row.published), with_interval(row.row.simulated),
                        range_of_trials(row), verdict(row));
  }
  return text;
}

std::string notes_on(const Validation& validation, const std::vector<Note>& notes) {
  std::set<std::string> missed;
  for (const ScoredRow& row : validation.rows) {
    if (row.row.agrees && !*row.row.agrees) missed.insert(row.row.id);
  }
  const auto is_missed = [&](const std::string& id) { return missed.contains(id) || missed.contains(id + "a") || missed.contains(id + "b"); };
  std::string text;
  std::set<std::string> said;
  for (const Note& note : notes) {
    std::string rows;
    for (const std::string& id : note.rows) {
      for (const char* side : {"", "a", "b"}) said.insert(id + side);
      if (is_missed(id)) rows += (rows.empty() ? "" : ", ") + id;
    }
    if (!rows.empty()) text += fmt::format("- **{}.** {}\n", rows, note.text);
  }
  std::string silent;
  for (const std::string& id : missed) {
    if (!said.contains(id)) silent += (silent.empty() ? "" : ", ") + id;
  }
  if (!silent.empty()) text += fmt::format("- Not explained: {}.\n", silent);
  return text.empty() ? "Every row that can be scored agrees.\n" : text;
}

std::string demands_table(const Validation& validation) {
  std::string text = "| demand | published | simulated | |\n|---|---|---|---|\n";
  for (const Demand& demand : structural_demands(validation)) {
    text += fmt::format("| {} | {} | {} | {} |\n", demand.what, demand.published, demand.simulated, demand.met ? "comes out" : "DOES NOT COME OUT");
  }
  return text;
}

std::string omitted_table(const Ensemble& ensemble) {
  if (ensemble.omitted.empty()) return "This ensemble does not say how trials are met without themselves.\n";
  std::string text = "| trial left out | rows fitted | met by the ensemble | met without the trial | mean square misfit | without the trial |\n|---|---|---|---|---|---|\n";
  OmittedTrial all{.trial = "**all**"};
  const auto line = [&](const OmittedTrial& o) {
    text += fmt::format("| {} | {} | {} | {} | {:.1f} | {:.1f} |\n", o.trial, o.rows, o.met, o.met_without, o.square, o.square_without);
  };
  for (const OmittedTrial& o : ensemble.omitted) {
    line(o);
    all.rows += o.rows;
    all.met += o.met;
    all.met_without += o.met_without;
    all.square += o.rows * o.square;
    all.square_without += o.rows * o.square_without;
  }
  all.square /= all.rows;
  all.square_without /= all.rows;
  line(all);
  return text;
}

constexpr const char* kContext = R"(## Context of use

Coley simulates trials of surgery and immunotherapy in kidney cancer and in MSI-H colorectal cancer. It is a research instrument and gives no advice on a person's care.

| question | may the model be used? | why |
|---|---|---|
| How do tests, sample sizes and looks behave when curves separate late, level off and patients switch drug? | yes | depends on the shape of curves, not on their exact level; the statistics are checked apart from the biology |
| What does a change of schedule, follow-up or eligibility do to a trial that is in the tables below and agrees? | with care | between trials that were fitted; look at the rows of that trial |
| What will a trial show that is like none that was fitted? | no more than as a hypothesis | see how the validation rows were met |
| Which drug for which patient? | no | never |
)";

constexpr const char* kVerified = R"(## Verified

That the program does what its equations say: closed forms (growth, exposure, kill by radiation, extinction, background mortality), every patient of a sample against CVODE at 1e-11, laws under random input (permutation, dose of zero, more follow-up), bit-identical results for any number of threads and shards, statistics against values of R. `./dev test` runs all of it; docs/performance.md has the error of the solver.
)";

}  // namespace

std::string in_words(Use use) {
  switch (use) {
    case Use::fitted: return "fitted";
    case Use::left_out: return "left out of the fit";
    case Use::validation: return "validation";
    case Use::context: return "context";
  }
  bug("a use of no kind");
}

std::string in_words(const Score& s) {
  std::string text = fmt::format("{} rows agree; simulated expectation inside the published interval: {}", percent(s.agree, s.rows), percent(s.inside, s.intervals));
  if (s.controls > 0) text += fmt::format("; survival of control arms within 5 points: {}", percent(s.within_5_points, s.controls));
  text += fmt::format("; mean interval score {:.1f} standard errors", s.interval_score);
  if (s.compared > 0) text += fmt::format("; log score above the naive forecast by {:.2f} a row ({} rows)", s.log_score_gain, s.compared);
  return text;
}

std::string validation_text(const Validation& validation) {
  std::string text;
  for (const Use use : kShown) {
    text += fmt::format("\nRows {}\n", in_words(use));
    for (const ScoredRow& row : validation.rows) {
      if (row.use != use) continue;
      text += fmt::format("  {:<24} {:<11} {:<58} {:>24} {:>24} {:>18} {}\n", row.trial, row.row.id, row.row.quantity.substr(0, 58), with_interval(row.row.published),
                          with_interval(row.row.simulated), range_of_trials(row), verdict(row));
    }
    text += "  " + in_words(score(validation, use)) + "\n";
  }
  return text;
}

nlohmann::ordered_json validation_json(const Validation& validation) {
  using Json = nlohmann::ordered_json;
  const auto or_null = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
  Json scores, rows = Json::array();
  for (const Use use : kShown) {
    const Score s = score(validation, use);
    scores[in_words(use)] = {{"rows", s.rows}, {"agree", s.agree}, {"intervals", s.intervals}, {"expectation_inside", s.inside}, {"controls", s.controls},
                             {"within_5_points", s.within_5_points}, {"interval_score", s.interval_score}, {"compared", s.compared}, {"log_score_gain", s.log_score_gain}};
  }
  for (const ScoredRow& row : validation.rows) {
    Json json = report::evidence_row_json(row.row);
    json["trial"] = row.trial;
    json["use"] = in_words(row.use);
    json["parameter_sd"] = or_null(row.parameter_sd);
    json["trial_sd"] = or_null(row.trial_sd);
    json["expectation_inside"] = or_null(row.expectation_inside);
    json["control_points"] = or_null(row.control_points);
    json["interval_score"] = or_null(row.interval_score);
    json["log_score"] = or_null(row.log_score);
    json["naive_log_score"] = or_null(row.naive_log_score);
    json["naive_from"] = row.naive_from.empty() ? Json(nullptr) : Json(row.naive_from);
    rows.push_back(std::move(json));
  }
  return {{"schema_version", 1}, {"coley", {{"version", validation.version}, {"ensemble_sha256", validation.ensemble_sha256}}}, {"scores", scores}, {"evidence", rows}};
}

std::string credibility_report(const Validation& validation, const CalibrationPlan& plan, const Ensemble& ensemble, const std::vector<Note>& notes,
                               const std::vector<EarlierScore>& history, const std::string& date) {
  std::string text = fmt::format(
      "# Credibility\n\nWritten by `coley validate` on {} with version {}; not to be edited by hand. The frame is that of ASME V&V 40, FDA's guidance of 2023 and ICH M15.\n\n"
      "Ensemble: {} sets of {} numbers, plan `{}`, fitted {}, {} sets simulated, SHA-256 {}.\n\n",
      date, validation.version, ensemble.members.size(), ensemble.numbers.size(), plan.name, ensemble.date, ensemble.evaluations, validation.ensemble_sha256);
  text += std::string(kContext) + "\n" + kVerified;
  text += "\n## Fitted\n\nAgreement here is no success of the model; disagreement is a failure. `simulated` has the uncertainty of the numbers in its interval; `90 % of trials` is the central range of simulated trials of the published size and follow-up, three at each set of numbers.\n\n" +
          in_words(score(validation, Use::fitted)) + ".\n\n" + markdown_table(validation, Use::fitted);
  text += "\n## Left out of the fit\n\nCalibration rows that a trial produces and that were not fitted:\n\n";
  for (const LeftOut& left : plan.left_out) {
    std::string rows;
    for (const std::string& row : left.rows) rows += (rows.empty() ? "" : ", ") + row;
    text += fmt::format("- {}: {}.\n", rows, left.why);
  }
  text += "\n" + in_words(score(validation, Use::left_out)) + ".\n\n" + markdown_table(validation, Use::left_out);
  text += "\n## Validation\n\nNever fitted. These rows were seen in earlier versions of the program's output before this ensemble was frozen, so they are *seen*; no number was chosen by them.\n\n" +
          in_words(score(validation, Use::validation)) + ".\n\n" + markdown_table(validation, Use::validation);
  text += "\nEvery frozen ensemble that was scored on them:\n\n| date | version | ensemble | rows that agree |\n|---|---|---|---|\n";
  for (const EarlierScore& earlier : history) text += fmt::format("| {} | {} | {} | {} |\n", earlier.date, earlier.version, earlier.ensemble_sha256.substr(0, 16), percent(earlier.agree, earlier.rows));
  text += "\n## One trial left out at a time\n\nEach trial of the fit predicted without it: the posterior of the numbers without its rows, from the emulator of the joint fit, and the trial simulated at as "
          "many sets drawn from that as the ensemble has. A row is met when the median misfit of the sets is within 1.96 standard errors. The emulator is a line about the posterior with the trial; "
          "`coley calibrate --without TRIAL` is the whole fit without one.\n\n" +
          omitted_table(ensemble);
  text += "\n## What the mechanism must be able to do\n\nDirections, not sizes; evidence/README.md says why these.\n\n" + demands_table(validation);
  text += "\n## What disagrees, and why\n\n" + notes_on(validation, notes);
  text += "\n## Assumed\n\nEvery number with its mark is in evidence/parameters.toml and drugs/; the report of a run lists them. What each trial assumes is in its file under `assumed`. docs/model.md says what is not simulated.\n";
  return text;
}

}  // namespace coley::credibility
