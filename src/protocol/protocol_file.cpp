// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocol_file.hpp"

#include <fmt/format.h>

#include "core/sha256.hpp"
#include "protocol/definition_text.hpp"
#include "protocol/override_tree.hpp"
#include "protocol/protocol_check.hpp"
#include "protocol/protocol_definition.hpp"
#include "protocol/table_reader.hpp"
#include "protocol/toml_text.hpp"

namespace coley {

namespace {

/// Under another schema the other faults would mean nothing, so this one is reported alone.
void refuse_other_schema(const toml::table& tree, FaultList& faults) {
  const toml::node* version = tree.get("schema_version");
  const std::string expected = fmt::format("schema_version = {}, the version this Coley reads", kProtocolSchema);
  if (!version) {
    faults.add("schema_version", "no such key", expected);
  } else if (version->value<std::int64_t>() != kProtocolSchema) {
    faults.add_at(place_of(version->source(), faults.file()), "schema_version", found_text(*version), expected);
  }
  faults.throw_if_any();
}

}  // namespace

Protocol read_protocol(std::string_view text, const std::string& file_name, const std::vector<Override>& overrides,
                       const KnownNames& known) {
  toml::table tree = parse_toml(text, file_name);
  FaultList faults(file_name);
  Protocol scratch;
  apply_overrides(tree, define_protocol(scratch), overrides, faults);
  refuse_other_schema(tree, faults);
  Protocol protocol;
  read_table(tree, define_protocol(protocol), "", faults);
  check_protocol(protocol, known, faults);
  faults.throw_if_any();
  for (Arm& arm : protocol.arms) {
    if (arm.label.empty()) arm.label = arm.name;
  }
  return protocol;
}

std::string sha256_of(const Protocol& protocol) {
  Protocol copy = protocol;
  return sha256(canonical_text(define_protocol(copy)));
}

std::string protocol_schema() {
  Protocol scratch;
  return json_schema(define_protocol(scratch), "Coley trial protocol");
}

std::string protocol_keys() {
  Protocol scratch;
  return key_tables(define_protocol(scratch));
}

}  // namespace coley
