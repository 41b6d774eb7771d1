// SPDX-License-Identifier: Apache-2.0
// A dose that the drug's kinetics cannot read is refused, with the key.
#include <gtest/gtest.h>

#include <functional>

#include "core/error.hpp"
#include "protocol/drug_file.hpp"
#include "protocol/shipped.hpp"
#include "trial/design.hpp"

namespace coley {
namespace {

std::string refused(const std::function<void(Dosing&)>& change, const std::string& drug) {
  TrialInputs inputs = read_trial("keynote-564");
  const std::string file = "drugs/" + drug + ".toml";
  inputs.drugs.insert_or_assign(drug, read_drug(shipped_text(file).value(), file));
  Dosing& dosing = inputs.protocol.arms[0].drugs[0];
  dosing.drug = drug;
  change(dosing);
  try {
    make_design(std::move(inputs));
  } catch (const InputError& error) {
    return error.faults().front().key;
  }
  return "";
}

TEST(Doses, InAUnitThatTheDrugReads) {
  EXPECT_EQ(refused([](Dosing& d) { d.unit = "MIU"; }, "pembrolizumab"), "arm.pembrolizumab.drug.unit");
  EXPECT_EQ(refused([](Dosing& d) { d.unit = "mg"; }, "aldesleukin"), "arm.pembrolizumab.drug.unit");
  EXPECT_EQ(refused([](Dosing& d) { d.unit = "MIU"; d.route = Route::sc; }, "interferon-alfa"), "");
  EXPECT_EQ(refused([](Dosing& d) { d.unit = "mg/m2"; }, "oxaliplatin"), "");
  EXPECT_EQ(refused([](Dosing& d) { d.unit = "MIU"; d.dose = 0; }, "pembrolizumab"), "");
}

TEST(Doses, ByARouteThatTheDrugHas) {
  EXPECT_EQ(refused([](Dosing& d) { d.route = Route::sc; }, "nivolumab"), "arm.pembrolizumab.drug.route");
  EXPECT_EQ(refused([](Dosing& d) { d.unit = "MIU"; d.route = Route::po; }, "aldesleukin"), "arm.pembrolizumab.drug.route");
}

TEST(Doses, InBlocksThatCanBePlanned) {
  const auto endless = [](Dosing& d) {
    d.unit = "MIU";
    d.every_days = 1;
    d.doses = 0;
  };
  EXPECT_EQ(refused(endless, "aldesleukin"), "arm.pembrolizumab.drug.days_on");
  EXPECT_EQ(refused([](Dosing& d) { d.cycle_days = 42; d.days_on = {{0, 4}}; }, "nivolumab"), "arm.pembrolizumab.drug.days_on");
}

}  // namespace
}  // namespace coley
