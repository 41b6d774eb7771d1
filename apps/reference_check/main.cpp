// SPDX-License-Identifier: Apache-2.0
// reference_check DIR: recomputes every case of a reference pack and says which differ.
// Exit code 0: all passed, 1: some failed, 2: the folder is not a pack.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "core/error.hpp"
#include "registry.hpp"

namespace coley::reference_check {
namespace {

void run(const Registry& registry, const Case& one, Verdict& verdict) {
  const auto check = registry.kinds.find(one.kind);
  if (check == registry.kinds.end()) return verdict.fail("no check for kind '" + one.kind + "'");
  try {
    check->second(one, verdict);
  } catch (const std::exception& fault) {
    verdict.fail(std::string("stopped by an error: ") + fault.what());
  }
}

int check_folder(const char* folder) {
  Registry registry;
  add_design_checks(registry);
  add_edge_checks(registry);
  add_meta_checks(registry);
  add_survival_checks(registry);
  add_cox_checks(registry);
  add_large_checks(registry);
  add_survival_edge_checks(registry);
  add_competing_checks(registry);
  add_parametric_checks(registry);
  add_reconstruction_checks(registry);
  int passed = 0, failed = 0;
  for (const Case& one : read_pack(folder)) {
    Verdict verdict;
    run(registry, one, verdict);
    if (verdict.passed()) {
      ++passed;
    } else {
      ++failed;
      fmt::print("FAIL {}/{}: {}\n", one.family, one.id, verdict.summary());
    }
  }
  if (passed + failed == 0) throw InputError({.file = folder, .found = "no cases", .expected = "cases in expected/*.json"});
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace coley::reference_check

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: reference_check DIR   (a folder with data/*.csv and expected/*.json)\n");
    return 2;
  }
  try {
    return coley::reference_check::check_folder(argv[1]);
  } catch (const std::exception& fault) {
    fmt::print(stderr, "{}\n", fault.what());
    return 2;
  }
}
