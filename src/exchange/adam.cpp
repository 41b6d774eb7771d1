// SPDX-License-Identifier: Apache-2.0
#include "exchange/adam.hpp"

#include <fmt/format.h>

#include <cctype>
#include <chrono>
#include <string_view>

#include "core/error.hpp"
#include "exchange/csv.hpp"

namespace coley::exchange {

namespace {

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string covariate_names(const AdamStudy& study) {
  std::string text;
  for (const std::string& covariate : study.covariates) text += ',' + adam_name(covariate);
  return text;
}

std::string covariate_values(const AdamSubject& subject) {
  std::string text;
  for (const std::string& value : subject.covariates) text += ',' + csv_field(value);
  return text;
}

/// Date of a day after randomisation; empty when there is none.
std::string date(const AdamSubject& subject, const std::optional<int>& day) {
  return day ? adam_date(subject.randomised_day + *day) : "";
}

std::string identity(const AdamStudy& study, const AdamSubject& subject) {
  return csv_field(study.id) + "," + csv_field(study.id + "-" + std::to_string(subject.number));
}

const AdamArm& arm_of(const AdamStudy& study, const AdamSubject& subject) { return study.arms.at(subject.arm); }

std::string_view parameter(const std::string& code) {
  if (code == "OS") return "Overall survival (days)";
  if (code == "DFS") return "Disease-free survival (days)";
  if (code == "RFI") return "Recurrence-free interval (days)";
  if (code == "PFS") return "Progression-free survival (days)";
  if (code == "TTNT") return "Time to next treatment (days)";
  if (code == "TTD") return "Time to treatment discontinuation (days)";
  if (code == "TTR") return "Time to response (days)";
  if (code == "TTDET") return "Time to deterioration (days)";
  bug("an endpoint without a name in ADTTE: " + code);
}

std::string_view end_of_study(const AdamSubject& subject) {
  return !subject.analysed || subject.death_day || subject.lost_day ? "DISCONTINUED" : "ONGOING";
}

std::string_view end_reason(const AdamSubject& subject) {
  if (!subject.analysed) return "NOT SIMULATED";
  return subject.death_day ? "DEATH" : subject.lost_day ? "LOST TO FOLLOW-UP" : "";
}

}  // namespace

std::string adam_name(const std::string& covariate) { return upper(covariate.substr(0, 8)); }

std::string adam_code(const std::string& arm) { return upper(arm.substr(0, 20)); }

std::string adam_date(int day) {
  using namespace std::chrono;
  const year_month_day date{sys_days{year{2000} / January / 1} + days{day}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string adsl_header(const AdamStudy& study) {
  return "STUDYID,USUBJID,SUBJID,TRIALNUM,ARM,ARMCD,TRT01P,TRT01PN,TRT01A,TRT01AN,RANDDT,TRTSDT,TRTEDT,AGE,AGEU,SEX,ECOG" +
         covariate_names(study) + ",ITTFL,SAFFL,EOSSTT,DCSREAS,DTHFL,DTHDT,LSTALVDT\n";
}

std::string adsl_row(const AdamStudy& study, const AdamSubject& subject) {
  const AdamArm& arm = arm_of(study, subject);
  const std::string label = csv_field(arm.label), number = std::to_string(subject.arm + 1);
  const bool treated = subject.first_dose_day.has_value();
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},YEARS,{},{}{},{},{},{},{},{},{},{}\n", identity(study, subject),
                     subject.number, subject.trial, label, csv_field(arm.code), label, number, treated ? label : "",
                     treated ? number : "", date(subject, 0), date(subject, subject.first_dose_day),
                     date(subject, subject.last_dose_day), subject.age, subject.male ? 'M' : 'F', subject.ecog,
                     covariate_values(subject), subject.analysed ? 'Y' : 'N', treated ? 'Y' : 'N', end_of_study(subject),
                     end_reason(subject), subject.death_day ? "Y" : "", date(subject, subject.death_day),
                     subject.analysed ? date(subject, subject.last_alive_day) : "");
}

std::string adtte_header(const AdamStudy& study) {
  return "STUDYID,USUBJID,TRIALNUM,ARM,ARMCD,TRT01P,TRT01PN,AGE,SEX,ECOG" + covariate_names(study) +
         ",PARAM,PARAMCD,STARTDT,ADT,AVAL,CNSR,EVNTDESC,CNSDTDSC,SRCDOM,SRCVAR,SRCSEQ\n";
}

std::string adtte_row(const AdamStudy& study, const AdamSubject& subject, const AdamTime& time) {
  const AdamArm& arm = arm_of(study, subject);
  const std::string label = csv_field(arm.label);
  return fmt::format("{},{},{},{},{},{},{},{},{}{},{},{},{},{},{},{},{},{},{},{},\n", identity(study, subject), subject.trial, label,
                     csv_field(arm.code), label, subject.arm + 1, subject.age, subject.male ? 'M' : 'F', subject.ecog,
                     covariate_values(subject), parameter(time.code), time.code, date(subject, 0), date(subject, time.day),
                     time.day + 1, time.event ? 0 : 1, csv_field(time.event_description), csv_field(time.censoring_description),
                     time.source_variable.empty() ? "" : "ADSL", time.source_variable);
}

}  // namespace coley::exchange
