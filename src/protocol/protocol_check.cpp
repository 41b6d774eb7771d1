// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocol_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/units.hpp"
#include "protocol/table_reader.hpp"
#include "protocol/vocabulary.hpp"

namespace coley {

namespace {

constexpr double kShareTolerance = 1e-6;  // shares are printed with a few digits

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

double days(double months) {
  return months * kDaysPerMonth;
}

class ProtocolCheck {
 public:
  ProtocolCheck(const Protocol& protocol, const KnownNames& known, FaultList& faults)
      : protocol_(protocol), known_(known), faults_(faults) {
    for (const Arm& arm : protocol.arms) arm_names_.push_back(arm.name);
    for (const Cutoff& cutoff : protocol.cutoffs) cutoff_names_.push_back(cutoff.name);
  }

  void run() {
    unique("arm", arm_names_);
    unique("cutoff", cutoff_names_);
    population();
    allocation();
    visits();
    each("arm", protocol_.arms, [this](const Arm& arm, const std::string& path) { this->arm(arm, path); });
    each("later", protocol_.later,
         [this](const LaterTreatment& later, const std::string& path) { this->later(later, path); });
    later_shares();
    each("cutoff", protocol_.cutoffs,
         [this](const Cutoff& cutoff, const std::string& path) { this->cutoff(cutoff, path); });
    each("analysis", protocol_.analyses,
         [this](const Analysis& analysis, const std::string& path) { this->analysis(analysis, path); });
    each("evidence", protocol_.evidence,
         [this](const EvidenceLink& link, const std::string& path) { evidence(link, path); });
  }

 private:
  /// Adds a fault unless the key, or one it depends on, has one already.
  void fault(const std::string& path, std::string found, std::string expected) {
    if (!faults_.has_below(path)) faults_.add(path, std::move(found), std::move(expected));
  }

  template <class Element, class Check>
  static void each(const std::string& path, const std::vector<Element>& elements, Check check) {
    for (std::size_t i = 0; i < elements.size(); ++i) check(elements[i], element(path, i));
  }

  /// Names that are missing, wrong or doubled are forgotten, all of them: what refers to them cannot be judged.
  void unique(const std::string& list, std::vector<std::string>& names) {
    std::set<std::string> seen;
    bool sound = true;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool first = seen.insert(names[i]).second;
      if (!first && !names[i].empty())
        fault(element(list, i) + ".name", names[i] + " a second time", "a name of its own");
      sound = sound && first && !names[i].empty();
    }
    if (!sound) names.clear();
  }

  /// `name`, if given, must be one of `names`, if they are known.
  void reference(const std::string& path, const std::string& what, const std::string& name,
                 const std::vector<std::string>& names) {
    if (name.empty() || names.empty() || contains(names, name)) return;
    fault(path, fmt::format("no {} named {}", what, name), suggestion(name, names));
  }

  void population() {
    const Population& p = protocol_.population;
    const Eligibility& e = p.eligibility;
    const std::string at = "population.";
    if (p.entry == Entry::adjuvant) {
      const auto metastatic_only = [&](const std::string& key, bool given) {
        if (given && !faults_.has("population.entry"))
          fault(at + key, "a value with adjuvant entry", "it only with entry = \"metastatic\"");
      };
      metastatic_only("synchronous_share", p.synchronous_share >= 0);
      metastatic_only("prior_nephrectomy_share", p.prior_nephrectomy_share >= 0);
      metastatic_only("found_at_mm", p.found_at_mm > 0);
      metastatic_only("prior", !p.prior.empty());
      metastatic_only("prior_until", p.prior_until != PriorUntil::progression);
      metastatic_only("eligibility.imdc", !e.imdc.empty());
      metastatic_only("eligibility.mskcc", !e.mskcc.empty());
      metastatic_only("eligibility.prior_nephrectomy", e.prior_nephrectomy.has_value());
      metastatic_only("eligibility.synchronous", e.synchronous.has_value());
      metastatic_only("eligibility.resectable_primary", e.resectable_primary.has_value());
      metastatic_only("eligibility.metastases_max", e.metastases_max > 0);
      metastatic_only("eligibility.measurable", e.measurable.has_value());
    }
    if (p.prior_until == PriorUntil::stop && p.prior.empty()) fault(at + "prior_until", "stop without prior", "the drugs that were stopped, as [[population.prior]]");
    each(at + "prior", p.prior, [this](const Dosing& drug, const std::string& path) { dosing(drug, path); });
    const std::vector<std::string> histologies = p.disease == "renal"
                                                     ? std::vector<std::string>{"clear_cell", "non_clear_cell"}
                                                     : std::vector<std::string>{"msi_h", "mss"};
    for (std::size_t i = 0; i < e.histology.size(); ++i) {
      if (!contains(histologies, e.histology[i]) && !faults_.has("population.disease")) {
        fault(element(at + "eligibility.histology", i), e.histology[i] + " in " + p.disease + " disease",
              suggestion(e.histology[i], histologies));
      }
    }
    mix();
  }

  void mix() {
    const Population& p = protocol_.population;
    if (p.mix_by.empty() || faults_.has_below("population.mix")) return;
    const std::string path = "population.mix." + p.mix_by;
    double sum = 0;
    for (const GroupShare& group : p.mix) sum += group.share;
    if (std::abs(sum - 1) > kShareTolerance)
      fault(path, fmt::format("shares that sum to {:.6g}", sum), "shares that sum to 1");
    const auto& e = p.eligibility;
    const auto& eligible = p.mix_by == "risk"        ? e.risk
                           : p.mix_by == "imdc"      ? e.imdc
                           : p.mix_by == "mskcc"     ? e.mskcc
                           : p.mix_by == "histology" ? e.histology
                                                     : std::vector<std::string>{};
    for (const GroupShare& group : p.mix) {
      if (group.share > 0 && !eligible.empty() && !contains(eligible, group.group)) {
        fault(path + "." + group.group, "a share of a group that is not eligible",
              "the group in population.eligibility." + p.mix_by + ", or no share");
      }
    }
  }

  void allocation() {
    long sum = 0;
    for (std::size_t i = 0; i < protocol_.arms.size(); ++i) {
      sum += protocol_.arms[i].weight;
      if (faults_.has(element("arm", i) + ".weight")) return;
    }
    const Randomisation& r = protocol_.randomisation;
    if (r.assignment == Assignment::randomised && sum > 0 && r.block_size % sum != 0) {
      fault("randomisation.block_size", fmt::format("{} with weights that sum to {}", r.block_size, sum),
            fmt::format("a multiple of {}", sum));
    }
    const Accrual& a = protocol_.accrual;
    if (a.ramp_months > a.months) {
      fault("accrual.ramp_months", fmt::format("{} of {} months", a.ramp_months, a.months),
            "a rise no longer than the accrual");
    }
  }

  void visits() {
    double start = 0;
    each("visits.scans", protocol_.visits.scans, [&](const ScanPeriod& period, const std::string& path) {
      if (faults_.has_below(path)) return;
      if (period.until_months <= start) {
        fault(path + ".until_months", fmt::format("{} after {}", period.until_months, start),
              "periods in order of time");
      } else if (days(period.until_months - start) < 7 * period.every_weeks) {
        fault(path + ".every_weeks",
              fmt::format("{} weeks in a period of {} months", period.every_weeks, period.until_months - start),
              "an interval with at least one scan in its period");
      }
      start = std::max(start, period.until_months);
    });
  }

  void arm(const Arm& arm, const std::string& path) {
    dosings(arm.drugs, path);
    operations(arm.operations, path, true);
  }

  void later(const LaterTreatment& later, const std::string& path) {
    dosings(later.drugs, path);
    operations(later.operations, path, false);
    if (later.drugs.empty() && later.operations.empty()) {
      fault(path, "neither drug nor operation", "at least one; patients without treatment are those beyond the shares");
    }
    for (std::size_t i = 0; i < later.arms.size(); ++i)
      reference(element(path + ".arms", i), "arm", later.arms[i], arm_names_);
  }

  void dosings(const std::vector<Dosing>& drugs, const std::string& path) {
    each(path + ".drug", drugs, [this](const Dosing& drug, const std::string& at) { dosing(drug, at); });
  }

  void dosing(const Dosing& d, const std::string& path) {
    reference(path + ".drug", "drug", d.drug, known_.drugs);
    if (d.doses == 0 && d.cycles == 0 && !d.stop.progression && d.stop.after_months < 0) {
      fault(path + ".doses", "no number of doses or cycles, and no rule that stops them",
            "doses, cycles, stop.after_months, or stop.progression = true");
    }
    if (d.cycle_days == 0) {
      if (!d.days_on.empty())
        fault(path + ".days_on", "days_on without cycle_days", "cycle_days, the period of the pattern");
      if (d.cycles > 0) fault(path + ".cycles", "cycles without cycle_days", "cycle_days, the length of a cycle");
    }
    if (d.max_doses_per_block > 0 && d.days_on.empty()) {
      fault(path + ".max_doses_per_block", "a limit without days_on", "days_on, the blocks that it limits");
    }
    double free_from = 0;
    for (std::size_t i = 0; i < d.days_on.size() && d.cycle_days > 0; ++i) {
      const Interval& on = d.days_on[i];
      if (on.low < free_from || on.high >= d.cycle_days) {
        fault(element(path + ".days_on", i), fmt::format("[{}, {}]", on.low, on.high),
              fmt::format("stretches in order, apart, within days 0 to {}", d.cycle_days - 1));
      }
      free_from = on.high + 1;
    }
    stop_rules(d.stop, path + ".stop");
  }

  void stop_rules(const StopRules& s, const std::string& path) {
    const bool elective = s.after_months >= 0 || s.after_complete_response_months >= 0 || s.after_response_months >= 0;
    if (s.retreat_at_progression && !elective) {
      fault(path + ".retreat_at_progression", "true without an elective stop", "one of the after_... rules, or false");
    }
    if (s.treat_beyond_progression && !s.progression) {
      fault(path + ".treat_beyond_progression", "true while progression does not stop the drug",
            "stop.progression = true, or false");
    }
  }

  void operations(const std::vector<Operation>& operations, const std::string& path, bool of_arm) {
    bool primary_removed = protocol_.population.entry == Entry::adjuvant;
    each(path + ".operation", operations, [&](const Operation& o, const std::string& at) {
      if (faults_.has_below(at) || faults_.has("population.entry")) return;
      if (o.kind != OperationKind::metastasectomy) {
        if (primary_removed)
          fault(at + ".kind", "a nephrectomy when the primary is out already",
                "metastasectomy, or entry = \"metastatic\" and one nephrectomy");
        primary_removed = true;
      } else if (of_arm && protocol_.population.entry == Entry::adjuvant) {
        fault(at + ".kind", "a metastasectomy in patients without detectable disease",
              "it in [[later]], or entry = \"metastatic\"");
      }
      const auto& scans = protocol_.visits.scans;
      if (of_arm && o.if_response && !scans.empty() && o.day < 7 * scans.front().every_weeks) {
        fault(at + ".day", fmt::format("day {}, before the first scan", o.day),
              fmt::format("day {} or later, since if_response needs a scan", 7 * scans.front().every_weeks));
      }
    });
    each(path + ".operation", operations, [&](const Operation& o, const std::string& at) {
      for (const Operation* earlier = operations.data(); earlier < &o; ++earlier) {
        if (earlier->day == o.day && earlier->kind == o.kind)
          fault(at + ".day", fmt::format("day {} a second time", o.day), "each operation once");
      }
    });
  }

  void later_shares() {
    if (faults_.has_below("later")) return;
    std::map<int, std::map<std::string, double>> sums;
    for (std::size_t i = 0; i < protocol_.later.size(); ++i) {
      const LaterTreatment& later = protocol_.later[i];
      for (const std::string& arm : later.arms.empty() ? arm_names_ : later.arms) {
        const double sum = sums[later.line][arm] += later.share;
        if (sum > 1 + kShareTolerance) {
          fault(element("later", i) + ".share",
                fmt::format("shares of line {} of arm {} that sum to {:.6g}", later.line, arm, sum), "at most 1");
        }
      }
    }
    for (std::size_t i = 0; i < protocol_.later.size(); ++i) {
      const int line = protocol_.later[i].line;
      if (line > 1 && !sums.contains(line - 1)) {
        fault(element("later", i) + ".line", fmt::format("line {} without a line {}", line, line - 1),
              "lines numbered from 1 without a gap");
      }
    }
  }

  void cutoff(const Cutoff& cutoff, const std::string& path) {
    if (faults_.has_below(path)) return;
    const int forms = cutoff.months_after_first_patient.has_value() + cutoff.median_follow_up_months.has_value();
    if (forms != 1) {
      fault(path, forms == 0 ? "no time" : "two times",
            "exactly one of months_after_first_patient and median_follow_up_months");
    }
  }

  void analysis(const Analysis& analysis, const std::string& path) {
    reference(path + ".experimental", "arm", analysis.experimental, arm_names_);
    reference(path + ".control", "arm", analysis.control, arm_names_);
    reference(path + ".cutoff", "cut-off", analysis.cutoff, cutoff_names_);
    if (!analysis.control.empty() && analysis.control == analysis.experimental) {
      fault(path + ".control", analysis.control + ", which is also the experimental arm", "another arm");
    }
    if (analysis.stratified && protocol_.randomisation.strata.empty()) {
      fault(path + ".stratified", "true without strata", "randomisation.strata, or false");
    }
  }

  void evidence(const EvidenceLink& link, const std::string& path) {
    reference(path + ".row", "row of evidence/published.csv", link.row, known_.evidence_rows);
    reference(path + ".arm", "arm", link.arm, arm_names_);
    reference(path + ".cutoff", "cut-off", link.cutoff, cutoff_names_);
    if (!link.value.empty() && link.arm.empty()) fault(path + ".value", link.value + " without an arm", "arm, whose value it is");
    const std::string wrong = link.quantity.empty() ? "" : quantity_fault(link.quantity);
    if (!wrong.empty()) fault(path + ".quantity", "the unknown quantity " + link.quantity, wrong);
    const bool of_curve = link.quantity == "survival" || link.quantity == "cumulative_incidence" || link.quantity == "median";
    const bool odds_ratio = link.quantity == "odds_ratio";
    const bool of_comparison = link.quantity == "hazard_ratio" || link.quantity == "median_gain";
    const bool of_time = of_curve || odds_ratio || of_comparison;
    if (of_time && link.endpoint.empty())
      fault(path + ".endpoint", "none for " + link.quantity, fmt::format("one of {}", fmt::join(endpoints(), ", ")));
    const bool treatment_free = link.quantity == "treatment_free_months" || link.quantity == "treatment_free";
    const bool response_of_some = link.quantity == "orr" && !link.subgroup.empty();
    if ((of_time || treatment_free || response_of_some) && link.cutoff.empty())
      fault(path + ".cutoff", "none for " + link.quantity, suggestion("", cutoff_names_));
    if ((treatment_free || odds_ratio || link.quantity == "survival" || link.quantity == "cumulative_incidence") && link.month < 0)
      fault(path + ".month", "none for " + link.quantity, "the month at which it is given");
    if (!link.subgroup.empty()) subgroup(link, path + ".subgroup");
    if (odds_ratio && levels_beside(link.subgroup) != 1)
      fault(path + ".subgroup", link.subgroup.empty() ? "none for odds_ratio" : link.subgroup, "one of the two levels of a covariate, as lung_metastases=yes");
    if (odds_ratio && link.arm.empty()) fault(path + ".arm", "none for odds_ratio", suggestion("", arm_names_));
    if (of_comparison) compared(link, path);
    const bool of_arm = !link.quantity.empty() && !of_comparison && !odds_ratio && !link.quantity.starts_with("share.") && link.quantity != "synchronous_at_diagnosis";
    if (of_arm && link.arm.empty() && protocol_.arms.size() == 1)
      fault(path + ".arm", fmt::format("none for {} in a trial of one arm", link.quantity), suggestion("", arm_names_));
  }

  static std::size_t levels_beside(const std::string& subgroup) {
    const Covariate* known = find_covariate(subgroup.substr(0, subgroup.find('=')));
    return known ? known->levels.size() - 1 : 0;
  }

  void subgroup(const EvidenceLink& link, const std::string& path) {
    const std::size_t equals = link.subgroup.find('=');
    const std::string covariate = link.subgroup.substr(0, equals);
    const std::string level = equals == std::string::npos ? "" : link.subgroup.substr(equals + 1);
    const Covariate* known = find_covariate(covariate);
    if (!known)
      return fault(path, "the unknown covariate " + covariate,
                   "covariate=level; " + suggestion(covariate, covariate_names()));
    if (!contains(known->levels, level))
      fault(path, "the unknown level " + level + " of " + covariate, suggestion(level, known->levels));
  }

  /// A comparison comes from an analysis; without one the row would have nothing beside it.
  void compared(const EvidenceLink& link, const std::string& path) {
    if (faults_.has_below("analysis") || faults_.has_below(path)) return;
    const std::string covariate = link.subgroup.substr(0, link.subgroup.find('='));
    for (const Analysis& analysis : protocol_.analyses) {
      if (analysis.endpoint == link.endpoint && analysis.cutoff == link.cutoff &&
          (covariate.empty() || contains(analysis.subgroups, covariate))) {
        return;
      }
    }
    fault(path,
          fmt::format("the {} of {} at {}{}", link.quantity == "hazard_ratio" ? "hazard ratio" : "gain in median", link.endpoint, link.cutoff,
                      covariate.empty() ? "" : " by " + covariate),
          "an [[analysis]] of this endpoint at this cut-off" +
              std::string(covariate.empty() ? "" : " with this subgroup"));
  }

  const Protocol& protocol_;
  const KnownNames& known_;
  FaultList& faults_;
  std::vector<std::string> arm_names_;
  std::vector<std::string> cutoff_names_;
};

}  // namespace

void check_protocol(const Protocol& protocol, const KnownNames& known, FaultList& faults) {
  ProtocolCheck(protocol, known, faults).run();
}

}  // namespace coley
