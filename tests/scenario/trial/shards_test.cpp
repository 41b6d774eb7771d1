// SPDX-License-Identifier: Apache-2.0
// The shards of a run, written, read and merged in any order, give the summary of the whole run bit for bit; what does not
// belong together, or is damaged, is refused by name.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <sstream>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "protocol/shipped.hpp"
#include "trial/merge.hpp"
#include "trial/summarise.hpp"
#include "trial/version.hpp"

namespace coley {
namespace {

const std::vector<std::string> kSmall = {"population.size=20"};

RunOptions small_run() {
  RunOptions options;
  options.patients = 65;  // three whole trials and a part of one
  options.seed = 7;
  options.twins = true;
  return options;
}

Partial run_shard(long long index, long long count) {
  RunOptions options = small_run();
  options.shard = {index, count};
  const NamedText protocol = trial_text("keynote-564");
  const Design design = read_design(protocol, kSmall);
  return {"", kVersion, protocol, kSmall, design.inputs.protocol_sha256, design.inputs.parameters_sha256, "coley run", options, run_trial(design, options)};
}

/// Three shards, simulated once.
const std::vector<Partial>& shards() {
  static const std::vector<Partial> all = [] {
    std::vector<Partial> result;
    for (long long i = 0; i < 3; ++i) {
      const Partial shard = run_shard(i, 3);
      result.push_back(read_partial(to_text(shard), partial_file_name(shard.options.shard)));
    }
    return result;
  }();
  return all;
}

std::string summary_text(const Design& design, const RunOptions& options, const TrialResult& result) {
  report::Summary summary = summarise(design, options, result, "coley run");
  summary.run = {};
  std::ostringstream text;
  report::write_summary_json(text, summary);
  return text.str();
}

std::string merged_text(std::vector<Partial> partials) {
  const MergedRun run = merge(std::move(partials));
  return summary_text(run.design, run.options, run.result);
}

std::string refusal(std::vector<Partial> partials) {
  try {
    merge(std::move(partials));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Shards, MergeToTheWholeRunInAnyOrder) {
  const Design design = read_design(trial_text("keynote-564"), kSmall);
  RunOptions options = small_run();
  options.threads = 2;
  const std::string whole = summary_text(design, options, run_trial(design, options));
  const auto& s = shards();
  EXPECT_EQ(merged_text({s[0], s[1], s[2]}), whole);
  EXPECT_EQ(merged_text({s[2], s[0], s[1]}), whole);
}

TEST(Shards, MoreShardsThanTrials) {
  const auto& s = shards();
  std::vector<Partial> six;
  for (long long i = 5; i >= 0; --i) six.push_back(run_shard(i, 6));
  EXPECT_EQ(merged_text(six), merged_text({s[0], s[1], s[2]}));
}

TEST(Shards, ResumedAfterEachTrialIsTheSameRun) {
  Partial run = run_shard(0, 3);
  const std::string at_once = to_text(run);
  const Design design = read_design(trial_text("keynote-564"), kSmall);
  const double wall_seconds = run.result.wall_seconds;
  run.result = empty_result(design, run.options);
  int checkpoints = 0;
  for (; !continue_run(design, run.options, 0, run.result); ++checkpoints) {
    const Partial checkpoint = read_partial(to_text(run), "c.checkpoint");
    EXPECT_NE(refusal({checkpoint, shards()[1], shards()[2]}).find("trials_done: found 1"), std::string::npos);
    run.result = resume(design, run, checkpoint);
  }
  EXPECT_EQ(checkpoints, 1);  // trials 0 and 3
  run.result.wall_seconds = wall_seconds;
  EXPECT_EQ(to_text(run), at_once);
}

TEST(Shards, CheckpointOfAnotherRunIsRefused) {
  const Design design = read_design(trial_text("keynote-564"), kSmall);
  Partial run = shards()[0];
  run.options.seed = 9;
  EXPECT_THROW(resume(design, run, shards()[0]), InputError);
  EXPECT_THROW(resume(design, shards()[1], shards()[0]), InputError);
}

TEST(Shards, PatientsOfShardsAddUp) {
  const Design design = read_design(trial_text("keynote-564"), kSmall);
  for (long long patients : {1, 19, 20, 21, 40, 65, 100}) {
    for (long long count : {1, 2, 3, 7}) {
      long long sum = 0;
      for (long long i = 0; i < count; ++i) {
        RunOptions options;
        options.patients = patients;
        options.shard = {i, count};
        sum += patients_of_shard(design, options);
      }
      EXPECT_EQ(sum, patients) << count << " shards";
    }
  }
}

TEST(Shards, DoublesKeepTheirBits) {
  Partial shard = shards()[0];
  const std::vector<std::uint64_t> bits = {0x7ff8000000000001, 0xfff8000000000000, 0x8000000000000000, 1, std::bit_cast<std::uint64_t>(0.1)};
  shard.result.by_trial.assign(1, {});
  for (std::uint64_t b : bits) shard.result.by_trial[0].push_back(std::bit_cast<double>(b));
  shard.options.tolerance.relative = 1.0 / 3;
  const Partial back = read_partial(to_text(shard), "x.coley");
  ASSERT_EQ(back.result.by_trial[0].size(), bits.size());
  for (std::size_t i = 0; i < bits.size(); ++i) EXPECT_EQ(std::bit_cast<std::uint64_t>(back.result.by_trial[0][i]), bits[i]);
  EXPECT_EQ(back.options.tolerance.relative, 1.0 / 3);
  EXPECT_EQ(to_text(back), to_text(shard));
}

struct Change {
  const char* key;
  void (*apply)(Partial&);
};

TEST(Shards, OtherRunsAreRefusedByName) {
  const Change changes[] = {{"version: found 0.0.9", [](Partial& p) { p.version = "0.0.9"; }},
                            {"protocol: found abc", [](Partial& p) { p.protocol_sha256 = "abc"; }},
                            {"parameters: found abc", [](Partial& p) { p.parameters_sha256 = "abc"; }},
                            {"seed: found 8", [](Partial& p) { p.options.seed = 8; }},
                            {"patients: found 66", [](Partial& p) { p.options.patients = 66; }},
                            {"twins: found no", [](Partial& p) { p.options.twins = false; }},
                            {"shards: found 4", [](Partial& p) { p.options.shard.count = 4; }},
                            {"tolerance: found", [](Partial& p) { p.options.tolerance.relative = 1e-4; }}};
  for (const Change& change : changes) {
    std::vector<Partial> partials = shards();
    change.apply(partials[1]);
    const std::string message = refusal(partials);
    EXPECT_NE(message.find(std::string("shard-2-of-3.coley: ") + change.key), std::string::npos) << change.key << "\n" << message;
  }
}

TEST(Shards, ParametersOfAnotherProgramAreRefused) {
  std::vector<Partial> partials = shards();
  for (Partial& partial : partials) partial.parameters_sha256 = "abc";
  EXPECT_NE(refusal(partials).find("parameters: found abc"), std::string::npos);
}

TEST(Shards, OverlapsAndGapsAreNamed) {
  const auto& s = shards();
  EXPECT_NE(refusal({s[0], s[1], s[2], s[1]}).find("shard-2-of-3.coley: shard: found shard 2 of 3 a second time"), std::string::npos);
  EXPECT_NE(refusal({s[1]}).find("no shard 1, 3 of 3"), std::string::npos);
  EXPECT_NE(refusal({s[0], s[0]}).find("no shard 2, 3 of 3"), std::string::npos);
  Partial one = s[0];
  one.options.shard = {29, 1'000'000};
  EXPECT_NE(refusal({one}).find("19, 20 and 999979 more of 1000000"), std::string::npos) << refusal({one});
}

RC_GTEST_PROP(Shards, DamageIsSeen, ()) {
  std::string text = to_text(shards()[1]);
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  if (*rc::gen::arbitrary<bool>()) {
    text.resize(at);
  } else {
    text[at] = static_cast<char>(text[at] ^ *rc::gen::inRange(1, 255));
  }
  RC_ASSERT_THROWS_AS(read_partial(text, "x.coley"), InputError);
}

/// As a hostile hand would: the checksum fits.
RC_GTEST_PROP(Shards, NonsenseIsRefusedOrHarmless, ()) {
  const std::string text = to_text(shards()[1]);
  const std::size_t head = text.find('\n') + 1, start = text.find('\n', head) + 1;
  std::string body = text.substr(start);
  const int changes = *rc::gen::inRange(1, 4);
  for (int i = 0; i < changes; ++i) {
    body[*rc::gen::inRange<std::size_t>(0, body.size() - 1)] = *rc::gen::elementOf(std::string("0123456789-,[]{}\"e.x"));
  }
  try {
    merge({shards()[0], read_partial(text.substr(0, head) + sha256(body) + "\n" + body, "x.coley"), shards()[2]});
  } catch (const InputError&) {
  }
}

}  // namespace
}  // namespace coley
