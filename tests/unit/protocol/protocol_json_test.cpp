// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocol_json.hpp"

#include <gtest/gtest.h>

namespace coley {
namespace {

TEST(ProtocolJson, IsTheFileAsItStands) {
  const auto json = protocol_json("a = 1\nb = 0.5\nt = 'x'\n[c]\nd = true\ne = [[1, 2]]\n[[f]]\ng = 1979-05-27\n", "x.toml");
  EXPECT_EQ(json.dump(), R"({"a":1,"b":0.5,"c":{"d":true,"e":[[1,2]]},"f":[{"g":null}],"t":"x"})");
  EXPECT_THROW(protocol_json("a = ", "x.toml"), InputError);
}

TEST(ProtocolJson, FaultsHaveNoMadeUpPlace) {
  EXPECT_EQ(faults_json({{.file = "x", .line = 2, .key = "k"}}).dump(), R"([{"file":"x","line":2,"column":null,"key":"k","found":"","expected":""}])");
}

}  // namespace
}  // namespace coley
