// SPDX-License-Identifier: Apache-2.0
#include "serve/run_request.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace coley::serve {
namespace {

using Json = nlohmann::ordered_json;

std::string fault_of(const Json& body) {
  try {
    read_request(body, {});
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(RunRequest, ReadsATrialThatShips) {
  const RunRequest request = read_request({{"trial", "keynote-564"}, {"sets", {"population.size=10"}}, {"patients", 50}, {"seed", 9007199254740991}, {"twins", true}}, {});
  EXPECT_EQ(request.protocol.file_name, "trials/keynote-564.toml");
  EXPECT_EQ(run_arguments(request, "coley", "kept"),
            (std::vector<std::string>{"coley", "run", "keynote-564", "--seed", "9007199254740991", "--json", "--set=population.size=10", "--follow", "--patients", "50", "--population", "kept", "--out", "results", "--twins"}));
}

TEST(RunRequest, NoClientNamesAPlaceOrAnOption) {
  for (const auto& [given, plain] : std::vector<std::pair<std::string, std::string>>{
           {"../../etc/passwd", "passwd.toml"}, {"a\\b.toml", "b.toml"}, {"--out=x", "out_x.toml"}, {"..", "protocol.toml"}, {"", "protocol.toml"}, {"my trial;.toml", "my_trial_.toml"}, {".hidden.toml", "hidden.toml"}}) {
    EXPECT_EQ(read_request({{"text", "a = 1"}, {"file_name", given}}, {}).protocol.file_name, plain) << given;
  }
  RunRequest request{.protocol = {"-x", "text"}};
  name_trial(request, "--help");
  EXPECT_EQ(request.trial, "");
  EXPECT_EQ(request.protocol.file_name, "x.toml");
}

TEST(RunRequest, NamesWhatIsWrong) {
  EXPECT_NE(fault_of(Json::array()).find("body: found array"), std::string::npos);
  EXPECT_NE(fault_of(Json::object()).find("either trial"), std::string::npos);
  EXPECT_NE(fault_of({{"trial", "keynote-564"}, {"text", "a = 1"}}).find("either trial"), std::string::npos);
  EXPECT_NE(fault_of({{"trial", "keynote-54"}}).find("keynote-564?"), std::string::npos);
  for (const Json& patients : {Json(0), Json(-1), Json(1.5), Json("9"), Json(std::uint64_t{1} << 63), Json(1000001)}) {
    EXPECT_NE(fault_of({{"trial", "keynote-564"}, {"patients", patients}}).find("patients: found"), std::string::npos) << patients;
  }
  EXPECT_NE(fault_of({{"trial", "keynote-564"}, {"sets", {1, 2}}}).find("sets: found"), std::string::npos);
  EXPECT_NE(fault_of({{"trial", "keynote-564"}, {"sets", {"ensemble=/etc/passwd"}}}).find("ensemble=none"), std::string::npos);
  EXPECT_NE(fault_of({{"trial", "keynote-564"}, {"twins", 1}}).find("twins: found"), std::string::npos);
  EXPECT_NE(fault_of({{"text", std::string(4000001, 'x')}}).find("text: found a longer text"), std::string::npos);
}

}  // namespace
}  // namespace coley::serve
