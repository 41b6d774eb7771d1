// SPDX-License-Identifier: Apache-2.0
#pragma once
// A folder of results. Files are written under temporary names beside their places and renamed together at the end, so
// that a full disk, an interruption or a killed process leaves nothing half-written under a final name.

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace coley {

/// Writes one file beside a temporary name and renames it. Throws RunError.
void write_file(const std::string& path, const std::string& content);

class OutputFolder {
 public:
  /// Makes the folder. Throws InputError when that is not possible (a file of that name, no right to write).
  explicit OutputFolder(const std::string& path);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  /// A file that is written piece by piece, under a temporary name until publish; it closes then, or with the folder.
  std::ostream& open(const std::string& name);
  /// Writes a whole file, likewise.
  void write(const std::string& name, const std::string& content);
  /// Gives every file its name. Throws RunError when one could not be written to its end.
  void publish();
  /// Writes a whole file in place of an earlier one, at once. Throws RunError.
  void replace(const std::string& name, const std::string& content);
  /// Final path of a file.
  std::filesystem::path at(const std::string& name) const { return folder_ / name; }

  /// For a program that is about to end by force, from any thread: removes the temporary files of every folder, and lets
  /// nothing be written or published from then on.
  static void abandon_all();

 private:
  void remove_temporaries();

  std::filesystem::path folder_;
  struct Pending {
    std::filesystem::path temporary, final;
    std::unique_ptr<std::ofstream> file;
  };
  std::vector<Pending> pending_;

  static void close(Pending& pending);
  static void give_name(const Pending& pending);
};

}  // namespace coley
