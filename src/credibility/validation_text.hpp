// SPDX-License-Identifier: Apache-2.0
#pragma once
// A validation for people and for programs: tables, JSON, and the credibility report docs/credibility.md.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "credibility/validate.hpp"
#include "protocol/notes_file.hpp"

namespace coley::credibility {

/// "fitted", "left out", "validation", "context".
std::string in_words(Use use);

/// One line on a score: "41 of 52 rows agree (79 %); ...".
std::string in_words(const Score& score);

/// The rows of every use but context, in tables of their own, as plain text.
std::string validation_text(const Validation& validation);

/// {ensemble_sha256, version, scores {use: ...}, evidence [rows as in summary.json, with trial, use and scores]}.
nlohmann::ordered_json validation_json(const Validation& validation);

/// A score of the validation rows by an ensemble that was frozen.
struct EarlierScore {
  std::string date, version, ensemble_sha256;
  int agree = 0, rows = 0;
};

/// The credibility report as Markdown.
std::string credibility_report(const Validation& validation, const CalibrationPlan& plan, const Ensemble& ensemble,
                               const std::vector<Note>& notes, const std::vector<EarlierScore>& history, const std::string& date);

}  // namespace coley::credibility
