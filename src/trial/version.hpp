// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace coley {

/// Of the program and of results: a number may differ between two versions only if the CHANGELOG says so.
inline constexpr const char* kVersion = "0.1.0";

}  // namespace coley
