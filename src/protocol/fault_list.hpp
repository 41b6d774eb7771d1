// SPDX-License-Identifier: Apache-2.0
#pragma once
// Collects the faults of one input, and knows where each key stands, so that checks made after reading can still name
// the line. Keys are paths as in --set: arm[1].drug[0].dose.

#include <map>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace coley {

/// Where a key or its value stands. `file` is the path of the file or the text of the --set option.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

class FaultList {
 public:
  explicit FaultList(std::string file) : file_(std::move(file)) {}

  const std::string& file() const { return file_; }
  void set_place(const std::string& path, Place place) { places_[path] = std::move(place); }

  /// A fault of the key at `path`; its place is that of the nearest enclosing key that is in the file. A second fault
  /// of the same key is dropped: it follows from the first.
  void add(const std::string& path, std::string found, std::string expected);
  void add_at(const Place& place, const std::string& path, std::string found, std::string expected);

  bool has(const std::string& path) const;       ///< a fault of this key
  bool has_below(const std::string& path) const; ///< a fault of this key or of a key inside it
  bool empty() const { return faults_.empty(); }
  const std::vector<Fault>& faults() const { return faults_; }

  /// Throws InputError with the faults in the order of the file; at most 100, and then one that says that there are more.
  void throw_if_any() const;

 private:
  std::string file_;
  std::map<std::string, Place> places_;
  std::vector<Fault> faults_;
};

}  // namespace coley
