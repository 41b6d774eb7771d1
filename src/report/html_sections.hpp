// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sections of report.html, each the HTML below its heading, or "" when the summary has nothing for it.

#include <string>

#include "report/summary.hpp"

namespace coley::report {

/// A place for the script to draw a figure; `data` are further data-* attributes, already escaped. "" without a script.
std::string figure_host(const std::string& kind, const std::string& data, const std::string& caption_html);

std::string main_results(const Summary& summary);
std::string simulated_section(const Summary& summary);
std::string flow_section(const Summary& summary);
std::string survival_section(const Summary& summary);
std::string subgroup_section(const Summary& summary);
std::string evidence_section(const Summary& summary);
std::string response_section(const Summary& summary);
std::string quality_section(const Summary& summary);
std::string patients_section(const Summary& summary);
std::string safety_section(const Summary& summary);
std::string twins_section(const Summary& summary);
std::string parameters_section(const Summary& summary);
std::string limits_section(const Summary& summary);
std::string repeat_section(const Summary& summary);

/// Label of an arm by its name.
std::string arm_label(const Summary& summary, const std::string& name);
/// "12 of 15 calibration rows agree; 3 of 4 validation rows agree"; "" when none is scored.
std::string agreement(const Summary& summary);

}  // namespace coley::report
