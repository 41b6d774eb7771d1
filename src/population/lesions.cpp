// SPDX-License-Identifier: Apache-2.0
#include "population/lesions.hpp"

#include <cmath>
#include <utility>

#include "core/units.hpp"

namespace coley {

using biology::Inputs;
using biology::input_index;
using biology::kLesions;
using biology::State;

namespace {

double& input(const solver::LaneView& lane, double (Inputs<double>::*member)[kLesions], int slot) {
  return lane.input(input_index(member, slot));
}

Organ draw_organ(const Disease& disease, double uniform) {
  for (std::size_t o = 0; o < kOrgans; ++o) {
    if (uniform <= disease.site[o]) return static_cast<Organ>(o);
  }
  return Organ::lung;
}

int free_slot(const solver::LaneView& lane) {
  for (int slot = 1; slot < kLesions; ++slot) {
    if (input(lane, &Inputs<double>::alive, slot) == 0.0) return slot;
  }
  return -1;
}

void empty(const solver::LaneView& lane, int slot) {
  input(lane, &Inputs<double>::alive, slot) = 0;
  input(lane, &Inputs<double>::others, slot) = 0;
  lane.state(State::x + slot) = 0;
  lane.state(State::E + slot) = 0;
  lane.state(State::g + slot) = 0;
}

double others(const solver::LaneView& lane, int slot) { return lane.input(input_index(&Inputs<double>::others, slot)); }

double ln_cells(const solver::LaneView& lane, int slot) { return lane.state(State::x + slot); }
double cells(const solver::LaneView& lane, int slot) { return std::exp(ln_cells(lane, slot)); }

/// Survival probability of one line so far, 1 / Phi (equation 2).
double survival(const solver::LaneView& lane, int slot) { return 1 / (std::exp(-lane.state(State::x + slot)) + lane.state(State::g + slot)); }

/// The two smallest metastases that nobody has seen, the smaller last; {-1, -1} when there are not two.
std::pair<int, int> smallest_unseen(const solver::LaneView& lane, const Patient& patient) {
  int larger = -1, smaller = -1;
  for (int slot = 1; slot < kLesions; ++slot) {
    if (input(lane, &Inputs<double>::alive, slot) == 0.0 || patient.lesions[static_cast<std::size_t>(slot)].known) continue;
    if (smaller < 0 || ln_cells(lane, slot) < ln_cells(lane, smaller)) {
      larger = smaller;
      smaller = slot;
    } else if (larger < 0 || ln_cells(lane, slot) < ln_cells(lane, larger)) {
      larger = slot;
    }
  }
  return larger < 0 ? std::pair{-1, -1} : std::pair{larger, smaller};
}

/// Lets the larger of two metastases stand for both, and frees the slot of the other. Cells, effectors and chances of
/// survival become the means of the lesions that the slot then stands for; traits are those of the larger. All of them have
/// died out when (1 - Phi_now / Phi)^m passes a uniform deviate.
void merge(const solver::LaneView& lane, const Patient& patient, int into, int from) {
  const double a = 1 + others(lane, into), b = 1 + others(lane, from), m = a + b;
  const double mean_cells = (a * cells(lane, into) + b * cells(lane, from)) / m;
  const double phi = m / (a * survival(lane, into) + b * survival(lane, from));
  lane.state(State::E + into) = (a * lane.state(State::E + into) + b * lane.state(State::E + from)) / m;
  lane.state(State::x + into) = std::log(mean_cells);
  lane.state(State::g + into) = phi - 1 / mean_cells;
  const double uniform = patient.draws.stream(Purpose::merger, patient.founders).uniform();
  input(lane, &Inputs<double>::extinct_at, into) = phi / -std::expm1(std::log(uniform) / m);
  input(lane, &Inputs<double>::others, into) = m - 1;
  empty(lane, from);
}

/// True when one more founder can be followed.
bool has_room(const solver::LaneView& lane, const Patient& patient) {
  if (free_slot(lane) >= 0) return true;
  double lesions = 0;
  for (int slot = 1; slot < kLesions; ++slot) lesions += 1 + others(lane, slot);
  return lesions < kMostMetastases && smallest_unseen(lane, patient).first >= 0;
}

/// What decides whether a founder's line dies out by its own births and losses.
struct Line {
  Organ organ;
  double xi, gamma, capacity;
};

/// What founder number patient.founders will be if it lodges.
struct Founder : Line {
  double lytic, scar;
  bool regional;
};

/// Kendall's e^-x + g grows without immune attack or drug to 1 + d_0 int e^-x dt, int e^-x dt = (1 + 1/K + 2/K^2 + ...)/(gamma K)
/// with K = ln of the capacity, and with them only faster.
double least_extinction(const Disease& disease, double gamma, double K) { return 1 + disease.constants.d_0 * (1 + 1 / K + 2 / (K * K)) / (gamma * K); }

/// The founders of one person. They come in a Poisson process of cumulative intensity, and most are surely doomed: their lines
/// would die out by births and losses alone if they grew as three standard deviations allow, and they grow no faster. These are
/// left out: the others come at a share `kept_` of the rate, and are drawn from what is left of the unit cube of deviates
/// (of extinction e^-xi, growth and room) outside the box [0, e) x [0, u) x [0, u) of the doomed.
class Founders {
 public:
  Founders(const Disease& disease, const Patient& patient) : disease_(disease), patient_(patient) {
    const double fastest = patient.traits.gamma * disease.gamma_lesion.at(kUsual), largest = patient.traits.capacity + disease.gap_lesion.at(kUsual);
    doomed_below_ = 1 - 1 / least_extinction(disease, fastest, largest);
    kept_ = 1 - doomed_below_ * kUsualShare * kUsualShare;
  }

  /// Cumulative intensity between founder number patient.founders and the one before.
  double wait() const { return patient_.draws.stream(Purpose::seeding, patient_.founders).exponential() / kept_; }

  /// True of a founder whose line dies out by its births and losses alone: what passes the threshold without attack passes it in
  /// every course, at a size that nothing depends on.
  bool doomed() const {
    Stream draw = draws();
    const Line line = draw_line(draw);
    return least_extinction(disease_, line.gamma, line.capacity) > extinction_threshold(1, line.xi);
  }

  /// True of one that comes to a node.
  bool nodal() const { return draw_organ(disease_, draws().uniform()) == Organ::node; }

  Founder draw() const {
    Stream draw = draws();
    Founder founder{draw_line(draw), 0, 0, false};
    founder.lytic = disease_.k_c * patient_.traits.iota * disease_.ell.at(draw.normal());
    founder.scar = std::min(0.2, disease_.phi.at(draw.normal()));
    founder.regional = founder.organ == Organ::node && draw.uniform() < disease_.regional_node;
    return founder;
  }

 private:
  static constexpr double kUsual = 3;
  static inline const double kUsualShare = normal_cdf(kUsual);  // u

  Stream draws() const { return patient_.draws.stream(Purpose::founder, patient_.founders); }

  Line draw_line(Stream& draw) const {
    const Organ organ = draw_organ(disease_, draw.uniform());
    double extinction = kept_ * draw.uniform(), growth = draw.uniform(), room = draw.uniform();
    const double u = kUsualShare, survivors = 1 - doomed_below_;
    if (extinction < survivors) {
      extinction += doomed_below_;
    } else {  // growth beyond the box, or growth within and room beyond: 1 to u
      extinction = (extinction - survivors) / (1 - u * u);
      const double beyond = growth * (1 + u);
      if (beyond < 1) {
        growth = u + (1 - u) * beyond;
      } else {
        growth = beyond - 1;
        room = u + (1 - u) * room;
      }
    }
    return {organ, -std::log(extinction), patient_.traits.gamma * disease_.gamma_lesion.at(normal_quantile(growth)),
            patient_.traits.capacity + disease_.gap_lesion.at(normal_quantile(room))};
  }

  const Disease& disease_;
  const Patient& patient_;
  double doomed_below_, kept_;  // e
};

/// Cumulative intensity at which the next founder lodges that is not doomed, and which it is: patient.founders. Founders are
/// due at intensities that are the patient's own, whether or not there was a slot for them: those due by `seeded` came in
/// vain and are passed over.
double next_founder(const Disease& disease, Patient& patient, double seeded) {
  const Founders founders(disease, patient);
  for (;; ++patient.founders) {
    const double due = patient.founders_due + founders.wait();
    if (due > seeded && !founders.doomed()) return due;
    patient.founders_due = due;
  }
}

/// Waits for the next founder that is due after the intensity `seeded`, if there is room for one. The state counts from here on:
/// in single precision a sum of a lifetime would swallow the increments of a day.
void await_founder(const solver::LaneView& lane, const Disease& disease, Patient& patient, double seeded) {
  patient.seeded += lane.state(State::seeding);
  lane.state(State::seeding) = 0;
  lane.input(input_index(&Inputs<double>::seeding_at)) = has_room(lane, patient) ? next_founder(disease, patient, seeded) - patient.seeded : kNever;
}
}  // namespace

double extinction_threshold(double n0, double xi) { return 1.0 / (n0 * -std::expm1(-xi / n0)); }

double lesion_volume(const solver::LaneView& lane, int slot) {
  return input(lane, &Inputs<double>::alive, slot) == 0.0 ? 0.0 : std::exp(lane.state(State::x + slot)) * 1e-9;
}

double lesion_burden(const solver::LaneView& lane, int slot) { return (1 + others(lane, slot)) * lesion_volume(lane, slot); }

double lethal_burden(const solver::LaneView& lane) {
  double burden = 0;
  for (int slot = 0; slot < kLesions; ++slot) burden += input(lane, &Inputs<double>::weight, slot) * lesion_burden(lane, slot);
  return burden;
}

double ln_burden(const solver::LaneView& lane) { return std::log(lethal_burden(lane) + biology::kNoBurden); }

void place_lesion(const solver::LaneView& lane, const Disease& disease, Patient& patient, int slot, Organ organ, double cells,
                  double xi) {
  const auto o = static_cast<std::size_t>(organ);
  patient.lesions[static_cast<std::size_t>(slot)] = Lesion{organ, false, false, 0, 0};
  lane.state(State::x + slot) = std::log(cells);
  lane.state(State::E + slot) = 0;
  lane.state(State::g + slot) = 0;
  input(lane, &Inputs<double>::alive, slot) = 1;
  input(lane, &Inputs<double>::others, slot) = 0;
  input(lane, &Inputs<double>::homing, slot) = disease.q_0 * disease.homing[o];
  input(lane, &Inputs<double>::weight, slot) = disease.lethality[o];
  input(lane, &Inputs<double>::extinct_at, slot) = extinction_threshold(cells, xi);
}

void await_first_founder(const solver::LaneView& lane, const Disease& disease, Patient& patient) {
  patient.founders = 0;
  patient.founders_due = patient.seeded = 0;
  await_founder(lane, disease, patient, 0);
}

bool may_lodge(const Disease& disease, Patient& patient, double intensity, bool regional) {
  constexpr std::uint32_t kMostLooked = 1000;  // of so many one may be; where none ever is of a regional node, the search ends
  const Founders founders(disease, patient);
  double due = 0;
  for (patient.founders = 0; patient.founders < kMostLooked; ++patient.founders) {
    due += founders.wait();
    if (due > intensity) return false;
    if ((!regional || founders.nodal()) && !founders.doomed() && (!regional || founders.draw().regional)) return true;
  }
  return true;
}

void lodge_founder(const solver::LaneView& lane, const Disease& disease, Patient& patient) {
  double& due = lane.input(input_index(&Inputs<double>::seeding_at));
  if (!has_room(lane, patient)) {  // what had been unseen when this founder was awaited has been seen since
    due = kNever;
    return;
  }
  if (free_slot(lane) < 0) {
    const auto [into, from] = smallest_unseen(lane, patient);
    merge(lane, patient, into, from);
  }
  const int slot = free_slot(lane);
  const Founder founder = Founders(disease, patient).draw();
  ++patient.founders;
  place_lesion(lane, disease, patient, slot, founder.organ, 1.0, founder.xi);
  input(lane, &Inputs<double>::gamma, slot) = founder.gamma;
  input(lane, &Inputs<double>::capacity, slot) = founder.capacity;
  input(lane, &Inputs<double>::lytic, slot) = founder.lytic;
  Lesion& lesion = patient.lesions[static_cast<std::size_t>(slot)];
  lesion.scar = founder.scar;
  lesion.regional = founder.regional;
  patient.founders_due = patient.seeded + due;
  await_founder(lane, disease, patient, patient.founders_due);
}

void remove_lesion(const solver::LaneView& lane, const Disease& disease, Patient& patient, int slot) {
  empty(lane, slot);
  if (slot > 0 && lane.input(input_index(&Inputs<double>::seeding_at)) == kNever) await_founder(lane, disease, patient, patient.seeded + lane.state(State::seeding));
}

int remove_extinct(const solver::LaneView& lane, const Disease& disease, Patient& patient) {
  int removed = 0;
  for (int slot = 0; slot < kLesions; ++slot) {
    if (input(lane, &Inputs<double>::alive, slot) == 0.0) continue;
    const double x = lane.state(State::x + slot), g = lane.state(State::g + slot);
    // the integrator's own sum is rounded to single precision
    const double threshold = input(lane, &Inputs<double>::extinct_at, slot);
    if (biology::past_extinction(x, g, threshold) > -1e-6 * threshold) {
      remove_lesion(lane, disease, patient, slot);
      ++removed;
    }
  }
  return removed;
}

}  // namespace coley
