// SPDX-License-Identifier: Apache-2.0
#pragma once
// One virtual patient: the person, the biology that was drawn, what pathology and staging found, and the state of the
// disease at the moment the trial begins (a snapshot that every arm starts from).

#include <array>
#include <cstdint>
#include <string_view>

#include "biology/states.hpp"
#include "core/organ.hpp"
#include "observation/scan.hpp"
#include "population/disease.hpp"

namespace coley {

enum class RiskGroup : std::uint8_t { low, intermediate_high, high, m1_ned, metastatic };
enum class Leibovich : std::uint8_t { low, intermediate, high };

inline constexpr std::array<std::string_view, 5> kRiskNames{"low", "intermediate_high", "high", "m1_ned", "metastatic"};
inline constexpr std::array<std::string_view, 3> kLeibovichNames{"low", "intermediate", "high"};

/// What was drawn for a person before anything was simulated.
struct Person {
  double age = 60;  ///< years, when the disease is found
  bool male = true;
  double weight_kg = 80;
  Histology histology = Histology::clear_cell;
  bool sarcomatoid = false;
  double health = 1;  ///< factor on background mortality
};

/// What was drawn for a person's tumour and immune system; units as in evidence/parameters.toml.
struct TumourTraits {
  double gamma = 0, capacity = 0, mu = 0, iota = 0, a = 0, pi = 0, lambda_W = 0, tki_scale = 1;
  double pk_clearance = 1, pk_volume = 1;
  double found_at = 0;  ///< cm3
  double invasiveness = 0;  ///< standard normal deviate of ln mu: what seeds metastases also crosses the capsule
};

/// What surgeon and pathologist report. Grade, necrosis and invasion follow from size and growth (docs/model.md).
struct Pathology {
  double size_mm = 0;
  int t_stage = 1;       ///< 1 to 4
  bool t1a = false;      ///< at most 40 mm
  bool node_positive = false;  ///< regional
  int grade = 2;         ///< 1 to 4
  bool necrosis = false;
  int metastases = 0;    ///< distant lesions seen at diagnosis
  bool resectable_metastases = false;  ///< few, and none in bone or brain
};

/// Laboratory values when the disease is found; they follow myeloid suppression and bone metastases (docs/model.md).
struct Laboratory {
  double haemoglobin = 14;   ///< g/dL
  double calcium = 2.35;     ///< mmol/L, corrected
  double neutrophils = 4.5;  ///< 10^9/L
  double platelets = 250;    ///< 10^9/L
  double ldh = 0.8;          ///< times the upper limit of normal
};

/// What is known of one lesion slot beside its states.
struct Lesion {
  Organ organ = Organ::kidney;
  bool regional = false;  ///< a node that leaves with the primary
  bool known = false;     ///< has been seen on a scan
  double scar = 0;        ///< share of its largest volume that stays visible
  double largest = 0;     ///< cm3, since it was first seen
};

struct Patient {
  DrawAddress draws;
  Person person;
  TumourTraits traits;
  Pathology pathology;
  Laboratory laboratory;
  bool weight_loss = false;  ///< 10 % or more before diagnosis
  int ecog = 0;
  int leibovich_score = 0;
  RiskGroup risk = RiskGroup::low;
  std::array<Lesion, biology::kLesions> lesions;
  double since_diagnosis = 0;      ///< days from diagnosis to randomisation; metastatic entry
  double disease_free = 0;         ///< days from nephrectomy to the scan that showed metastases; 0 when they were there at diagnosis
  bool prior_nephrectomy = false;  ///< before randomisation; metastatic entry
  bool lung_before_treatment = false;  ///< metastases seen in the lung before treatment that was stopped before the trial
  bool stopped_for_toxicity = false;   ///< that treatment, and not by plan
  Scan baseline;                   ///< on the day of randomisation; metastatic entry
  std::uint32_t founders = 0;  ///< founder cells that lodged so far, or came in vain, but for those surely doomed
  double founders_due = 0;     ///< cumulative intensity at which the last of these was due
  double seeded = 0;           ///< cumulative intensity when State::seeding was last set to zero
  std::array<double, biology::State::count> states{};
  std::array<double, biology::kInputs> inputs{};
};

}  // namespace coley
