// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "credibility/effects.hpp"

namespace coley::credibility {

namespace {

const char* words(Finding finding) {
  switch (finding) {
    case Finding::gone: return "gone without it";
    case Finding::smaller: return "smaller without it";
    case Finding::larger: return "larger without it";
    case Finding::reversed: return "reversed without it";
    case Finding::falls: return "falls without it";
    case Finding::rises: return "rises without it";
    case Finding::no_difference: return "no difference beyond chance";
    case Finding::no_effect: return "no effect beyond chance";
    case Finding::not_estimable: return "not estimable";
    case Finding::one_run: return "-";
  }
  return "";
}

std::string number(report::Number value, const EffectResult& result) {
  if (!value) return "NR";
  if (result.days) return fmt::format("{:.0f}", *value);
  if (result.scale == report::Scale::probability) return fmt::format("{:.1f}", 100 * *value);
  return fmt::format("{:.{}f}", *value, result.scale == report::Scale::ratio ? 2 : 1);
}

std::string cell(const report::Estimate& e, const EffectResult& result) {
  const char* unit = result.days ? " days" : result.scale == report::Scale::probability ? " %" : result.scale == report::Scale::months ? " months" : "";
  if (!e.estimate) return result.scale == report::Scale::months && !result.days ? "not reached" : "not estimable";
  return fmt::format("{}{} ({} to {})", number(e.estimate, result), unit, number(e.low, result), number(e.high, result));
}

std::string figure_words(const Effect& e) {
  std::string text = e.figure;
  if (e.figure == "gain") text = "gain in " + (e.endpoint.empty() ? std::string("the first endpoint") : e.endpoint);
  if (e.figure == "hazard_ratio") text = "hazard ratio of " + e.endpoint;
  if (e.figure == "survival" || e.figure == "median") text = e.figure + " of " + e.endpoint;
  if (e.month >= 0) text += fmt::format(" at {:g} months", e.month);
  if (!e.arm.empty()) text += ", " + e.arm;
  if (!e.against.empty()) text += " v " + e.against;
  if (!e.subgroup.empty()) text += ", " + e.subgroup;
  return text;
}

std::string code_list(const std::vector<std::string>& sets) {
  std::string text;
  for (const std::string& set : sets) text += fmt::format("{}`{}`", text.empty() ? "" : " ", set);
  return text.empty() ? "-" : text;
}

}  // namespace

std::string effects_page(const std::vector<EffectResult>& results, const std::string& provenance) {
  std::string text =
      "# Effects, their mechanisms, and what is left without them\n\n"
      "Written by `coley effects` from evidence/effects.toml; not to be edited by hand. " + provenance + "\n\n"
      "Five documents define the project: (000) immunotherapy after surgery, (001) nephrectomy before high-dose interleukin-2, (002) cytokines and "
      "metastasectomy, (003) stopping immunotherapy in colorectal cancer, (004) options in metastatic kidney cancer. Each row is an effect that one of them "
      "claims, what makes it in the model, the `--set` that switches the mechanism off, and one figure of the same patients with the mechanism and without "
      "it. Intervals are 95 % Monte-Carlo intervals; that of a difference is narrower than they suggest, since both runs have the same draws. *Gain* is the "
      "mean of one patient's days on two arms within five years (twins). Nothing is tuned to this table, and whether a size agrees with what was published "
      "is scored in [credibility.md](credibility.md). `tests/scenario/trial/ablation_test.cpp` keeps some of the rows.\n\n"
      "| document | effect claimed | mechanism | switched off by | trial, patients | figure | with | without | the effect is | published | note |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const EffectResult& r : results) {
    const Effect& e = r.effect;
    text += fmt::format("| {} | {} | {} | {} | `{}`, {} | {} | {} | {} | {} | {} | {} |\n", e.document, e.claim, e.mechanism, code_list(e.off), e.trial, e.patients,
                        figure_words(e), cell(r.with, r), e.off.empty() ? "-" : cell(r.without, r), words(r.finding), e.published.empty() ? "-" : e.published, e.note.empty() ? "-" : e.note);
  }
  return text;
}

}  // namespace coley::credibility
