// SPDX-License-Identifier: Apache-2.0
#include "protocol/table_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "protocol/toml_text.hpp"
#include "protocol/vocabulary.hpp"

namespace coley {

namespace {

constexpr std::size_t kMostElements = 1000;

/// A number as TOML writes it; whole numbers are numbers too.
std::optional<double> number_of(const toml::node& node) {
  if (const auto whole = node.as_integer()) return static_cast<double>(whole->get());
  if (const auto number = node.as_floating_point()) return number->get();
  return std::nullopt;
}

std::string expected_text(const Target& target, const Domain& domain) {
  const std::string type = type_name(target);
  const std::string words = domain.words_for();
  const std::string a = type.starts_with("true") || type.starts_with("[") ? "" : "a ";
  return words.empty() ? a + type : a + type + ", " + words;
}

/// Reads one value; one call operator for each kind of target.
class ValueReader {
 public:
  ValueReader(const toml::node& node, const Key& key, std::string path, FaultList& faults)
      : node_(node), key_(key), path_(std::move(path)), faults_(faults) {}

  void operator()(double* value) const {
    if (const auto read = number(node_, path_)) *value = *read;
  }
  void operator()(std::optional<double>* value) const {
    if (const auto read = number(node_, path_)) *value = *read;
  }
  void operator()(int* value) const { whole(value); }
  void operator()(long* value) const { whole(value); }
  void operator()(bool* value) const {
    if (const auto truth = node_.as_boolean())
      *value = truth->get();
    else
      wrong(node_, path_);
  }
  void operator()(std::optional<bool>* value) const {
    bool truth = false;
    if (node_.is_boolean())
      *value = truth = node_.as_boolean()->get();
    else
      wrong(node_, path_);
  }
  void operator()(std::string* value) const {
    if (const auto read = text(node_, path_)) *value = *read;
  }
  void operator()(const Choice& choice) const {
    const auto read = text(node_, path_);
    if (!read) return;
    const auto& words = key_.domain.words;
    choice.set(static_cast<std::size_t>(std::find(words.begin(), words.end(), *read) - words.begin()));
  }
  void operator()(std::vector<std::string>* values) const {
    std::set<std::string> seen;
    each([&](const toml::node& item, const std::string& path) {
      const auto read = text(item, path);
      if (!read) return;
      if (!seen.insert(*read).second) faults_.add(path, "\"" + *read + "\" a second time", "each only once");
      values->push_back(*read);
    });
  }
  void operator()(std::vector<double>* values) const {
    each([&](const toml::node& item, const std::string& path) {
      if (const auto read = number(item, path)) values->push_back(*read);
    });
  }
  void operator()(Interval* value) const {
    if (const auto read = interval(node_, path_)) *value = *read;
  }
  void operator()(std::vector<Interval>* values) const {
    each([&](const toml::node& item, const std::string& path) {
      if (const auto read = interval(item, path)) values->push_back(*read);
    });
  }
  void operator()(const Shares& target) const;
  void operator()(const Subtable& target) const {
    if (const auto tree = node_.as_table())
      read_table(*tree, target.open(), path_, faults_);
    else
      wrong(node_, path_);
  }
  void operator()(const List& target) const;

 private:
  void wrong(const toml::node& node, const std::string& path) const {
    faults_.add_at(place_of(node.source(), faults_.file()), path, found_text(node),
                   expected_text(key_.target, key_.domain));
  }

  std::optional<double> number(const toml::node& node, const std::string& path) const {
    const auto value = number_of(node);
    if (value && key_.domain.holds(*value)) return value;
    wrong(node, path);
    return std::nullopt;
  }

  template <class Whole>
  void whole(Whole* value) const {
    const auto read = number_of(node_);
    // Beyond 2^53 a TOML float is no longer exact, and far beyond every domain.
    const bool fits = read && std::abs(*read) <= 9e15 && std::floor(*read) == *read &&
                      *read <= static_cast<double>(std::numeric_limits<Whole>::max());
    if (fits && key_.domain.holds(*read))
      *value = static_cast<Whole>(*read);
    else
      wrong(node_, path_);
  }

  std::optional<std::string> text(const toml::node& node, const std::string& path) const {
    const auto value = node.as_string();
    if (value && key_.domain.holds(value->get())) return value->get();
    if (value && !key_.domain.words.empty()) {
      faults_.add_at(place_of(node.source(), faults_.file()), path, found_text(node),
                     suggestion(value->get(), key_.domain.words));
    } else {
      wrong(node, path);
    }
    return std::nullopt;
  }

  std::optional<Interval> interval(const toml::node& node, const std::string& path) const {
    const toml::array* pair = node.as_array();
    if (!pair || pair->size() != 2) {
      wrong(node, path);
      return std::nullopt;
    }
    const auto low = number(*pair->get(0), path);
    const auto high = low ? number(*pair->get(1), path) : std::nullopt;
    if (!high) return std::nullopt;
    if (*low > *high) {
      faults_.add(path, fmt::format("[{}, {}]", *low, *high), "[low, high] with low not above high");
      return std::nullopt;
    }
    return Interval{*low, *high};
  }

  template <class Read>
  void each(Read read) const {
    const toml::array* items = node_.as_array();
    if (!items) return wrong(node_, path_);
    if (items->size() > kMostElements) return too_many(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
      const std::string path = element(path_, i);
      faults_.set_place(path, place_of((*items)[i].source(), faults_.file()));
      read((*items)[i], path);
    }
  }

  void too_many(std::size_t count) const {
    faults_.add(path_, fmt::format("a list of {}", count), fmt::format("at most {}", kMostElements));
  }

  const toml::node& node_;
  const Key& key_;
  std::string path_;
  FaultList& faults_;
};

void ValueReader::operator()(const Shares& target) const {
  const toml::table* tree = node_.as_table();
  if (!tree || tree->size() != 1 || !tree->begin()->second.is_table()) {
    faults_.add(path_, found_text(node_), "one covariate with its shares, as in risk = { high = 0.1, low = 0.9 }");
    return;
  }
  const std::string covariate(tree->begin()->first.str());
  const std::string path = joined(path_, covariate);
  faults_.set_place(path, place_of(tree->begin()->second.source(), faults_.file()));
  const Covariate* known = find_covariate(covariate);
  if (!known) return faults_.add(path, "an unknown covariate", suggestion(covariate, covariate_names()));
  *target.covariate = covariate;
  for (auto&& [key, node] : *tree->begin()->second.as_table()) {
    const std::string group(key.str());
    const std::string group_path = joined(path, group);
    faults_.set_place(group_path, place_of(node.source(), faults_.file()));
    if (std::find(known->levels.begin(), known->levels.end(), group) == known->levels.end()) {
      faults_.add(group_path, "an unknown group", suggestion(group, known->levels));
    } else if (const auto share = number(node, group_path)) {
      target.shares->push_back({group, *share});
    }
  }
}

void ValueReader::operator()(const List& target) const {
  const toml::array* items = node_.as_array();
  if (!items || !std::all_of(items->begin(), items->end(), [](const toml::node& item) { return item.is_table(); })) {
    return wrong(node_, path_);
  }
  if (items->size() > kMostElements) return too_many(items->size());
  if (items->empty() && key_.required) return faults_.add(path_, "none", "at least one: " + key_.meaning);
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string path = element(path_, i);
    faults_.set_place(path, place_of((*items)[i].source(), faults_.file()));
    read_table(*(*items)[i].as_table(), target.add(), path, faults_);
  }
}

}  // namespace

void require_schema(const toml::table& tree, int version, FaultList& faults) {
  const toml::node* found = tree.get("schema_version");
  const std::string expected = fmt::format("schema_version = {}, the version this Coley reads", version);
  if (!found) {
    faults.add("schema_version", "no such key", expected);
  } else if (found->value<std::int64_t>() != version) {
    faults.add_at(place_of(found->source(), faults.file()), "schema_version", found_text(*found), expected);
  }
  faults.throw_if_any();
}

std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  const std::string all = fmt::format("{}{}", known.size() > 1 ? "one of " : "", fmt::join(known, ", "));
  return near.empty() ? all : fmt::format("{} (did you mean {}?)", all, near);
}

void check_known(const std::string& path, const std::string& word, const std::vector<std::string>& known, const std::string& what, FaultList& faults) {
  if (std::find(known.begin(), known.end(), word) == known.end()) faults.add(path, word, what + "; " + suggestion(word, known));
}

FaultList read_file(std::string_view text, const std::string& file_name, int schema, const Table& definition) {
  const toml::table tree = parse_toml(text, file_name);
  FaultList faults(file_name);
  require_schema(tree, schema, faults);
  read_table(tree, definition, "", faults);
  return faults;
}

void read_table(const toml::table& tree, const Table& definition, const std::string& path, FaultList& faults) {
  std::set<std::string> explained;  // missing keys for which an unknown key is a misspelling
  for (auto&& [toml_key, node] : tree) {
    const std::string name(toml_key.str());
    const std::string key_path = joined(path, name);
    const Place key_place = place_of(toml_key.source(), faults.file());
    const Key* key = definition.find(name);
    if (!key) {
      explained.insert(nearest(name, definition.names()));
      faults.add_at(key_place, key_path, "an unknown key", suggestion(name, definition.names()));
      continue;
    }
    if (node.source().begin) faults.set_place(key_path, place_of(node.source(), faults.file()));
    std::visit(ValueReader(node, *key, key_path, faults), key->target);
  }
  for (const Key& key : definition.keys) {
    if (key.required && !tree.contains(key.name) && !explained.contains(key.name)) {
      faults.add(joined(path, key.name), "no such key", expected_text(key.target, key.domain) + ": " + key.meaning);
    }
  }
}

}  // namespace coley
