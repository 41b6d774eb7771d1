// SPDX-License-Identifier: Apache-2.0
#include "exchange/adam.hpp"

#include <gtest/gtest.h>

#include "exchange/csv.hpp"

namespace coley::exchange {
namespace {

const AdamStudy kStudy{.id = "trial-1", .arms = {{"DRUG", "Drug, 200 mg"}, {"PLACEBO", "Placebo"}}, .covariates = {"risk", "sarcomatoid"}};

AdamSubject subject() {
  AdamSubject s;
  s.number = 1007;
  s.trial = 1;
  s.randomised_day = 59;  // 2000 is a leap year: 29 February
  s.age = 64;
  s.male = true;
  s.ecog = 1;
  s.covariates = {"high", "no"};
  s.first_dose_day = 0;
  s.last_dose_day = 21;
  s.last_alive_day = 400;
  return s;
}

std::string value(const Table& table, const char* column) { return std::string(table.cell(0, table.column(column))); }

Table adsl(const AdamSubject& s) { return Table::parse(adsl_header(kStudy) + adsl_row(kStudy, s), "adsl.csv"); }
Table adtte(const AdamTime& time) { return Table::parse(adtte_header(kStudy) + adtte_row(kStudy, subject(), time), "adtte.csv"); }

TEST(Adam, DatesCountFromTheFirstOfJanuary2000) {
  EXPECT_EQ(adam_date(0), "2000-01-01");
  EXPECT_EQ(adam_date(59), "2000-02-29");
  EXPECT_EQ(adam_date(366), "2001-01-01");
  EXPECT_EQ(adam_date(3653), "2010-01-01");
}

TEST(Adam, NamesOfColumnsHaveEightCharacters) {
  EXPECT_EQ(adam_name("risk"), "RISK");
  EXPECT_EQ(adam_name("sarcomatoid"), "SARCOMAT");
}

TEST(Adam, SubjectOnStudy) {
  const Table table = adsl(subject());
  EXPECT_EQ(value(table, "USUBJID"), "trial-1-1007");
  EXPECT_EQ(value(table, "SUBJID"), "1007");
  EXPECT_EQ(value(table, "TRIALNUM"), "1");
  EXPECT_EQ(value(table, "ARM"), "Drug, 200 mg");
  EXPECT_EQ(value(table, "TRT01A"), "Drug, 200 mg");
  EXPECT_EQ(value(table, "TRT01PN"), "1");
  EXPECT_EQ(value(table, "RANDDT"), "2000-02-29");
  EXPECT_EQ(value(table, "TRTEDT"), "2000-03-21");
  EXPECT_EQ(value(table, "SEX"), "M");
  EXPECT_EQ(value(table, "RISK"), "high");
  EXPECT_EQ(value(table, "EOSSTT"), "ONGOING");
  EXPECT_EQ(value(table, "DTHDT"), "");
  EXPECT_EQ(value(table, "LSTALVDT"), "2001-04-04");
}

TEST(Adam, SubjectWhoDied) {
  AdamSubject s = subject();
  s.death_day = s.last_alive_day = 10;
  const Table table = adsl(s);
  EXPECT_EQ(value(table, "EOSSTT"), "DISCONTINUED");
  EXPECT_EQ(value(table, "DCSREAS"), "DEATH");
  EXPECT_EQ(value(table, "DTHDT"), "2000-03-10");
}

TEST(Adam, SubjectNeverTreatedIsNotInTheSafetySet) {
  AdamSubject s = subject();
  s.first_dose_day = s.last_dose_day = std::nullopt;
  const Table table = adsl(s);
  EXPECT_EQ(value(table, "SAFFL"), "N");
  EXPECT_EQ(value(table, "TRT01A"), "");
  EXPECT_EQ(value(table, "TRTSDT"), "");
}

TEST(Adam, TimesCountTheFirstDayAndCensoringIsOne) {
  const Table event = adtte({.code = "DFS", .day = 0, .event = true, .event_description = "RECURRENCE"});
  EXPECT_EQ(value(event, "AVAL"), "1");
  EXPECT_EQ(value(event, "CNSR"), "0");
  EXPECT_EQ(value(event, "STARTDT"), value(event, "ADT"));
  const Table censored = adtte({.code = "OS", .day = 31, .event = false, .event_description = "NO EVENT", .censoring_description = "DATA CUT-OFF"});
  EXPECT_EQ(value(censored, "AVAL"), "32");
  EXPECT_EQ(value(censored, "CNSR"), "1");
  EXPECT_EQ(value(censored, "ADT"), "2000-03-31");
  EXPECT_EQ(value(censored, "CNSDTDSC"), "DATA CUT-OFF");
}

}  // namespace
}  // namespace coley::exchange
