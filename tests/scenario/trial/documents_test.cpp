// SPDX-License-Identifier: Apache-2.0
// docs/documents.md: each figure of the documents is an evidence row of the trial that the table names, or the table says why not.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "protocol/shipped.hpp"
#include "protocol/trial_inputs.hpp"

namespace coley {
namespace {

struct Figure {
  std::string document, claim, trial, row;
};

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

std::vector<Figure> figures() {
  std::ifstream file(COLEY_SOURCE_DIR "/docs/documents.md");
  std::vector<Figure> all;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| 0")) continue;
    std::istringstream cells(line.substr(1));
    Figure figure;
    for (std::string* cell : {&figure.document, &figure.claim, &figure.trial, &figure.row}) {
      std::getline(cells, *cell, '|');
      *cell = trimmed(*cell);
    }
    all.push_back(figure);
  }
  return all;
}

TEST(Documents, EveryFigureStandsBesideASimulatedOne) {
  std::set<std::string> documents;
  const std::vector<std::string> trials = shipped_trials();
  for (const Figure& figure : figures()) {
    documents.insert(figure.document);
    if (figure.trial == "-") {
      EXPECT_GT(figure.row.size(), 20u) << figure.claim << ": why it is not simulated";
      continue;
    }
    ASSERT_NE(std::find(trials.begin(), trials.end(), figure.trial), trials.end()) << figure.trial;
    const auto links = read_trial(figure.trial).protocol.evidence;
    EXPECT_TRUE(std::any_of(links.begin(), links.end(), [&](const EvidenceLink& link) { return link.row == figure.row; })) << figure.claim << ": " << figure.row;
  }
  EXPECT_EQ(documents, (std::set<std::string>{"000", "001", "002", "003", "004"}));
}

/// The other way round: rows that were read in a document are all in the table.
TEST(Documents, EveryRowReadInOneIsInTheTable) {
  std::istringstream rows{std::string(*shipped_text("evidence/published.csv"))};
  std::set<std::string> listed;
  for (const Figure& figure : figures()) listed.insert(figure.row);
  int found = 0;
  for (std::string line; std::getline(rows, line);) {
    if (line.find("seed document") == std::string::npos) continue;
    ++found;
    EXPECT_TRUE(listed.count(line.substr(0, line.find(',')))) << line;
  }
  EXPECT_GT(found, 8);
}

}  // namespace
}  // namespace coley
