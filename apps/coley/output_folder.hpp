// SPDX-License-Identifier: Apache-2.0
#pragma once
// A folder of results. Files are written under temporary names beside their places and renamed together at the end, so
// that a full disk, an interruption or a killed process leaves nothing half-written under a final name.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace coley {

class OutputFolder {
 public:
  /// Makes the folder. Throws InputError when that is not possible (a file of that name, no right to write).
  explicit OutputFolder(const std::string& path);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  /// Writes a file under a temporary name. Throws RunError when the disk is full.
  void write(const std::string& name, const std::string& content);
  /// Gives every file its name.
  void publish();
  /// Final path of a file.
  std::filesystem::path at(const std::string& name) const { return folder_ / name; }

  /// For a program that is about to end by force, from any thread: removes the temporary files of every folder, and lets
  /// nothing be written or published from then on.
  static void abandon_all();

 private:
  void remove_temporaries();

  std::filesystem::path folder_;
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> pending_;  // temporary, final
};

}  // namespace coley
