// SPDX-License-Identifier: Apache-2.0
// Tables as people have them, and what is refused with its place.
#include "exchange/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace coley::exchange {
namespace {

Fault fault_of(const std::string& text) {
  try {
    Table::parse(text, "t.csv");
  } catch (const InputError& error) {
    return error.faults().at(0);
  }
  return {};
}

TEST(Csv, ReadsQuotesCarriageReturnsAndAByteOrderMark) {
  const Table table = Table::parse("\xEF\xBB\xBFid,name,x\r\n1,\"Smith, \"\"J\"\"\nII\",2.5\r\n\r\n2,plain , .\r\n", "t.csv");
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.names()[0], "id");
  EXPECT_EQ(table.cell(0, 1), "Smith, \"J\"\nII");
  EXPECT_EQ(table.cell(1, 1), "plain");
  EXPECT_EQ(table.number(0, 2), 2.5);
  EXPECT_TRUE(table.missing(1, 2));
  EXPECT_EQ(table.line(1), 5);  // the quoted field spans two lines, and one is blank
}

TEST(Csv, KeepsItsCellsWhenItMoves) {
  Table table = Table::parse("a\n7\n", "t.csv");
  const Table moved = std::move(table);
  EXPECT_EQ(moved.number(0, 0), 7);
}

TEST(Csv, NamesLineAndColumnOfAFault) {
  EXPECT_EQ(fault_of("a,b\n1,2\n3\n").line, 3);
  EXPECT_EQ(fault_of("a,b\n1,\"never closed\n").column, 2);
  EXPECT_EQ(fault_of("a,b\n1,x\"y\n").line, 2);
  EXPECT_NE(fault_of("a,a\n1,2\n").found.find("twice"), std::string::npos);
  EXPECT_NE(fault_of("").found.find("empty"), std::string::npos);
  const Table table = Table::parse("age\n12\nx\n", "t.csv");
  try {
    (void)table.number(1, 0);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.faults().at(0).line, 3);
    EXPECT_EQ(error.faults().at(0).column, 1);
  }
}

TEST(Csv, SuggestsTheNearestColumn) {
  const Table table = Table::parse("status,time\n1,2\n", "t.csv");
  try {
    (void)table.column("statsu");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("perhaps 'status'"), std::string::npos);
  }
}

}  // namespace
}  // namespace coley::exchange
