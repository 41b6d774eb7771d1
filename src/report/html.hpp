// SPDX-License-Identifier: Apache-2.0
#pragma once
// The report of a run as one file: offline (a content-security policy forbids every load), under 1 MB, for screen and
// paper. Every number stands in a plain HTML table; figures are drawn over the same numbers by an embedded script.

#include <string>

#include "report/summary.hpp"

namespace coley::report {

/// The whole page, UTF-8. Parts that the summary does not have are left out or said to be absent.
/// Throws std::logic_error when a number of the summary is not finite.
std::string report_html(const Summary& summary);

}  // namespace coley::report
