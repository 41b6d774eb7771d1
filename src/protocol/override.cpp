// SPDX-License-Identifier: Apache-2.0
#include "protocol/override.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "protocol/override_tree.hpp"
#include "protocol/table_reader.hpp"
#include "protocol/toml_text.hpp"

namespace coley {

namespace {

/// One part of a path: a key, and the position in brackets after it.
struct Segment {
  std::string name;
  std::optional<std::size_t> index;
};

std::optional<std::size_t> position(std::string_view digits) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

/// The parts of a path; empty when it is malformed.
std::vector<Segment> split(const std::string& path) {
  std::vector<Segment> segments;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('.', start), path.size());
    std::string part = path.substr(start, end - start);
    Segment segment;
    const std::size_t bracket = part.find('[');
    if (bracket != std::string::npos) {
      segment.index = part.back() == ']' ? position(std::string_view(part).substr(bracket + 1, part.size() - bracket - 2)) : std::nullopt;
      if (!segment.index) return {};
      part.resize(bracket);
    }
    if (part.empty()) return {};
    segment.name = std::move(part);
    segments.push_back(std::move(segment));
    start = end + 1;
  }
  return segments;
}

/// Walks the tree and its definition along one path and puts the value at its end.
class OverrideWalk {
 public:
  OverrideWalk(const Override& override, const std::string& prefix, FaultList& faults)
      : value_(override.value), path_(override.path), segments_(split(override.path)), faults_(faults) {
    place_.file = fmt::format("--set {}{}={}", prefix, override.path, override.value);
  }

  void run(toml::table& tree, const Table& definition) {
    if (segments_.empty()) return fault("a malformed path", "keys with dots between, as population.size or arm[0].weight");
    step(tree, definition, 0);
  }

 private:
  void fault(std::string found, std::string expected) {
    faults_.add_at(place_, path_, std::move(found), std::move(expected));
  }

  void step(toml::table& tree, const Table& definition, std::size_t at) {
    const Segment& segment = segments_[at];
    const Key* key = definition.find(segment.name);
    if (!key) return fault("an unknown key " + segment.name, suggestion(segment.name, definition.names()));
    const bool last = at + 1 == segments_.size();
    if (const auto* list = std::get_if<List>(&key->target)) return into_list(tree, *key, *list, at);
    if (segment.index) return fault(segment.name + " with a position", segment.name + ", which is no list of tables");
    if (const auto* part = std::get_if<Subtable>(&key->target); part && !last) {
      if (toml::table* inner = table_at(tree, key->name)) step(*inner, part->open(), at + 1);
      return;
    }
    if (std::holds_alternative<Shares>(key->target) && at + 3 == segments_.size()) {
      toml::table* by = table_at(tree, key->name);
      toml::table* shares = by ? table_at(*by, segments_[at + 1].name) : nullptr;
      if (shares) put(*shares, segments_[at + 2].name, false);
      return;
    }
    if (!last) return fault("keys below " + key->name, key->name + " alone, a " + type_name(key->target));
    put(tree, key->name, std::holds_alternative<std::string*>(key->target) || std::holds_alternative<Choice>(key->target));
  }

  void into_list(toml::table& tree, const Key& key, const List& list, std::size_t at) {
    const Segment& segment = segments_[at];
    const toml::array empty;
    toml::array* elements = tree[key.name].as_array();
    const std::size_t count = elements ? elements->size() : 0;
    std::optional<std::size_t> chosen = segment.index;
    std::size_t next = at + 1;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < count; ++i) {
      const toml::table* element = (*elements)[i].as_table();
      ids.push_back(element ? (*element)[list.id].value_or(std::string()) : std::string());
    }
    if (!chosen && next < segments_.size()) {
      const auto named = std::find(ids.begin(), ids.end(), segments_[next].name);
      if (named != ids.end()) chosen = static_cast<std::size_t>(named - ids.begin());
      else return fault("no " + key.name + " named " + segments_[next].name,
                        suggestion(segments_[next].name, ids) + (count ? fmt::format(", or {}[0] to {}[{}]", key.name, key.name, count - 1) : ""));
      ++next;
    }
    if (!chosen || next == segments_.size()) return fault("a list of tables", "a key of one of its tables, as in " + key.name + "[0].key=value");
    if (*chosen >= count) return fault(fmt::format("{}[{}]", key.name, *chosen), fmt::format("a position below {}, the number there are", count));
    if (toml::table* element = (*elements)[*chosen].as_table()) step(*element, list.add(), next);
  }

  /// The table of that key, made when it is missing; nullptr when something else stands there, which reading reports.
  static toml::table* table_at(toml::table& tree, const std::string& key) {
    if (!tree.contains(key)) tree.insert(key, toml::table{});
    return tree[key].as_table();
  }

  void put(toml::table& tree, const std::string& key, bool is_text) {
    toml::table parsed;
    try {
      parsed = toml::parse("value = " + value_, place_.file);
    } catch (const toml::parse_error&) {  // a text without quotes
    }
    toml::node* node = parsed.size() == 1 ? parsed.get("value") : nullptr;
    if (!node || (is_text && !node->is_string())) {
      parsed = toml::parse("value = ''", place_.file);
      node = parsed.get("value");
      *node->as_string() = value_;
    }
    tree.insert_or_assign(key, std::move(*node));
  }

  std::string value_;
  std::string path_;
  std::vector<Segment> segments_;
  FaultList& faults_;
  Place place_;
};

}  // namespace

std::vector<Override> read_overrides(const std::vector<std::string>& texts) {
  std::vector<Override> overrides;
  std::vector<Fault> faults;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos && equals > 0) {
      overrides.push_back({text.substr(0, equals), text.substr(equals + 1)});
      continue;
    }
    faults.push_back({.file = "--set " + text, .found = "no path and value", .expected = "--set path=value, as in --set population.size=500"});
  }
  if (!faults.empty()) throw InputError(std::move(faults));
  return overrides;
}

std::vector<Override> take_overrides(std::vector<Override>& overrides, const std::string& prefix) {
  std::vector<Override> taken;
  std::vector<Override> left;
  for (Override& override : overrides) {
    if (!override.path.starts_with(prefix)) {
      left.push_back(std::move(override));
      continue;
    }
    override.path.erase(0, prefix.size());
    taken.push_back(std::move(override));
  }
  overrides = std::move(left);
  return taken;
}

void apply_overrides(toml::table& tree, const Table& definition, const std::vector<Override>& overrides, FaultList& faults,
                     const std::string& prefix) {
  for (const Override& override : overrides) OverrideWalk(override, prefix, faults).run(tree, definition);
}

}  // namespace coley
