# SPDX-License-Identifier: Apache-2.0
set(EXTRA_LINKS PkgConfig::SQLITE)
set(NEEDS SERVE)
