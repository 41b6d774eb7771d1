// SPDX-License-Identifier: Apache-2.0
// The patient-level tables hold the run that was counted, in bytes that do not depend on threads.
#include "trial/patient_level.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "core/error.hpp"
#include "exchange/csv.hpp"

namespace coley {
namespace {

constexpr long long kPatients = 100;  // eight trials of 12 and a part of one

const Design& design() {
  static const Design result = make_design(read_trial("keynote-564", {"population.size=12"}));
  return result;
}

struct Tables {
  std::string adsl, adtte;
  TrialResult result;
};

Tables run(int threads) {
  RunOptions options;
  options.patients = kPatients;
  options.threads = threads;
  std::ostringstream adsl, adtte;
  PatientLevelTables tables(design(), adsl, adtte);
  TrialResult result = run_trial(design(), options, {}, [&](const std::vector<PatientRow>& rows) { tables(rows); });
  return {adsl.str(), adtte.str(), std::move(result)};
}

TEST(PatientLevel, BytesDoNotDependOnThreads) {
  const Tables one = run(1), many = run(5);
  EXPECT_EQ(one.adsl, many.adsl);
  EXPECT_EQ(one.adtte, many.adtte);
}

TEST(PatientLevel, RowsAreThePatientsThatWereCounted) {
  const Tables tables = run(2);
  const auto adsl = exchange::Table::parse(tables.adsl, "adsl.csv"), adtte = exchange::Table::parse(tables.adtte, "adtte.csv");
  ASSERT_EQ(adsl.rows(), static_cast<std::size_t>(kPatients));
  for (std::size_t row = 0; row < adsl.rows(); ++row) {
    EXPECT_EQ(adsl.number(row, adsl.column("SUBJID")), static_cast<double>(row));
    EXPECT_EQ(adsl.number(row, adsl.column("TRIALNUM")), static_cast<double>(row / 12));
  }
  std::map<std::pair<std::string, std::string>, double> events;
  for (std::size_t row = 0; row < adtte.rows(); ++row) {
    const std::pair key{std::string(adtte.cell(row, adtte.column("PARAMCD"))), std::string(adtte.cell(row, adtte.column("ARM")))};
    events[key] += 1 - adtte.number(row, adtte.column("CNSR"));
  }
  for (const char* endpoint : {"OS", "DFS"}) {
    const int view = design().view(endpoint, "2024-09");
    ASSERT_GE(view, 0);
    for (int arm = 0; arm < 2; ++arm) {
      const auto curve = tables.result.tally.views[static_cast<std::size_t>(view)].kaplan_meier(arm);
      EXPECT_EQ((events[{endpoint, design().protocol().arms[static_cast<std::size_t>(arm)].label}]), curve.events) << endpoint << arm;
      EXPECT_GT(curve.events, 0);
    }
  }
}

TEST(PatientLevel, AStreamThatCannotBeWrittenStopsTheRun) {
  std::ostringstream adsl, adtte;
  PatientLevelTables tables(design(), adsl, adtte);
  adtte.setstate(std::ios::badbit);
  RunOptions options;
  options.patients = 12;
  EXPECT_THROW(run_trial(design(), options, {}, [&](const std::vector<PatientRow>& rows) { tables(rows); }), RunError);
}

/// Every endpoint that counts from randomisation has its name in ADTTE; the others have no rows.
TEST(PatientLevel, MetastaticTrialsHaveTables) {
  for (const char* trial : {"checkmate-214", "sbrt-fractionation"}) {
    const Design metastatic = make_design(read_trial(trial, {"population.size=20"}));
    std::ostringstream adsl, adtte;
    PatientLevelTables tables(metastatic, adsl, adtte);
    RunOptions options;
    options.patients = 20;
    run_trial(metastatic, options, {}, [&](const std::vector<PatientRow>& rows) { tables(rows); });
    const auto table = exchange::Table::parse(adtte.str(), "adtte.csv");
    std::set<std::string> codes;
    for (std::size_t row = 0; row < table.rows(); ++row) codes.emplace(table.cell(row, table.column("PARAMCD")));
    EXPECT_TRUE(codes.contains("OS") && codes.contains("PFS") && codes.contains("TTNT")) << trial;
    EXPECT_FALSE(codes.contains("DOR") || codes.contains("TFS") || codes.contains("LC")) << trial;
  }
}

}  // namespace
}  // namespace coley
