// SPDX-License-Identifier: Apache-2.0
#include "protocol/toml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace coley {

namespace {

constexpr std::size_t kMostBytes = 4'000'000;
constexpr int kMostDots = 32;  // of one dotted key; TOML trees are destroyed recursively

[[noreturn]] void refuse(const std::string& file, std::string found, std::string expected, int line = 0, int column = 0) {
  throw InputError(Fault{.file = file, .line = line, .column = column, .found = std::move(found), .expected = std::move(expected)});
}

void refuse_wrong_encoding(std::string_view text, const std::string& file) {
  const std::string_view start = text.substr(0, 2);
  if (start == "\xFF\xFE" || start == "\xFE\xFF") {
    refuse(file, "text in UTF-16", "UTF-8; save the file again in UTF-8", 1, 1);
  }
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
    refuse(file, "a zero byte", "text in UTF-8; this is a binary file or text in UTF-16 or UTF-32", static_cast<int>(line));
  }
}

void refuse_deep_keys(std::string_view text, const std::string& file) {
  int dots = 0;
  int line = 1;
  for (const char c : text) {
    if (c == '.') ++dots;
    if (c == '\n') ++line;
    if (c == '\n' || c == ',' || c == '=' || c == '[' || c == '{' || c == ' ' || c == '"') dots = c == ' ' || c == '"' ? dots : 0;
    if (dots > kMostDots) refuse(file, fmt::format("more than {} dots in a row", kMostDots), "keys of a few parts", line);
  }
}

bool is_blank(std::string_view text) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find_first_not_of(" \t\r\xEF\xBB\xBF");
    if (first != std::string::npos && line[first] != '#') return false;
  }
  return true;
}

std::string shortened(std::string text, std::size_t most = 60) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return text.substr(0, end) + "...";
}

}  // namespace

toml::table parse_toml(std::string_view text, const std::string& file_name) {
  if (text.size() > kMostBytes) {
    refuse(file_name, fmt::format("{} bytes", text.size()), fmt::format("at most {}; is this the right file?", kMostBytes));
  }
  refuse_wrong_encoding(text, file_name);
  if (is_blank(text)) refuse(file_name, "an empty file", "keys in TOML; `coley show keynote-564` prints an example");
  refuse_deep_keys(text, file_name);
  try {
    return toml::parse(text, file_name);
  } catch (const toml::parse_error& error) {
    const Place place = place_of(error.source(), file_name);
    refuse(file_name, "what is not TOML: " + shortened(std::string(error.description()), 200), "TOML in UTF-8 (https://toml.io)",
           place.line, place.column);
  }
}

std::string read_text_file(const std::string& path) {
  std::error_code unused;
  if (std::filesystem::is_directory(path, unused)) refuse(path, "a directory", "a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) refuse(path, "no readable file of this name", "the path of a file");
  std::string text;
  text.resize(kMostBytes + 1);
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) refuse(path, "an error while reading", "a readable file");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kMostBytes) {
    refuse(path, fmt::format("more than {} bytes", kMostBytes), "a smaller file; is this the right one?");
  }
  return text;
}

Place place_of(const toml::source_region& region, const std::string& file_name) {
  if (region.path && region.path->starts_with("--set ")) return {*region.path, 0, 0};
  return {region.path ? *region.path : file_name, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

std::string found_text(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (const toml::array* array = node.as_array()) {
    if (array->is_array_of_tables()) return "a list of tables";
    return fmt::format("a list of {}", array->size());
  }
  if (const auto text = node.as_string()) return "the text \"" + shortened(text->get()) + '"';
  if (const auto number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto truth = node.as_boolean()) return truth->get() ? "true" : "false";
  return "a date or time";
}

}  // namespace coley
