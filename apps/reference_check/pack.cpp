// SPDX-License-Identifier: Apache-2.0
#include "pack.hpp"

#include <algorithm>
#include <fstream>
#include <limits>

#include "core/error.hpp"
#include "filter.hpp"

namespace coley::reference_check {
namespace {

json read_json(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw InputError({.file = path.string(), .found = "a file that cannot be opened", .expected = "a JSON file"});
  try {
    return json::parse(in);
  } catch (const json::parse_error& fault) {
    throw InputError({.file = path.string(), .found = fault.what(), .expected = "a JSON file"});
  }
}

json member(const json& object, const char* key) { return object.contains(key) ? object.at(key) : json(); }

}  // namespace

exchange::Frame Case::frame() const {
  if (!table) throw InputError({.key = id, .found = "no data file", .expected = "the case to name one"});
  exchange::Frame frame(table);
  if (const std::string filter = text("filter"); !filter.empty()) frame.keep_if(make_filter(filter, *table));
  return frame;
}

std::string Case::text(const std::string& key) const {
  const json value = spec.is_object() ? member(spec, key.c_str()) : json();
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

double Case::number(const std::string& key, double otherwise) const {
  const json value = spec.is_object() ? member(spec, key.c_str()) : json();
  return value.is_null() ? otherwise : pack_number(value);
}

double Case::relative_tolerance(double otherwise) const {
  if (tolerance.is_number()) return tolerance.get<double>();
  return tolerance.is_object() && tolerance.contains("rel") ? tolerance.at("rel").get<double>() : otherwise;
}

std::vector<Case> read_pack(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder / "expected"))
    throw InputError({.file = folder.string(), .found = "no folder expected/", .expected = "a folder with data/*.csv and expected/*.json"});
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "expected"))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::map<std::string, std::shared_ptr<const exchange::Table>> tables;
  std::vector<Case> cases;
  for (const auto& file : files) {
    const json content = read_json(file);
    for (const json& entry : content.at("cases")) {
      Case one{content.value("family", file.stem().string()), entry.at("id"), entry.at("kind"), member(entry, "spec"),
               entry.at("expected"), member(entry, "tol"), nullptr};
      if (entry.contains("data") && entry.at("data").is_string()) {
        auto& table = tables[entry.at("data")];
        if (!table) table = std::make_shared<exchange::Table>(exchange::Table::read((folder / entry.at("data")).string()));
        one.table = table;
      }
      cases.push_back(std::move(one));
    }
  }
  return cases;
}

double pack_number(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  if (value == "NA" || value == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (value == "Inf") return std::numeric_limits<double>::infinity();
  if (value == "-Inf") return -std::numeric_limits<double>::infinity();
  throw InputError({.found = value.dump(), .expected = "a number, NA, NaN, Inf or -Inf"});
}

std::vector<double> pack_numbers(const json& values) {
  if (!values.is_array()) return {pack_number(values)};
  std::vector<double> numbers;
  for (const json& value : values) numbers.push_back(pack_number(value));
  return numbers;
}

}  // namespace coley::reference_check
