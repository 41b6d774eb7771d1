// SPDX-License-Identifier: Apache-2.0
// Edge cases: one small data set, several R calls on it; each call goes to the family that answers for it.
#include "registry.hpp"

namespace coley::reference_check {

void add_edge_checks(Registry& registry) {
  registry.kinds["edge"] = [&registry](const Case& one, Verdict& verdict) {
    for (const json& call : one.expected) {
      const std::string text = call.at("call");
      const EdgeCheck* check = nullptr;
      for (const auto& [prefix, candidate] : registry.edge_calls)  // in order of the key: a longer prefix comes later
        if (text.rfind(prefix, 0) == 0) check = &candidate;
      if (check != nullptr)
        (*check)(one, call, verdict);
      else
        verdict.fail(text + ": no check for this call");
    }
  };
}

}  // namespace coley::reference_check
