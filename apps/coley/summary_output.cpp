// SPDX-License-Identifier: Apache-2.0
#include "summary_output.hpp"

#include <iostream>
#include <sstream>

#include "report/html.hpp"
#include "run_table.hpp"

namespace coley {

void hand_over(const report::Summary& summary, OutputFolder* folder, bool json, bool quiet) {
  if (folder) {
    std::ostringstream text;
    report::write_summary_json(text, summary);
    folder->write("summary.json", text.str());
    folder->write("report.html", report::report_html(summary));
    folder->publish();
  }
  if (json) {
    report::write_summary_json(std::cout, summary);
  } else if (!quiet) {
    std::cout << run_table(summary);
    if (folder) std::cout << "\nReport: " << folder->at("report.html").string() << '\n';
  }
}

}  // namespace coley
