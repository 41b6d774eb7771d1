// SPDX-License-Identifier: Apache-2.0
#pragma once
// Patient-level results as CDISC ADaM tables in CSV: ADSL, one row a subject, and ADTTE, one row a subject and endpoint.
// Names and codes are those of the ADaM Implementation Guide 1.3. Simulated trials have no calendar: day 0, on which a
// trial opens, is 2000-01-01. A missing value is an empty field.

#include <optional>
#include <string>
#include <vector>

namespace coley::exchange {

struct AdamArm {
  std::string code;   ///< ARMCD
  std::string label;  ///< ARM
};

/// What all rows of a table share.
struct AdamStudy {
  std::string id;  ///< STUDYID
  std::vector<AdamArm> arms;
  std::vector<std::string> covariates;  ///< columns beside age, sex and ECOG; see adam_name
};

/// Days count from randomisation.
struct AdamSubject {
  long long number = 0;      ///< SUBJID
  long long trial = 0;       ///< TRIALNUM, number of the simulated trial
  std::size_t arm = 0;       ///< index into AdamStudy::arms
  int randomised_day = 0;    ///< after the trial opened
  int age = 0;               ///< years
  bool male = false;
  int ecog = 0;
  std::vector<std::string> covariates;  ///< in order of AdamStudy::covariates
  bool analysed = true;      ///< false: could not be simulated; in no endpoint, ITTFL is N
  std::optional<int> first_dose_day, last_dose_day;  ///< none: not treated; last only: still on treatment
  std::optional<int> death_day, lost_day;
  int last_alive_day = 0;
};

/// One endpoint of one subject.
struct AdamTime {
  std::string code;  ///< PARAMCD: OS, DFS, PFS, TFS
  int day = 0;       ///< of the event or of censoring
  bool event = false;
  std::string event_description;      ///< EVNTDESC
  std::string censoring_description;  ///< CNSDTDSC; empty for an event
  std::string source_variable;        ///< SRCVAR, of ADSL; empty when ADSL does not hold the date
};

/// A covariate as the name of a column: upper case, at most eight characters ("sarcomatoid" is SARCOMAT).
std::string adam_name(const std::string& covariate);

/// An arm's name as ARMCD: upper case, at most twenty characters.
std::string adam_code(const std::string& arm);

/// ISO 8601 date `day` days after 2000-01-01.
std::string adam_date(int day);

/// Header lines and rows, each with its end of line.
std::string adsl_header(const AdamStudy& study);
std::string adsl_row(const AdamStudy& study, const AdamSubject& subject);
std::string adtte_header(const AdamStudy& study);
/// AVAL counts the day of randomisation as day 1 and CNSR is 0 for an event, as CDISC has it.
std::string adtte_row(const AdamStudy& study, const AdamSubject& subject, const AdamTime& time);

}  // namespace coley::exchange
