// SPDX-License-Identifier: Apache-2.0
// Every drug's simulated concentrations against the published ones that its file names.
#include "treatment/exposure.hpp"

#include <gtest/gtest.h>

#include "protocol/drug_file.hpp"
#include "protocol/shipped.hpp"

namespace coley::treatment {
namespace {

Drug shipped(const std::string& name) { return read_drug(shipped_text("drugs/" + name + ".toml").value(), "drugs/" + name + ".toml"); }

class PublishedExposures : public testing::TestWithParam<std::string> {};

TEST_P(PublishedExposures, HoldTheSimulated) {
  const Drug drug = shipped(GetParam());
  for (const PublishedExposure& row : drug.published) {
    const double simulated = simulate(drug, row);
    RecordProperty(row.measure, std::to_string(simulated));
    EXPECT_GE(simulated, row.low) << row.measure << " of " << row.dose << ' ' << row.unit;
    EXPECT_LE(simulated, row.high) << row.measure << " of " << row.dose << ' ' << row.unit;
  }
}

/// Kinetics stand on a publication, or say of every number that it is assumed.
TEST_P(PublishedExposures, AreThereUnlessKineticsAreAssumed) {
  const Drug drug = shipped(GetParam());
  if (drug.pharmacokinetics == Pharmacokinetics::schedule || !drug.published.empty()) return;
  for (const DrugNumber& number : numbers_of(drug)) {
    if (number.key.starts_with("two_compartment_iv") || number.key.starts_with("one_compartment") || number.key.starts_with("il2")) {
      EXPECT_EQ(number.number.status, "assumed") << drug.name << ' ' << number.key;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Drugs, PublishedExposures, testing::ValuesIn(shipped_drugs()), [](const auto& drug) {
  std::string name = drug.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace coley::treatment
