// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocol_file.hpp"

#include "core/sha256.hpp"
#include "protocol/definition_text.hpp"
#include "protocol/override_tree.hpp"
#include "protocol/protocol_check.hpp"
#include "protocol/protocol_definition.hpp"
#include "protocol/table_reader.hpp"
#include "protocol/toml_text.hpp"

namespace coley {

Protocol read_protocol(std::string_view text, const std::string& file_name, const std::vector<Override>& overrides,
                       const KnownNames& known) {
  toml::table tree = parse_toml(text, file_name);
  FaultList faults(file_name);
  Protocol scratch;
  apply_overrides(tree, define_protocol(scratch), overrides, faults);
  require_schema(tree, kProtocolSchema, faults);
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
