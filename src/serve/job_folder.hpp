// SPDX-License-Identifier: Apache-2.0
#pragma once
// Places on disk that runs use: a folder of its own for each, and the kept populations of all.

#include <filesystem>
#include <string>

#include "protocol/shipped.hpp"

namespace coley::serve {

/// A new folder with the protocol file in it, gone at the end of the scope. Throws RunError.
class JobFolder {
 public:
  JobFolder(const std::filesystem::path& parent, const NamedText& protocol);
  ~JobFolder();
  JobFolder(const JobFolder&) = delete;
  JobFolder& operator=(const JobFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Removes the files that were used longest ago until at most `most` bytes are left.
void prune(const std::filesystem::path& folder, std::size_t most);

}  // namespace coley::serve
