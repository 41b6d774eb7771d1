// SPDX-License-Identifier: Apache-2.0
#pragma once
// spec.filter: conditions joined by "and": `name == value` (also != < <= > >=) or `name in (a, b)`.

#include <functional>
#include <string>

#include "exchange/csv.hpp"

namespace coley::reference_check {

/// Whether a row of the table is kept; a row with a missing value in a condition is not. Throws InputError.
std::function<bool(const exchange::Table&, std::size_t row)> make_filter(const std::string& text, const exchange::Table& table);

}  // namespace coley::reference_check
