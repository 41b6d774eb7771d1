// SPDX-License-Identifier: Apache-2.0
#include "report/statistics_html.hpp"

#include <fmt/format.h>

#include "report/assets.hpp"
#include "report/html_text.hpp"

namespace coley::report {

std::string statistics_html(const std::string& title, const std::string& text, const nlohmann::json& data, const std::vector<StatisticsFigure>& figures) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<style>\n{}</style>\n<style id=\"figure-style\">\n{}</style>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n",
      escaped(title), report_style(), figure_style(), figure_dark_style(), escaped(title));
  if (statistics_script().empty()) html += "<p>This program was built without figures; the text holds every number.</p>\n";
  else
    for (const StatisticsFigure& figure : figures)
      html += fmt::format("<figure><div data-figure=\"{}\"></div>\n<figcaption>{}</figcaption></figure>\n", figure.kind, escaped(figure.caption));
  html += "<pre tabindex=\"0\">" + escaped(text) + "</pre>\n<p>A research instrument: it gives no advice on the care of a person.</p>\n</main>\n";
  if (statistics_script().empty()) return html + "</body>\n</html>\n";
  html += "<script type=\"application/json\" id=\"data\">";
  for (const char c : data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)) {  // cannot end its own element
    if (c == '<') html += "\\u003c";
    else html += c;
  }
  return html + "</script>\n<script>\n" + std::string(statistics_script()) + "</script>\n</body>\n</html>\n";
}

}  // namespace coley::report
