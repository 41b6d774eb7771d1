// SPDX-License-Identifier: Apache-2.0
#include "protocol/shipped.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "protocol/table_reader.hpp"
#include "protocol/toml_text.hpp"
#include "shipped_files.hpp"

namespace coley {

namespace {

std::vector<std::string> names_in(std::string_view folder) {
  std::vector<std::string> names;
  for (const ShippedFile& file : shipped_files()) {
    if (!file.path.starts_with(folder) || !file.path.ends_with(".toml")) continue;
    names.emplace_back(file.path.substr(folder.size(), file.path.size() - folder.size() - 5));
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The first column of a CSV text without its heading. Ids hold neither commas nor quotes.
std::vector<std::string> first_column(std::string_view text) {
  std::vector<std::string> ids;
  for (std::size_t start = text.find('\n'); start != std::string_view::npos && start + 1 < text.size();) {
    const std::size_t end = std::min(text.find('\n', start + 1), text.size());
    const std::string_view line = text.substr(start + 1, end - start - 1);
    ids.emplace_back(line.substr(0, line.find(',')));
    start = end;
  }
  return ids;
}

}  // namespace

std::vector<std::string> shipped_trials() {
  return names_in("trials/");
}

std::vector<std::string> shipped_designs() {
  return names_in("designs/");
}

std::vector<std::string> shipped_drugs() {
  return names_in("drugs/");
}

std::optional<std::string_view> shipped_text(std::string_view path) {
  for (const ShippedFile& file : shipped_files()) {
    if (file.path == path) return file.text;
  }
  return std::nullopt;
}

KnownNames shipped_names() {
  return {shipped_drugs(), first_column(shipped_text("evidence/published.csv").value_or(""))};
}

NamedText trial_text(const std::string& trial) {
  if (const auto text = shipped_text("trials/" + trial + ".toml"))
    return {"trials/" + trial + ".toml", std::string(*text)};
  if (trial.find('/') != std::string::npos || trial.ends_with(".toml")) return {trial, read_text_file(trial)};
  throw InputError(Fault{.file = trial,
                         .found = "no trial of this name",
                         .expected = "the path of a file, or " + suggestion(trial, shipped_trials())});
}

}  // namespace coley
