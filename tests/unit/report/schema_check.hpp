// SPDX-License-Identifier: Apache-2.0
#pragma once
// Holds a value to the part of JSON Schema that docs/summary.schema.json uses: type, enum, properties, required,
// additionalProperties, items, minimum, maximum, $ref into $defs.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace coley::report {

class SchemaCheck {
 public:
  explicit SchemaCheck(nlohmann::json schema) : root_(std::move(schema)) {}

  /// What is wrong, one line a fault with its place.
  std::vector<std::string> faults(const nlohmann::json& value) const {
    std::vector<std::string> found;
    check(value, root_, "", found);
    return found;
  }

 private:
  using Json = nlohmann::json;

  static bool has_type(const Json& value, const std::string& type) {
    if (type == "number") return value.is_number();
    if (type == "integer") return value.is_number_integer();
    return value.type_name() == type;
  }

  void check(const Json& value, const Json& schema, const std::string& at, std::vector<std::string>& found) const {
    if (schema.contains("$ref")) {
      return check(value, root_.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))), at, found);
    }
    if (schema.contains("type")) {
      const Json types = schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]});
      bool fits = false;
      for (const Json& type : types) fits = fits || has_type(value, type.get<std::string>());
      if (!fits) found.push_back(at + ": " + value.type_name() + " is not " + types.dump());
    }
    if (schema.contains("enum")) {
      bool fits = false;
      for (const Json& one : schema["enum"]) fits = fits || one == value;
      if (!fits) found.push_back(at + ": " + value.dump() + " is not in " + schema["enum"].dump());
    }
    if (value.is_number() && schema.contains("minimum") && value < schema["minimum"])
      found.push_back(at + ": too small");
    if (value.is_number() && schema.contains("maximum") && value > schema["maximum"])
      found.push_back(at + ": too large");
    if (value.is_array() && schema.contains("items")) {
      for (std::size_t i = 0; i < value.size(); ++i)
        check(value[i], schema["items"], at + "/" + std::to_string(i), found);
    }
    if (value.is_object()) check_object(value, schema, at, found);
  }

  void check_object(const Json& value, const Json& schema, const std::string& at,
                    std::vector<std::string>& found) const {
    for (const Json& key : schema.value("required", Json::array())) {
      if (!value.contains(key)) found.push_back(at + ": " + key.dump() + " is missing");
    }
    const Json properties = schema.value("properties", Json::object());
    for (const auto& [key, entry] : value.items()) {
      if (properties.contains(key)) {
        check(entry, properties[key], at + "/" + key, found);
      } else if (const auto extra = schema.find("additionalProperties"); extra != schema.end()) {
        if (extra->is_object()) check(entry, *extra, at + "/" + key, found);
        if (*extra == false) found.push_back(at + ": " + key + " is unknown");
      }
    }
  }

  Json root_;
};

}  // namespace coley::report
