// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lesions that were irradiated, followed one by one: a lesion fails at the first scan that shows it a fifth and 5 mm larger
// than at its smallest since (the rule of RECIST 1.1, of the one lesion). One that died out or was taken out cannot fail.

#include <array>

#include "observation/scan.hpp"

namespace coley {

/// Days after randomisation; -1 where it did not happen.
struct IrradiatedLesion {
  int day = -1;          ///< of the first fraction
  int failure_day = -1;  ///< scan that showed growth
  bool operator==(const IrradiatedLesion&) const = default;
};
using IrradiatedLesions = std::array<IrradiatedLesion, kMaxLesions>;

class LocalControl {
 public:
  /// Follows the lesion of a slot from the scan by which radiotherapy was planned. A second irradiation changes nothing.
  void follow(std::size_t slot, const Scan& planning);
  void assess(const Scan& scan);
  /// The lesion of the slot is gone.
  void settle(std::size_t slot) { gone_[slot] = true; }
  const IrradiatedLesions& lesions() const { return lesions_; }

 private:
  IrradiatedLesions lesions_{};
  std::array<Reading, kMaxLesions> smallest_{};
  std::array<bool, kMaxLesions> gone_{};
};

}  // namespace coley
