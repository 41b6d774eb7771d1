// SPDX-License-Identifier: Apache-2.0
#pragma once
// What can become of a person who was drawn, told from the draws alone: exact bounds, so that nobody who could take part is
// passed over and few are followed in vain (docs/decisions/0060).

#include <optional>

#include "population/patient.hpp"
#include "population/performance.hpp"
#include "population/places.hpp"
#include "population/prognosis.hpp"
#include "protocol/protocol.hpp"

namespace coley {

enum class Exclusion : std::uint8_t;

class Prospects {
 public:
  /// Population and disease must outlive this; `places` are asked once. A disease that is not found within `longest_days` never is.
  Prospects(const Population& population, const Disease& disease, const Places& places, double longest_days);

  /// Why a drawn candidate cannot take part, whatever his course; none when he may. Reads of the traits only
  /// those of growth. What number patient.founders counts is lost.
  std::optional<Exclusion> barred(Patient& patient) const;

 private:
  template <std::size_t N>
  struct Levels {
    std::array<bool, N> admitted{}, open{};  ///< open: admitted, and there is a place
  };
  template <std::size_t N, class Admits>
  void ask(const char* covariate, const Places& places, Admits admits, Levels<N>& levels) const;

  bool may_be_of(Patient& patient, const std::array<bool, kRiskNames.size()>& groups) const;
  std::optional<Exclusion> barred_by_score(const Patient& patient, int least_grade) const;

  const Population& population_;
  const Disease& disease_;
  double longest_days_;
  bool illness_wears_;  ///< performance is at its best without disease or stress, and worsens with age
  Levels<kEcogThresholds.size() + 1> ecog_;
  Levels<kRiskNames.size()> risk_;                    // adjuvant entry
  Levels<kMetastaticRiskNames.size()> imdc_, mskcc_;  // metastatic entry
};

}  // namespace coley
