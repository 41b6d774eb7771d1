# SPDX-License-Identifier: Apache-2.0
set(EXTRA_LINKS nlohmann_json::nlohmann_json)
