# SPDX-License-Identifier: Apache-2.0
# Everything Coley takes from others, all of it from Debian 12. Why each was chosen: docs/decisions/0002-dependencies.md
# Headers of others are found here and linked by the one folder that uses them.

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(Boost REQUIRED)  # headers only: Boost.Math
find_package(Pagmo REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)  # SHA-256

# Optional: coley serve.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(HTTPLIB QUIET IMPORTED_TARGET cpp-httplib)
  pkg_check_modules(SQLITE QUIET IMPORTED_TARGET sqlite3)
endif()
if(HTTPLIB_FOUND AND SQLITE_FOUND)
  set(SERVE_FOUND ON)
else()
  message(STATUS "cpp-httplib, SQLite or pkg-config not found: coley serve is left out")
endif()

# Optional: the reference integrator and the tests held against it.
find_package(SUNDIALS QUIET COMPONENTS cvode nvecserial)
if(NOT SUNDIALS_FOUND)
  message(STATUS "SUNDIALS not found: the reference integrator and its tests are left out")
endif()

# Optional: several processes on one run (mpirun coley run).
option(COLEY_MPI "Take MPI where it is found" ON)
if(COLEY_MPI)
  set(MPI_CXX_SKIP_MPICXX ON)
  find_package(MPI QUIET COMPONENTS CXX)
  if(NOT MPI_FOUND)
    message(STATUS "MPI not found: coley is built for one process a run; coley run --shard does without")
  endif()
endif()
