// SPDX-License-Identifier: Apache-2.0
#include "output_folder.hpp"

#include <unistd.h>

#include <fstream>
#include <mutex>
#include <set>

#include "core/error.hpp"

namespace coley {

namespace {

std::mutex writing;              // guards every folder's list of files, and renaming
std::set<OutputFolder*> living;

}  // namespace

OutputFolder::OutputFolder(const std::string& path) : folder_(path) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error || !std::filesystem::is_directory(folder_) || access(folder_.c_str(), W_OK) != 0) {
    throw InputError(Fault{.file = path, .key = "--out", .found = error ? error.message() : "not a folder that can be written to",
                           .expected = "a folder, or a path where one can be made"});
  }
  const std::lock_guard lock(writing);
  living.insert(this);
}

OutputFolder::~OutputFolder() {
  const std::lock_guard lock(writing);
  living.erase(this);
  remove_temporaries();
}

void OutputFolder::remove_temporaries() {
  std::error_code ignored;
  for (const auto& [temporary, final] : pending_) std::filesystem::remove(temporary, ignored);
}

void OutputFolder::abandon_all() {
  writing.lock();  // for good
  for (OutputFolder* folder : living) folder->remove_temporaries();
}

void OutputFolder::write(const std::string& name, const std::string& content) {
  const std::filesystem::path final = folder_ / name;
  const std::filesystem::path temporary = folder_ / ("." + name + "." + std::to_string(getpid()) + ".part");
  const std::lock_guard lock(writing);
  pending_.emplace_back(temporary, final);
  std::ofstream file(temporary, std::ios::binary);
  file << content;
  file.close();
  if (!file) throw RunError("cannot write " + final.string() + ": is the disk full?");
}

void OutputFolder::publish() {
  const std::lock_guard lock(writing);
  for (const auto& [temporary, final] : pending_) {
    std::error_code error;
    std::filesystem::rename(temporary, final, error);
    if (error) throw RunError("cannot write " + final.string() + ": " + error.message());
  }
  pending_.clear();
}

}  // namespace coley
