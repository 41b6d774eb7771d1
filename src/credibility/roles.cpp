// SPDX-License-Identifier: Apache-2.0
#include "credibility/roles.hpp"

#include "core/error.hpp"
#include "evidence/published.hpp"

namespace coley::credibility {

std::string role_of_row(const std::string& id) {
  const evidence::Published* row = evidence::shipped_row(id);
  if (!row) return "";
  if (!row->verified) return "unverified";
  switch (row->role) {
    case evidence::Role::calibration: return "calibration";
    case evidence::Role::validation: return "validation";
    case evidence::Role::context: return "context";
  }
  bug("a role of no kind");
}

}  // namespace coley::credibility
