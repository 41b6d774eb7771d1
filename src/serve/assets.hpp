// SPDX-License-Identifier: Apache-2.0
#pragma once
// Files of web/app and of docs/ that the program carries with it (cmake/embed.cmake).

#include <string_view>

namespace coley::serve {

std::string_view app_page();
/// Empty in a build without esbuild or d3.
std::string_view app_script();
std::string_view app_style();
std::string_view app_figure_style();
std::string_view openapi();
std::string_view summary_schema();

}  // namespace coley::serve
