// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the model does not do, said in every report.

#include <string>
#include <vector>

namespace coley {

std::vector<std::string> model_limits();

}  // namespace coley
