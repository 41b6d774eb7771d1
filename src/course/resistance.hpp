// SPDX-License-Identifier: Apache-2.0
#pragma once
// Resistance (W of equation 11) belongs to the drugs under which it was gained. The equations hold that of the drugs being
// taken; this remembers the rest over the lines of treatment, and says what a new regimen starts with.

#include <string>
#include <vector>

#include "course/setting.hpp"

namespace coley {

class ResistanceRecord {
 public:
  /// Notes that on `day`, at the end of its line, resistance to this drug was `w`. Drugs that are not resisted are passed over.
  void note(const DosingPlan& plan, double w, double day);

  /// W at the start of a regimen: to a drug given before, what is left of its own; of one of the same class, the share that
  /// crosses over; off drug it fades at `k_W` (1/d). Several drugs that are resisted act by the mean of what is left of their
  /// kill. -1 when the regimen holds no drug that is resisted.
  double at_start(const std::vector<DosingPlan>& regimen, double day, double k_W) const;

 private:
  struct Entry {
    std::string drug;
    DrugClass drug_class = DrugClass::placebo;
    double w = 0, day = 0;
  };
  double to(const DosingPlan& plan, double day, double k_W) const;

  std::vector<Entry> entries_;
};

}  // namespace coley
