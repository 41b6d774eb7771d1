// SPDX-License-Identifier: Apache-2.0
#include "output_folder.hpp"

#include <unistd.h>

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
  for (Pending& pending : pending_) {
    pending.file->close();
    std::filesystem::remove(pending.temporary, ignored);
  }
}

void OutputFolder::abandon_all() {
  writing.lock();  // for good
  for (OutputFolder* folder : living) {
    // unlinked, not closed: another thread may be writing to them
    std::error_code ignored;
    for (const Pending& pending : folder->pending_) std::filesystem::remove(pending.temporary, ignored);
  }
}

std::ostream& OutputFolder::open(const std::string& name) {
  const std::lock_guard lock(writing);
  const std::filesystem::path temporary = folder_ / ("." + name + "." + std::to_string(getpid()) + ".part");
  pending_.push_back({temporary, folder_ / name, std::make_unique<std::ofstream>(temporary, std::ios::binary)});
  return *pending_.back().file;
}

void OutputFolder::write(const std::string& name, const std::string& content) { open(name) << content << std::flush; }

void OutputFolder::close(Pending& pending) {
  pending.file->close();
  if (!*pending.file) throw RunError("cannot write " + pending.final.string() + ": is the disk full?");
}

void OutputFolder::give_name(const Pending& pending) {
  std::error_code error;
  std::filesystem::rename(pending.temporary, pending.final, error);
  if (error) throw RunError("cannot write " + pending.final.string() + ": " + error.message());
}

void OutputFolder::publish() {
  const std::lock_guard lock(writing);
  for (Pending& pending : pending_) close(pending);
  for (Pending& pending : pending_) give_name(pending);
  pending_.clear();
}

void OutputFolder::replace(const std::string& name, const std::string& content) {
  write(name, content);
  const std::lock_guard lock(writing);
  close(pending_.back());
  give_name(pending_.back());
  pending_.pop_back();
}

void write_file(const std::string& path, const std::string& content) {
  const std::filesystem::path file(path);
  OutputFolder(file.has_parent_path() ? file.parent_path().string() : ".").replace(file.filename().string(), content);
}

}  // namespace coley
