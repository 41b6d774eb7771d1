// SPDX-License-Identifier: Apache-2.0
#include "population/enrolment.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace coley {

namespace {

constexpr std::uint64_t kFirstBatch = 512, kSmallestBatch = 128, kLargestBatch = 2048;  // people
constexpr std::uint64_t kPart = 1024;  // people of a batch after whom one who watches is told

/// Places that cannot be filled are an error in the protocol.
void check_patience(const Population& population, std::uint64_t screened, std::uint64_t enrolled, std::uint64_t left) {
  if (screened <= static_cast<std::uint64_t>(population.patience) * (enrolled + 1)) return;
  throw RunError("no eligible patient for " + std::to_string(left) + " of the places among " + std::to_string(screened) +
                 " people screened: the eligibility, or a share of the mix, asks for people who hardly exist");
}

/// How many people of each class were eligible so far, in a place or not.
using Seen = std::map<PatientClass, std::uint64_t>;

/// People to screen next: most of what the class that is shortest of people is likely to need. Those beyond the last who is
/// needed are followed in vain, so the end is approached in ever smaller batches.
std::uint64_t next_batch(const Places& places, const Seen& seen, std::uint64_t screened) {
  double needed = 0;
  for (const auto& [of, open] : places.open_classes()) {
    const auto found = seen.find(of);
    const double met = found == seen.end() ? 0.5 : static_cast<double>(found->second) + 0.5;
    needed = std::max(needed, static_cast<double>(open) * static_cast<double>(screened) / met);
  }
  const double people = std::min(0.75 * needed, 2.0 * static_cast<double>(screened));  // rates are trusted no further than that
  return std::clamp(static_cast<std::uint64_t>(people), kSmallestBatch, kLargestBatch);
}

}  // namespace

ScreeningCount& ScreeningCount::operator+=(const ScreeningCount& other) {
  screened += other.screened;
  enrolled += other.enrolled;
  found += other.found;
  synchronous += other.synchronous;
  for (std::size_t i = 0; i < excluded.size(); ++i) excluded[i] += other.excluded[i];
  return *this;
}

Enrolment enrol(const Population& population, const Disease& disease, DrawKey key, std::uint64_t places, const solver::Tolerance& tolerance,
                const biology::Integrate& integrate, const std::optional<Pretreatment>& earlier, const Enrolled& seen) {
  Places open(population, key, places);
  const ClassReader class_of(population);
  Enrolment result;
  result.patients.resize(places);
  ScreeningCount enrolled, excluded;
  Seen met;
  /// Gives a place to who is eligible for one; tells the reason to others.
  const auto place = [&](Screened& person) {
    if (!person.patient) return false;
    const PatientClass of = class_of(*person.patient);
    ++met[of];
    const auto taken = open.take(of);
    if (taken) result.patients[*taken] = std::move(*person.patient);
    else person.excluded = Exclusion::group_full;
    return taken.has_value();
  };
  const auto count = [&](Screened& person) {
    const bool has_place = place(person);
    ScreeningCount& to = has_place ? enrolled : excluded;
    ++to.screened;
    to.found += person.found;
    to.synchronous += person.synchronous;
    if (has_place) ++to.enrolled;
    else ++to.excluded[static_cast<std::size_t>(*person.excluded)];
  };
  std::uint64_t next = 0;
  while (open.open()) {
    const std::uint64_t batch = next == 0 ? kFirstBatch : next_batch(open, met, next), part = seen ? kPart : batch;
    const Places asked = open;  // as the batch began, so that what is done with a person does not hang on the parts
    const Prospects prospects(population, disease, asked, kLongestNaturalHistory);
    for (std::uint64_t done = 0; done < batch && open.open(); done += part) {
      ScreenedPeople screened = screen(earlier ? earlier->screened_as : population, disease, key, next + done, std::min(part, batch - done), asked, prospects, tolerance, integrate);
      result.work += screened.work;
      if (earlier) result.work += earlier->give(screened.people);
      for (Screened& person : screened.people) {
        if (!open.open()) break;  // those after the last who was needed were never asked
        count(person);
      }
      if (seen) seen(std::span(result.patients).first(open.first_open()), excluded);
    }
    next += batch;
    check_patience(population, next, static_cast<std::uint64_t>(enrolled.enrolled), open.left());
  }
  result.screening += enrolled;
  result.screening += excluded;
  return result;
}

}  // namespace coley
