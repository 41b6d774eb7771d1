// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an input file may hold, as data: tables of keys, each with type, unit, domain, default and meaning, bound to the
// object its values go to. One definition serves reading (table_reader.hpp), overrides, suggestions, the JSON Schema,
// the key tables of the documentation, and the canonical text that names an input by its hash (definition_text.hpp).
// The default of a key is what the bound object holds before reading; a default outside the domain means "absent".

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/protocol.hpp"

namespace coley {

struct Table;

/// Which values a key takes: bounds and unit of numbers (of each number of a list), or the words or shape of texts.
struct Domain {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool above_low = false;          ///< `low` itself is not allowed
  std::string unit;
  std::vector<std::string> words;  ///< the only texts allowed; empty is any
  std::string pattern;             ///< of an identifier: kName, kSlug or kSymbol
  bool filled = false;             ///< texts may not be empty

  Domain in(std::string its_unit) const;  ///< the same with a unit
  bool holds(double value) const;         ///< false for NaN and infinities
  bool holds(const std::string& text) const;
  std::string words_for() const;          ///< "at least 0, in days"; "one of renal, colorectal"; "" for any
};

inline constexpr const char* kName = "^[a-z][a-z0-9_]*$";    ///< of arms: usable as a column
inline constexpr const char* kSlug = "^[a-z0-9][a-z0-9_-]*$";  ///< of files and cut-offs
inline constexpr const char* kSymbol = "^[A-Za-z][A-Za-z0-9_]*$";  ///< of parameters

Domain any();
Domain filled();
Domain at_least(double low);
Domain above(double low);
Domain between(double low, double high);
Domain one_of(std::vector<std::string> words);
Domain identifier(const char* pattern);

/// An enumeration, written as a word.
struct Choice {
  std::function<void(std::size_t)> set;  ///< index into the domain's words
  std::function<std::size_t()> get;
};

/// `covariate = { group = share, ... }`, one covariate.
struct Shares {
  std::string* covariate;
  std::vector<GroupShare>* shares;
};

/// A table inside a table.
struct Subtable {
  std::function<Table()> open;  ///< binds it, creating it where it is optional
  std::function<bool()> present;
};

/// An array of tables.
struct List {
  std::string id;                            ///< key by which overrides may name an element, or ""
  std::function<Table()> add;                ///< appends an element and binds it, until the next is appended
  std::function<std::vector<Table>()> items;
};

using Target = std::variant<double*, std::optional<double>*, int*, long*, bool*, std::optional<bool>*, std::string*,
                            std::vector<std::string>*, std::vector<double>*, Interval*, std::vector<Interval>*, Choice,
                            Shares, Subtable, List>;

struct Key {
  std::string name;
  Target target;
  Domain domain;
  std::string meaning;     ///< one sentence without a full stop
  bool required = false;   ///< a required List holds at least one element
};

struct Table {
  std::string name;        ///< of the kind of table, e.g. drug
  std::string meaning;
  std::vector<Key> keys;

  const Key* find(const std::string& key) const;
  std::vector<std::string> names() const;
};

/// "number", "whole number", "list of texts", ...: the type as people read it.
std::string type_name(const Target& target);

/// The default as it would be written in the file; "" when there is none.
std::string default_text(const Key& key);

inline Key required(Key key) {
  key.required = true;
  return key;
}

/// A key for an enumeration; `words` are in the order of its values from 0.
template <class Enum>
Key choice(std::string name, Enum& value, std::vector<std::string> words, std::string meaning) {
  Choice target{[&value](std::size_t index) { value = static_cast<Enum>(index); },
                [&value] { return static_cast<std::size_t>(value); }};
  return {std::move(name), std::move(target), one_of(std::move(words)), std::move(meaning)};
}

/// A key for a table inside a table. `Table define(Part&)`, beside the definition, binds the part's own keys.
template <class Part>
Key table(std::string name, Part& part, std::string meaning) {
  Subtable target{[&part] { return define(part); }, [] { return true; }};
  return {std::move(name), std::move(target), {}, std::move(meaning)};
}

/// The same for a table that may be missing.
template <class Part>
Key table(std::string name, std::optional<Part>& part, std::string meaning) {
  Subtable target{[&part] { return define(part ? *part : part.emplace()); }, [&part] { return part.has_value(); }};
  return {std::move(name), std::move(target), {}, std::move(meaning)};
}

/// A key for an array of tables; `Table define(Element&)` binds one.
template <class Element>
Key list(std::string name, std::vector<Element>& elements, std::string id, std::string meaning) {
  List target{std::move(id), [&elements] { return define(elements.emplace_back()); },
              [&elements] {
                std::vector<Table> tables;
                for (Element& element : elements) tables.push_back(define(element));
                return tables;
              }};
  return {std::move(name), std::move(target), {}, std::move(meaning)};
}

}  // namespace coley
