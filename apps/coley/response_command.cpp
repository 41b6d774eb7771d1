// SPDX-License-Identifier: Apache-2.0
// coley response DATA.csv: options to a report, the report to a table or JSON.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "output_folder.hpp"
#include "report/statistics_html.hpp"
#include "response_report.hpp"

namespace coley {

void add_response_command(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("response", "Response rates on anyone's table: intervals, difference, odds ratio and risk ratio over strata");
  auto options = std::make_shared<ResponseOptions>();
  exchange::ResponseColumns& columns = options->columns;
  command.add_option("data", options->file, "CSV file with a header row")->required();
  command.add_option("--response", columns.response, "column: 1/0, TRUE/FALSE or yes/no")->required();
  command.add_option("--response-value", columns.responders, "the codes that are responses, as CR,PR; every other code is none")->delimiter(',');
  command.add_option("--count", columns.count, "column: how many patients the row stands for; one otherwise");
  command.add_option("--group", columns.group, "column: groups to compare, by their names");
  command.add_option("--reference", columns.reference, "the group to compare with; first in order otherwise");
  command.add_option("--strata", columns.strata, "columns: strata within which groups are compared")->delimiter(',');
  command.add_option("--level", options->level, "confidence level")->capture_default_str();
  command.add_option("--html", options->html, "write the report with its forest plot to this HTML file");
  command.add_flag("--json", options->json, "JSON on standard output");
  command.callback([options] {
    const ResponseReport report = make_response_report(*options);
    if (!options->html.empty()) {
      std::vector<report::StatisticsFigure> figures;
      if (report.table.groups.size() > 1) figures.push_back({"forest", "Difference of response rates (Miettinen-Nurminen): squares: strata, their area by patients; diamond: over all strata."});
      write_file(options->html, report::statistics_html("Response: " + options->file, response_text(report), response_json(report), figures));
    }
    if (options->json) std::cout << response_json(report).dump(2) << '\n';
    else std::cout << response_text(report);
  });
}

}  // namespace coley
