// SPDX-License-Identifier: Apache-2.0
#pragma once
// Files of web/ that the program carries with it (cmake/embed.cmake).

#include <string_view>

namespace coley::report {

/// Draws the figures; empty in a build without esbuild or d3.
std::string_view report_script();
/// Draws the figures of `coley survival` and `coley meta`; empty likewise.
std::string_view statistics_script();
std::string_view report_style();
std::string_view figure_style();
std::string_view figure_dark_style();

}  // namespace coley::report
