// SPDX-License-Identifier: Apache-2.0
#pragma once
// The result of one shard of a run, as a file that can be carried to another machine and merged with the others; or, as
// a checkpoint, the result of its first trials.
// Text: a line with the format's number, a line with the SHA-256 of what follows, one line of JSON. Doubles are written as
// their 64 bits, so that nothing is lost. Reading checks everything that can be checked without the other shards.

#include <string>
#include <string_view>
#include <vector>

#include "protocol/shipped.hpp"
#include "trial/run_trial.hpp"

namespace coley {

struct Partial {
  std::string file;               ///< where it was read from, for messages
  std::string version;            ///< of Coley
  NamedText protocol;             ///< with `sets`, what the design is made from again
  std::vector<std::string> sets;  ///< texts of --set
  std::string protocol_sha256, parameters_sha256;
  std::string command;            ///< repeats the whole run
  RunOptions options;
  TrialResult result;
};

/// "shard-1-of-3.coley"
std::string partial_file_name(const Shard& shard);
/// "shard-1-of-3.checkpoint"; the whole run is shard 1 of 1.
std::string checkpoint_file_name(const Shard& shard);

/// The bytes of the file; `file` is not written.
std::string to_text(const Partial& partial);

/// Throws InputError that names `file` and what is wrong with it.
Partial read_partial(std::string_view text, const std::string& file);

/// The file's. Throws InputError also when it cannot be read.
Partial read_partial_file(const std::string& path);

/// Every *.coley of the folders. Throws InputError when there is none, or one is no partial result.
std::vector<Partial> read_partials(const std::vector<std::string>& folders);

}  // namespace coley
