// SPDX-License-Identifier: Apache-2.0
#include "population/places.hpp"

#include <algorithm>

#include "population/admission.hpp"
#include "protocol/vocabulary.hpp"

namespace coley {

namespace {

PatientClass wanted(const Population& population, const DrawAddress& place) {
  Stream draw = place.stream(Purpose::enrolment);
  PatientClass result;
  const double by_group = draw.uniform(), by_time = draw.uniform();
  if (!population.mix.empty()) {
    const auto levels = levels_of(population.mix_by);
    result.group = static_cast<int>(std::find(levels.begin(), levels.end(), drawn_group(population.mix, by_group)) - levels.begin());
  }
  if (!population.eligibility.synchronous && population.synchronous_share >= 0) result.synchronous = by_time < population.synchronous_share;
  return result;
}

}  // namespace

Places::Places(const Population& population, DrawKey key, std::uint64_t count) : count_(count), left_(count) {
  for (std::uint64_t place = 0; place < count; ++place) queues_[wanted(population, {key, place})].places.push_back(place);
}

bool Places::open(const PatientClass& of) const {
  const auto found = queues_.find(of);
  return found != queues_.end() && found->second.next < found->second.places.size();
}

bool Places::open_to(bool synchronous) const {
  return std::any_of(queues_.begin(), queues_.end(), [&](const auto& entry) {
    return entry.second.next < entry.second.places.size() && (entry.first.synchronous < 0 || entry.first.synchronous == static_cast<int>(synchronous));
  });
}

bool Places::open_to_group(int group) const {
  return std::any_of(queues_.begin(), queues_.end(), [&](const auto& entry) {
    return entry.second.next < entry.second.places.size() && (entry.first.group < 0 || entry.first.group == group);
  });
}

std::uint64_t Places::first_open() const {
  std::uint64_t first = count_;
  for (const auto& [of, queue] : queues_) {
    if (queue.next < queue.places.size()) first = std::min(first, queue.places[queue.next]);
  }
  return first;
}

std::optional<std::uint64_t> Places::take(const PatientClass& of) {
  if (!open(of)) return std::nullopt;
  --left_;
  Queue& queue = queues_[of];
  return queue.places[queue.next++];
}

std::map<PatientClass, std::uint64_t> Places::open_classes() const {
  std::map<PatientClass, std::uint64_t> result;
  for (const auto& [of, queue] : queues_) {
    if (queue.next < queue.places.size()) result.emplace(of, queue.places.size() - queue.next);
  }
  return result;
}

ClassReader::ClassReader(const Population& population)
    : by_time_(!population.eligibility.synchronous && population.synchronous_share >= 0) {
  if (!population.mix.empty()) level_ = level_reader(population.mix_by);
}

PatientClass ClassReader::operator()(const Patient& patient) const {
  return {level_ ? level_(patient) : -1, by_time_ ? static_cast<int>(patient.pathology.metastases > 0) : -1};
}

}  // namespace coley
