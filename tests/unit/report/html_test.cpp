// SPDX-License-Identifier: Apache-2.0
#include "report/html.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "invented_summary.hpp"

namespace coley::report {
namespace {
TEST(Html, write) {
  if (const char* path = std::getenv("COLEY_REPORT_OUT")) std::ofstream(path) << report_html(invented_summary());
}
}  // namespace
}  // namespace coley::report
