// SPDX-License-Identifier: Apache-2.0
#include "protocol/definition_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "protocol/table_reader.hpp"

namespace coley {

namespace {

using Json = nlohmann::ordered_json;

/// The table that a key holds, or nothing.
std::optional<Table> inner_table(const Key& key) {
  if (const auto* part = std::get_if<Subtable>(&key.target)) return part->open();
  if (const auto* elements = std::get_if<List>(&key.target)) return elements->add();
  return std::nullopt;
}

/// Whole bounds without a decimal point, as people write them.
Json bound(double value) {
  return value == std::floor(value) && std::abs(value) < 9e15 ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

Json bounds(Json schema, const Domain& domain) {
  if (std::isfinite(domain.low)) schema[domain.above_low ? "exclusiveMinimum" : "minimum"] = bound(domain.low);
  if (std::isfinite(domain.high)) schema["maximum"] = bound(domain.high);
  return schema;
}

Json text_schema(const Domain& domain) {
  Json schema = {{"type", "string"}};
  if (!domain.words.empty()) schema["enum"] = domain.words;
  if (!domain.pattern.empty()) schema["pattern"] = domain.pattern;
  if (domain.filled) schema["minLength"] = 1;
  return schema;
}

Json pair_schema(const Domain& domain) {
  return {{"type", "array"}, {"items", bounds({{"type", "number"}}, domain)}, {"minItems", 2}, {"maxItems", 2}};
}

struct ValueSchema {
  const Key& key;

  Json operator()(const double*) const { return bounds({{"type", "number"}}, key.domain); }
  Json operator()(const std::optional<double>*) const { return bounds({{"type", "number"}}, key.domain); }
  Json operator()(const int*) const { return bounds({{"type", "integer"}}, key.domain); }
  Json operator()(const long*) const { return bounds({{"type", "integer"}}, key.domain); }
  Json operator()(const bool*) const { return {{"type", "boolean"}}; }
  Json operator()(const std::optional<bool>*) const { return {{"type", "boolean"}}; }
  Json operator()(const std::string*) const { return text_schema(key.domain); }
  Json operator()(const Choice&) const { return text_schema(key.domain); }
  Json operator()(const std::vector<std::string>*) const {
    return {{"type", "array"}, {"items", text_schema(key.domain)}, {"uniqueItems", true}};
  }
  Json operator()(const std::vector<double>*) const {
    return {{"type", "array"}, {"items", bounds({{"type", "number"}}, key.domain)}};
  }
  Json operator()(const Interval*) const { return pair_schema(key.domain); }
  Json operator()(const std::vector<Interval>*) const { return {{"type", "array"}, {"items", pair_schema(key.domain)}}; }
  Json operator()(const Shares&) const {
    const Json groups = {{"type", "object"}, {"additionalProperties", bounds({{"type", "number"}}, key.domain)}};
    return {{"type", "object"}, {"minProperties", 1}, {"maxProperties", 1}, {"additionalProperties", groups}};
  }
  Json operator()(const Subtable& part) const { return {{"$ref", "#/$defs/" + part.open().name}}; }
  Json operator()(const List& elements) const {
    Json schema = {{"type", "array"}, {"items", {{"$ref", "#/$defs/" + elements.add().name}}}};
    if (key.required) schema["minItems"] = 1;
    return schema;
  }
};

std::string in_words(const Key& key) {
  return key.domain.unit.empty() ? key.meaning : key.meaning + " (" + key.domain.unit + ")";
}

Json table_schema(const Table& table) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Key& key : table.keys) {
    Json schema = std::visit(ValueSchema{key}, key.target);
    schema["description"] = in_words(key);
    const std::string standard = default_text(key);
    if (!standard.empty()) schema["default"] = Json::parse(standard);
    properties[key.name] = std::move(schema);
    if (key.required) required.push_back(key.name);
  }
  Json schema = {{"description", table.meaning}, {"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
  if (!required.empty()) schema["required"] = required;
  return schema;
}

/// Calls `visit` for each kind of table below `table`, outermost first, once for each name.
template <class Visit>
void each_kind(const Table& table, const std::string& path, std::set<std::string>& seen, Visit visit) {
  for (const Key& key : table.keys) {
    const auto inner = inner_table(key);
    if (!inner || !seen.insert(inner->name).second) continue;
    const bool is_list = std::holds_alternative<List>(key.target);
    visit(*inner, joined(path, key.name), is_list);
    each_kind(*inner, joined(path, key.name), seen, visit);
  }
}

std::string key_table(const Table& table) {
  std::string text = "| key | type | values | default | meaning |\n|---|---|---|---|---|\n";
  for (const Key& key : table.keys) {
    const std::string standard = default_text(key);
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", key.name, type_name(key.target), key.domain.words_for(),
                        key.required ? "**required**" : standard.empty() ? "" : "`" + standard + "`", key.meaning);
  }
  return text;
}

class Canonical {
 public:
  std::string text;

  void table(const Table& definition, const std::string& path) {
    for (const Key& key : definition.keys) {
      path_ = joined(path, key.name);
      words_ = &key.domain.words;
      std::visit(*this, key.target);
    }
  }

  void operator()(const double* value) { line(fmt::format("{}", *value)); }
  void operator()(const std::optional<double>* value) { if (*value) line(fmt::format("{}", **value)); }
  void operator()(const int* value) { line(fmt::format("{}", *value)); }
  void operator()(const long* value) { line(fmt::format("{}", *value)); }
  void operator()(const bool* value) { line(*value ? "true" : "false"); }
  void operator()(const std::optional<bool>* value) { if (*value) line(**value ? "true" : "false"); }
  void operator()(const std::string* value) { line(Json(*value).dump()); }
  void operator()(const std::vector<std::string>* values) { line(Json(*values).dump()); }
  void operator()(const std::vector<double>* values) { line(fmt::format("[{}]", fmt::join(*values, ", "))); }
  void operator()(const Interval* value) { line(fmt::format("[{}, {}]", value->low, value->high)); }
  void operator()(const std::vector<Interval>* values) {
    std::string list;
    for (const Interval& value : *values) list += fmt::format("{}[{}, {}]", list.empty() ? "" : ", ", value.low, value.high);
    line("[" + list + "]");
  }
  void operator()(const Choice& choice) { line(words_->at(choice.get())); }
  void operator()(const Shares& target) {
    const std::string path = path_;
    for (const GroupShare& share : *target.shares) {
      path_ = joined(joined(path, *target.covariate), share.group);
      line(fmt::format("{}", share.share));
    }
  }
  void operator()(const Subtable& part) {
    if (part.present()) table(part.open(), std::string(path_));
  }
  void operator()(const List& list) {
    const std::string path = path_;
    const std::vector<Table> elements = list.items();
    for (std::size_t i = 0; i < elements.size(); ++i) table(elements[i], element(path, i));
  }

 private:
  void line(const std::string& value) { text += path_ + " = " + value + "\n"; }

  std::string path_;
  const std::vector<std::string>* words_ = nullptr;
};

}  // namespace

std::string json_schema(const Table& definition, const std::string& title) {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
  schema.update(table_schema(definition));
  Json kinds = Json::object();
  std::set<std::string> seen;
  each_kind(definition, "", seen, [&](const Table& kind, const std::string&, bool) { kinds[kind.name] = table_schema(kind); });
  schema["$defs"] = kinds;
  return schema.dump(2) + "\n";
}

std::string key_tables(const Table& definition) {
  std::string text = "### Top of the file\n\n" + key_table(definition);
  std::set<std::string> seen;
  each_kind(definition, "", seen, [&](const Table& kind, const std::string& path, bool is_list) {
    text += fmt::format("\n### `{}{}{}`\n\n{}.\n\n{}", is_list ? "[[" : "[", path, is_list ? "]]" : "]", kind.meaning, key_table(kind));
  });
  return text;
}

std::string canonical_text(const Table& definition) {
  Canonical canonical;
  canonical.table(definition, "");
  return canonical.text;
}

}  // namespace coley
