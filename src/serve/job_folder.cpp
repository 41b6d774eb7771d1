// SPDX-License-Identifier: Apache-2.0
#include "serve/job_folder.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "core/error.hpp"

namespace coley::serve {

namespace fs = std::filesystem;

JobFolder::JobFolder(const fs::path& parent, const NamedText& protocol) {
  std::error_code error;
  fs::create_directories(parent, error);
  std::string name = (parent / "run-XXXXXX").string();
  if (error || mkdtemp(name.data()) == nullptr) throw RunError("cannot make a folder in " + parent.string() + ": is the disk full, or not writable?");
  path_ = name;
  std::ofstream file(path_ / fs::path(protocol.file_name).filename(), std::ios::binary);
  file << protocol.text << std::flush;
  if (!file) {
    fs::remove_all(path_, error);
    throw RunError("cannot write in " + parent.string() + ": is the disk full?");
  }
}

JobFolder::~JobFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void prune(const fs::path& folder, std::size_t most) {
  struct File {
    fs::file_time_type used;
    std::uintmax_t bytes;
    fs::path path;
  };
  std::vector<File> files;
  std::uintmax_t all = 0;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (!entry.is_regular_file(error)) continue;
    files.push_back({entry.last_write_time(error), entry.file_size(error), entry.path()});
    all += files.back().bytes;
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.used < b.used; });
  for (const File& file : files) {
    if (all <= most) break;
    fs::remove(file.path, error);
    all -= std::min(all, file.bytes);
  }
}

}  // namespace coley::serve
