// SPDX-License-Identifier: Apache-2.0
#pragma once
// The places of a trial. Where a protocol sets the shares of groups, each place asks for one class of patients, drawn from
// the place's own address; people screened are given, in order of their numbers, the first open place that asks for their
// class. So the first places of a trial are the same people however many places it has.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/random.hpp"
#include "population/covariates.hpp"
#include "protocol/protocol.hpp"

namespace coley {

/// A class of patients whose share the protocol sets; -1 where it does not care.
struct PatientClass {
  int group = -1;        ///< level of the covariate of the mix
  int synchronous = -1;  ///< 1 with metastases at diagnosis, 0 without
  auto operator<=>(const PatientClass&) const = default;
};

class Places {
 public:
  /// Places 0 to `count` - 1, all open.
  Places(const Population& population, DrawKey key, std::uint64_t count);

  bool open() const { return left_ > 0; }
  std::uint64_t left() const { return left_; }
  /// The first that is open; their number when none is.
  std::uint64_t first_open() const;
  bool open(const PatientClass& of) const;
  /// Whether any place is open to patients with metastases at diagnosis (or without).
  bool open_to(bool synchronous) const;
  /// Whether any place is open to this level of the covariate of the mix.
  bool open_to_group(int group) const;
  /// Fills the first open place of the class.
  std::optional<std::uint64_t> take(const PatientClass& of);
  /// Classes that are asked for, with the number of their places that are open.
  std::map<PatientClass, std::uint64_t> open_classes() const;

 private:
  struct Queue {
    std::vector<std::uint64_t> places;
    std::size_t next = 0;
  };
  std::map<PatientClass, Queue> queues_;
  std::uint64_t count_ = 0, left_ = 0;
};

/// Tells a patient's class in a population.
class ClassReader {
 public:
  explicit ClassReader(const Population& population);
  PatientClass operator()(const Patient& patient) const;

 private:
  LevelOf level_;  // of the mix; empty without one
  bool by_time_;
};

}  // namespace coley
