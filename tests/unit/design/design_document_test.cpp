// SPDX-License-Identifier: Apache-2.0
// The tables of keys in docs/design.md are those of the definition. When they are not, the right text is written to the
// directory of the build, and the failure names the command that takes it over.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "design/plan_file.hpp"

namespace coley::design {
namespace {

TEST(DesignDocument, KeyTablesAreThoseOfTheDefinition) {
  const std::string path = std::string(COLEY_SOURCE_DIR) + "/docs/design.md";
  std::ifstream stream(path);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const std::size_t begin = text.find('\n', text.find("<!-- keys:")), end = text.find("<!-- keys end -->");
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::string right = text.substr(0, begin) + "\n\n" + design_keys() + "\n" + text.substr(end);
  if (text == right) return;
  const std::string written = (std::filesystem::current_path() / "design.md").string();
  std::ofstream(written) << right;
  ADD_FAILURE() << path << " is not what the definition says.\nTo take it over: cp " << written << " " << path;
}

}  // namespace
}  // namespace coley::design
