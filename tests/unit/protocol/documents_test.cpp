// SPDX-License-Identifier: Apache-2.0
// The schema and the tables of keys in docs/ are those of the definition. When they are not, the right text is written
// to the directory of the build, and the failure names the command that takes it over.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "protocol/protocol_file.hpp"
#include "protocol/vocabulary.hpp"

namespace coley {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void expect_document(const std::string& name, const std::string& right) {
  const std::string path = std::string(COLEY_SOURCE_DIR) + "/docs/" + name;
  if (text_of(path) == right) return;
  const std::string written = (std::filesystem::current_path() / name).string();
  std::ofstream(written) << right;
  ADD_FAILURE() << path << " is not what the definition says.\nTo take it over: cp " << written << " " << path;
}

/// `text` with `part` between the comment that begins with "<!-- name:" and the one that is "<!-- name end -->".
std::string with_part(const std::string& text, const std::string& name, const std::string& part) {
  const std::size_t begin = text.find('\n', text.find("<!-- " + name + ":"));
  const std::size_t end = text.find("<!-- " + name + " end -->");
  if (begin == std::string::npos || end == std::string::npos) return "no place for " + name;
  return text.substr(0, begin) + "\n\n" + part + "\n" + text.substr(end);
}

std::string covariate_table() {
  std::string text = "| covariate | levels | meaning |\n|---|---|---|\n";
  for (const Covariate& covariate : covariates()) {
    text += "| `" + covariate.name + "` | ";
    for (const std::string& level : covariate.levels) text += (level == covariate.levels.front() ? "" : ", ") + level;
    text += " | " + covariate.meaning + " |\n";
  }
  return text;
}

TEST(Documents, SchemaIsThatOfTheDefinition) { expect_document("protocol.schema.json", protocol_schema()); }

TEST(Documents, KeyTablesAreThoseOfTheDefinition) {
  const std::string text = text_of(std::string(COLEY_SOURCE_DIR) + "/docs/protocol.md");
  expect_document("protocol.md", with_part(with_part(text, "covariates", covariate_table()), "keys", protocol_keys()));
}

}  // namespace
}  // namespace coley
