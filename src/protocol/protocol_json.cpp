// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocol_json.hpp"

#include "protocol/toml_text.hpp"

namespace coley {

namespace {

using Json = nlohmann::ordered_json;

Json value_of(const toml::node& node) {
  if (const toml::table* table = node.as_table()) {
    Json object = Json::object();
    for (const auto& [key, value] : *table) object[std::string(key.str())] = value_of(value);
    return object;
  }
  if (const toml::array* array = node.as_array()) {
    Json list = Json::array();
    for (const toml::node& value : *array) list.push_back(value_of(value));
    return list;
  }
  if (const auto text = node.as_string()) return text->get();
  if (const auto number = node.as_integer()) return number->get();
  if (const auto number = node.as_floating_point()) return number->get();
  if (const auto truth = node.as_boolean()) return truth->get();
  return nullptr;  // a date or time: no key takes one
}

}  // namespace

Json protocol_json(std::string_view text, const std::string& file_name) { return value_of(parse_toml(text, file_name)); }

Json faults_json(const std::vector<Fault>& faults) {
  const auto place = [](int number) { return number > 0 ? Json(number) : Json(); };
  Json list = Json::array();
  for (const Fault& fault : faults) {
    list.push_back({{"file", fault.file}, {"line", place(fault.line)}, {"column", place(fault.column)}, {"key", fault.key}, {"found", fault.found}, {"expected", fault.expected}});
  }
  return list;
}

}  // namespace coley
