// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a published row is for, as a calibration plan asks it.

#include <string>

namespace coley::credibility {

/// "calibration", "validation", "context", "unverified", or "" when there is no such row.
std::string role_of_row(const std::string& row);

}  // namespace coley::credibility
