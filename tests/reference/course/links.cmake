# SPDX-License-Identifier: Apache-2.0
set(NEEDS SUNDIALS)
set(EXTRA_LINKS coley::trial SUNDIALS::cvode SUNDIALS::nvecserial SUNDIALS::sunmatrixdense SUNDIALS::sunlinsoldense SUNDIALS::sunnonlinsolfixedpoint)
