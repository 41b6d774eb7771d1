// SPDX-License-Identifier: Apache-2.0
// The columns that a formula stands for, with the names that R's coxph gives them.
#include "exchange/model_formula.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace coley::exchange {
namespace {

Frame frame() { return Frame(std::make_shared<Table>(Table::parse("age,sex,site,my arm\n50,f,X-ray,a\n60,m,autopsy,b\n70,f,Biopsy,a\n", "test"))); }

std::vector<std::string> names(const std::string& formula) { return read_design(parse_formula(formula), frame()).names; }

using Names = std::vector<std::string>;

TEST(ModelFormula, CrossesAndTakesOutTerms) {
  EXPECT_EQ(names("(age + sex)^2"), (Names{"age", "sexm", "age:sexm"}));
  EXPECT_EQ(names("sex * age - age"), (Names{"sexm", "sexf:age", "sexm:age"}));
  EXPECT_EQ(names("age - 1"), (Names{"age"}));
  EXPECT_EQ(names("age/sex"), names("age + age:sex"));
  EXPECT_EQ(names("I(age/10)"), (Names{"I(age/10)"}));
  EXPECT_THROW(parse_formula("age/10"), InputError);
  EXPECT_THROW(parse_formula("sex - age"), InputError);
  EXPECT_THROW(parse_formula("(age + sex) * site"), InputError);
}

TEST(ModelFormula, AComparisonIsAFactorOfFalseAndTrue) {
  EXPECT_EQ(names("I(age > 55)"), (Names{"I(age > 55)TRUE"}));
  EXPECT_EQ(read_design(parse_formula("I(age > 55)"), frame()).columns, (std::vector<double>{0, 1, 1}));
}

TEST(ModelFormula, LevelsStandInTheOrderOfRsLocale) { EXPECT_EQ(names("site"), (Names{"siteBiopsy", "siteX-ray"})); }

TEST(ModelFormula, ANameBetweenBackquotesMayHoldAnything) { EXPECT_EQ(names("`my arm` + pmin(age, 60)"), (Names{"my armb", "pmin(age, 60)"})); }

}  // namespace
}  // namespace coley::exchange
