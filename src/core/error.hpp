// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two ways a call can go wrong. InputError: what the user gave is wrong; it carries every fault found, each with
// its place and remedy, and the program ends with code 2. RunError: the run failed (disk full, file vanished), code 1.
// An impossible state is a bug: std::logic_error by coley::bug().

#include <stdexcept>
#include <string>
#include <vector>

namespace coley {

/// One thing wrong with an input, and how to mend it. Empty or zero fields are left out of the message.
struct Fault {
  std::string file{};      ///< path as the user gave it
  int line = 0;          ///< from 1
  int column = 0;        ///< from 1
  std::string key{};       ///< dotted path of the key, e.g. arm.regimen.dose
  std::string found{};     ///< what stands there
  std::string expected{};  ///< what could stand there, and how to mend it
};

/// "trial.toml:12:3: arm.regimen.dose: found -3 mg; expected a dose of 0 or more"
std::string to_string(const Fault& fault);

/// What the user gave is wrong.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Fault> faults);
  explicit InputError(Fault fault) : InputError(std::vector<Fault>{std::move(fault)}) {}
  const std::vector<Fault>& faults() const { return faults_; }

 private:
  std::vector<Fault> faults_;
};

/// The run could not be finished.
class RunError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An impossible state: a bug in Coley, not in its input.
[[noreturn]] void bug(const std::string& what);

/// The candidate nearest to `word` by edit distance, or "" when none is close enough to be a misspelling.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace coley
