// SPDX-License-Identifier: Apache-2.0
// Whatever is done to a protocol file or to an override, reading it gives a protocol or InputError with places.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "core/error.hpp"
#include "protocol/protocol_file.hpp"
#include "protocol/shipped.hpp"

namespace coley {
namespace {

const std::string& shipped() {
  static const std::string text(*shipped_text("trials/keynote-564.toml"));
  return text;
}

/// Reads and returns whether the file was sound; any other exception fails the property.
bool reads(const std::string& text, const std::vector<Override>& overrides = {}) {
  try {
    const Protocol p = read_protocol(text, "t.toml", overrides, shipped_names());
    RC_ASSERT(p.population.size >= 1 && p.population.size <= 10'000'000'000);
    RC_ASSERT(!p.arms.empty() && !p.visits.scans.empty());
    for (const Arm& arm : p.arms) {
      RC_ASSERT(arm.weight >= 1);
      for (const Dosing& dosing : arm.drugs) RC_ASSERT(std::isfinite(dosing.dose) && dosing.dose >= 0 && dosing.every_days > 0);
    }
    return true;
  } catch (const InputError& error) {
    RC_ASSERT(!error.faults().empty());
    for (const Fault& fault : error.faults()) {
      RC_ASSERT(!fault.file.empty() && !fault.found.empty() && !fault.expected.empty());
    }
    return false;
  }
}

RC_GTEST_PROP(ProtocolMutation, BytesChangedInsertedAndRemoved, ()) {
  std::string text = shipped();
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
    const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(text.size())));
    switch (*rc::gen::inRange(0, 3)) {
      case 0: text[at] = *rc::gen::arbitrary<char>(); break;
      case 1: text.insert(at, 1, *rc::gen::element('"', '[', ']', '.', '=', '\n', '-', '9', '{', '}', ',', '#')); break;
      default: text.erase(at, static_cast<std::size_t>(*rc::gen::inRange(1, 40)));
    }
  }
  RC_CLASSIFY(reads(text));
}

RC_GTEST_PROP(ProtocolMutation, LinesRemovedDoubledAndSwapped, ()) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  while (start < shipped().size()) {
    const std::size_t end = shipped().find('\n', start);
    lines.push_back(shipped().substr(start, end - start));
    start = end + 1;
  }
  for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
    const auto a = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(lines.size())));
    const auto b = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(lines.size())));
    switch (*rc::gen::inRange(0, 3)) {
      case 0: lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(a)); break;
      case 1: lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(a), std::string(lines[b])); break;
      default: std::swap(lines[a], lines[b]);
    }
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  RC_CLASSIFY(reads(text));
}

RC_GTEST_PROP(ProtocolMutation, ValuesReplacedByOthers, ()) {
  std::string text = shipped();
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    std::vector<std::size_t> values;
    for (std::size_t at = text.find(" = "); at != std::string::npos; at = text.find(" = ", at + 1)) values.push_back(at + 3);
    const std::size_t at = *rc::gen::elementOf(values);
    const std::size_t end = std::min(text.find_first_of(",}\n", at), text.size());
    text.replace(at, end - at, *rc::gen::elementOf(std::vector<std::string>{
        "-1", "0", "1e308", "-1e308", "nan", "inf", "-inf", "1e-320", "9223372036854775807", "true", "\"\"", "\"risk\"", "[]",
        "{}", "[[1, 2]]", "[[]]", "[{}]", "2020-01-01", "[1, \"a\"]", "'''x'''", "0x10", "1_000", "{ a = { b = [1] } }"}));
  }
  RC_CLASSIFY(reads(text));
}

RC_GTEST_PROP(ProtocolMutation, AnyOverride, (const std::string& value)) {
  const std::string path = *rc::gen::oneOf(
      rc::gen::element<std::string>("population.size", "arm[0].drug[0].doses", "arm.placebo.weight", "later[1].drug", "title",
                                    "population.mix.risk.high", "population.mix", "visits.scans[1]", "visits", "cutoff"),
      rc::gen::container<std::string>(rc::gen::element('a', 'r', 'm', '.', '[', ']', '0', '1', '-', ' ')),
      rc::gen::arbitrary<std::string>());
  RC_CLASSIFY(reads(shipped(), {{path, value}}));
}

RC_GTEST_PROP(ProtocolMutation, AnyBytesAtAll, (const std::string& text)) { reads(text); }

RC_GTEST_PROP(ProtocolMutation, HashFollowsTheValue, ()) {
  const auto read = [](int size) { return read_protocol(shipped(), "t", {{"population.size", std::to_string(size)}}); };
  const int a = *rc::gen::inRange(1, 1000), b = *rc::gen::inRange(1, 1000);
  RC_ASSERT((sha256_of(read(a)) == sha256_of(read(b))) == (a == b));
}

}  // namespace
}  // namespace coley
