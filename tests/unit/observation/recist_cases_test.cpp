// SPDX-License-Identifier: Apache-2.0
// Reads the hand-worked cases of recist_cases.toml and irecist_cases.toml, whose heads explain the format.
#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "observation/irecist.hpp"
#include "observation/recist.hpp"

namespace coley {
namespace {

struct Case {
  toml::table fields;
  bool immune = false;
};

void PrintTo(const Case& given, std::ostream* out) {
  *out << given.fields["name"].value_or(std::string());
}

struct Visit {
  Scan scan;
  std::string response;
};

std::vector<Case> cases_of(const std::string& file, bool immune) {
  std::vector<Case> cases;
  const toml::table table = toml::parse_file(std::string(COLEY_TEST_DIR) + "/" + file);
  for (const toml::node& node : *table["case"].as_array()) cases.push_back({*node.as_table(), immune});
  return cases;
}

std::vector<Organ> organs_of(const toml::table& fields) {
  std::vector<Organ> organs;
  for (const toml::node& node : *fields["lesions"].as_array())
    organs.push_back(organ_named(**node.as_string()).value());
  return organs;
}

// "56 | 30 ? 12* | PR"
Visit visit_of(const std::string& line, const std::vector<Organ>& organs) {
  std::istringstream parts(line);
  std::string day, readings, response;
  std::getline(parts, day, '|');
  std::getline(parts, readings, '|');
  parts >> response;
  if (readings.find("missed") != std::string::npos) return {missed_scan(std::stoi(day)), response};
  Visit visit{Scan{.day = std::stoi(day)}, response};
  std::istringstream words(readings);
  std::string word;
  for (std::size_t slot = 0; slot < organs.size(); ++slot) {
    if (!(words >> word)) throw std::runtime_error("too few readings: " + line);
    Reading& reading = visit.scan.lesions[slot];
    reading.organ = organs[slot];
    reading.assessed = word != "?";
    if (!reading.assessed) continue;
    reading.mm = static_cast<std::int16_t>(std::stoi(word));
    reading.lesion = word.back() == '*' ? 1 : 0;
  }
  if (words >> word) throw std::runtime_error("too many readings: " + line);
  return visit;
}

std::vector<Visit> visits_of(const toml::table& fields) {
  std::vector<Visit> visits;
  for (const toml::node& node : *fields["visits"].as_array()) {
    visits.push_back(visit_of(**node.as_string(), organs_of(fields)));
  }
  return visits;
}

std::optional<int> number(const toml::table& fields, const char* key) {
  return fields[key].value<int>();
}

void expect_history(const Case& given, const ResponseHistory& history) {
  const auto name = [&](Response response) { return given.immune ? immune_name(response) : to_string(response); };
  const toml::table& fields = given.fields;
  if (fields.contains("best")) {
    EXPECT_EQ(name(history.best(Confirmation::required)), fields["best"].value<std::string>());
  }
  if (fields.contains("best_unconfirmed")) {
    EXPECT_EQ(name(history.best(Confirmation::not_required)), fields["best_unconfirmed"].value<std::string>());
  }
  EXPECT_EQ(history.response_day(Confirmation::required), number(fields, "response_day"));
  EXPECT_EQ(history.response_day(Confirmation::not_required), number(fields, "response_day_unconfirmed"));
  EXPECT_EQ(history.progression_day(), number(fields, "progression_day"));
  const std::optional<ResponseDuration> duration = history.duration(Confirmation::required);
  const std::optional<int> ended = number(fields, "duration"), open = number(fields, "open_duration");
  ASSERT_EQ(duration.has_value(), ended || open);
  if (!duration) return;
  EXPECT_EQ(duration->ended, ended.has_value());
  EXPECT_EQ(duration->days, ended ? *ended : *open);
}

void expect_targets(const toml::table& fields, const TumourAssessment& tumours) {
  const toml::array* targets = fields["targets"].as_array();
  if (targets == nullptr) return;
  std::vector<std::int64_t> chosen, expected;
  for (std::size_t slot = 0; slot < kMaxLesions; ++slot) {
    if (tumours.role(slot) == Role::target) chosen.push_back(static_cast<std::int64_t>(slot));
  }
  for (const toml::node& node : *targets) expected.push_back(**node.as_integer());
  EXPECT_EQ(chosen, expected);
}

class Cases : public testing::TestWithParam<Case> {};

TEST_P(Cases, AsWorkedByHand) {
  const Case& given = GetParam();
  const toml::table& fields = given.fields;
  SCOPED_TRACE(fields["name"].value_or(std::string()));
  const std::vector<Visit> visits = visits_of(fields);
  TumourAssessment tumours(visits.front().scan);
  expect_targets(fields, tumours);
  Criteria criteria;
  criteria.minimum_stable_days = fields["minimum_stable_days"].value_or(criteria.minimum_stable_days);
  const int start_day = fields["start_day"].value_or(0);
  Recist recist(tumours, start_day, criteria);
  Irecist irecist(tumours, start_day, criteria);
  for (std::size_t i = 1; i < visits.size(); ++i) {
    SCOPED_TRACE("day " + std::to_string(visits[i].scan.day));
    const Findings findings = tumours.read(visits[i].scan);
    const Response plain = recist.assess(findings);
    const Response immune = irecist.assess(findings);
    EXPECT_EQ(given.immune ? immune_name(immune) : to_string(plain), visits[i].response);
    if (const toml::array* sums = fields["sums"].as_array()) {
      EXPECT_EQ(findings.sum[static_cast<std::size_t>(Role::target)], **sums->at(i - 1).as_integer());
    }
  }
  if (const auto nadir = number(fields, "nadir")) {
    EXPECT_EQ(tumours.nadir(), *nadir);
  }
  expect_history(given, given.immune ? irecist.history() : recist.history());
  if (given.immune) {
    EXPECT_EQ(irecist.unconfirmed_since(), number(fields, "unconfirmed_since"));
  }
}

std::string printed_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.fields["name"].value_or(std::string());
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Recist, Cases, testing::ValuesIn(cases_of("recist_cases.toml", false)), printed_name);
INSTANTIATE_TEST_SUITE_P(Irecist, Cases, testing::ValuesIn(cases_of("irecist_cases.toml", true)), printed_name);

TEST(OverallResponse, Table1OfRecist) {
  using enum Response;
  struct Row {
    Response target, non_target, overall;
  };
  for (const Row row : {Row{CR, CR, CR},
                        {CR, NED, CR},
                        {CR, non_cr_non_pd, PR},
                        {CR, NE, PR},
                        {PR, CR, PR},
                        {PR, non_cr_non_pd, PR},
                        {PR, NE, PR},
                        {PR, NED, PR},
                        {SD, CR, SD},
                        {SD, non_cr_non_pd, SD},
                        {SD, NE, SD},
                        {SD, NED, SD},
                        {NE, CR, NE},
                        {NE, non_cr_non_pd, NE},
                        {NE, NE, NE},
                        {NE, NED, NE},
                        {PD, CR, PD},
                        {PD, NE, PD},
                        {CR, PD, PD},
                        {PR, PD, PD},
                        {SD, PD, PD},
                        {NE, PD, PD}}) {
    EXPECT_EQ(overall_response(row.target, row.non_target), row.overall)
        << to_string(row.target) << " with " << to_string(row.non_target);
  }
}

TEST(OverallResponse, Table2OfRecist) {
  using enum Response;
  for (const Response non_target : {CR, non_cr_non_pd, NE, PD, NED}) {
    EXPECT_EQ(overall_response(NED, non_target), non_target);
  }
}

}  // namespace
}  // namespace coley
