// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/units.hpp"
#include "patient_report.hpp"
#include "population/covariates.hpp"
#include "population/prognosis.hpp"

namespace coley {

namespace {

std::string months(double days) { return fmt::format("{:.1f}", days / kDaysPerMonth); }

std::string spaced(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string lesions_text(const Lesions& lesions) {
  std::string text;
  for (const LesionState& lesion : lesions) {
    if (lesion.diameter_mm <= 0) continue;
    text += fmt::format("{}{} {:.{}f}{}", text.empty() ? "" : ", ", spaced(to_string(lesion.organ)), lesion.diameter_mm,
                        lesion.diameter_mm < 1 ? 2 : lesion.diameter_mm < 10 ? 1 : 0, lesion.known ? "" : "*");
  }
  return text.empty() ? "none" : text;
}

/// What is known at randomisation in metastatic disease.
std::string metastatic_words(const Patient& p) {
  const std::string kidney = !p.prior_nephrectomy ? "kidney in place" : p.disease_free > 0 ? fmt::format("nephrectomy, free of disease for {} months", months(p.disease_free)) : "nephrectomy before";
  return fmt::format("At randomisation {} months from diagnosis, {}; IMDC {} factors ({}), MSKCC {} ({}); {} metastases seen\n", months(p.since_diagnosis), kidney,
                     imdc_factors(p, p.since_diagnosis), kMetastaticRiskNames[static_cast<std::size_t>(imdc(p))], mskcc_factors(p, p.since_diagnosis),
                     kMetastaticRiskNames[static_cast<std::size_t>(mskcc(p))], metastases_seen(p));
}

std::string who(const Replay& replay) {
  const Patient& p = replay.patient;
  const Pathology& path = p.pathology;
  const double per_year = kDaysPerYear;
  std::string text = fmt::format("{:.0f} years, {}, {:.0f} kg, ECOG {}; {}{}\n", std::floor(p.person.age), p.person.male ? "male" : "female", p.person.weight_kg,
                                 p.ecog, spaced(kHistologyNames[static_cast<std::size_t>(p.person.histology)]),
                                 p.person.sarcomatoid ? ", sarcomatoid" : ", not sarcomatoid");
  text += fmt::format("Primary {:.0f} mm, T{}{}, {}, grade {}, {}, distant metastases seen: {}; Leibovich {} ({}), risk {}\n", path.size_mm, path.t_stage,
                      path.t_stage == 1 ? (path.t1a ? "a" : "b") : "", path.node_positive ? "N+" : "N0", path.grade,
                      path.necrosis ? "necrosis" : "no necrosis", path.metastases, p.leibovich_score,
                      kLeibovichNames[static_cast<std::size_t>(leibovich(p.leibovich_score))], spaced(kRiskNames[static_cast<std::size_t>(p.risk)]));
  if (p.since_diagnosis > 0) text += metastatic_words(p);
  const TumourTraits& t = p.traits;
  text += fmt::format("Drawn biology: gamma {:.3g} /d, iota {:.3g}, a {:.3g}, pi {:.3g}, mu {:.3g} /d, lambda_W {:.3g} /d,\n"
                      "  ln K {:.1f}, TKI sensitivity {:.2f}, antibody clearance x{:.2f} and volume x{:.2f}, background mortality x{:.2f}\n",
                      t.gamma, t.iota, t.a, t.pi, t.mu, t.lambda_W, t.capacity, t.tki_scale, t.pk_clearance, t.pk_volume, p.person.health);
  text += fmt::format("Randomised {} months after the first patient, {} founder cells lodged before; followed for {:.1f} years\n",
                      months(replay.enrolment_day), p.founders, replay.follow_up_days / per_year);
  return text + fmt::format("Lesions left at randomisation, mm: {}\n", lesions_text(replay.at_randomisation));
}

/// Happens again and again without news: only the first and the last of a stretch are shown.
bool routine(const std::string& event) {
  return event.empty() || event == "dose" || event.starts_with("scan") || event == "a founder cell lodged" || event == "a lesion died out";
}

/// Which points to show, each with the number of its like that are left out before it.
std::vector<std::pair<std::size_t, int>> shown_points(const std::vector<ReplayPoint>& course) {
  std::vector<std::pair<std::size_t, int>> shown;
  for (std::size_t begin = 0; begin < course.size();) {
    std::size_t end = begin;
    std::map<std::string, std::vector<std::size_t>> stretch;
    for (; end < course.size() && routine(course[end].event); ++end) {
      if (!course[end].event.empty()) stretch[course[end].event].push_back(end);
    }
    for (const auto& [event, points] : stretch) {
      shown.emplace_back(points.front(), 0);
      if (points.size() > 1) shown.emplace_back(points.back(), static_cast<int>(points.size()) - 2);
    }
    if (end < course.size()) shown.emplace_back(end, 0);
    begin = end + 1;
  }
  std::sort(shown.begin(), shown.end());
  return shown;
}

std::string course_table(const ArmReplay& arm) {
  std::string text = fmt::format("  {:>6} {:>6}  {:<34} {:>4} {:>5} {:>7} {:>8} {:>8} {:>6} {:>6} {:>6} {:>5} {:>5}  {}\n", "day", "month", "event", "ECOG", "kg", "utility", "C", "M", "R",
                                 "Q", "D", "PD-1", "CTLA4", "lesions, mm");
  for (const auto& [index, left_out] : shown_points(arm.course)) {
    const ReplayPoint& p = arm.course[index];
    const std::string event = left_out > 0 ? fmt::format("{} ({} more before)", p.event, left_out) : p.event;
    text += fmt::format("  {:>6} {:>6}  {:<34} {:>4} {:>5.1f} {:>7.2f} {:>8.3g} {:>8.3g} {:>6.2f} {:>6.2f} {:>6.2f} {:>5.2f} {:>5.2f}  {}\n", whole_day(p.day), months(p.day), event, p.ecog,
                        p.weight_kg, p.utility, p.C, p.M, p.R, p.Q, p.D, p.pd1_occupancy, p.ctla4_occupancy, lesions_text(p.lesions));
  }
  return text;
}

std::string outcome_text(const Replay& replay, const ArmReplay& arm) {
  const Outcome& o = arm.outcome;
  if (o.failed) return "  Could not be integrated: counted, and left out of every endpoint.\n";
  std::string text = fmt::format("  {} doses{}{}", o.doses, o.withheld > 0 ? fmt::format(", {} withheld", o.withheld) : "", o.completed ? ", completed" : "");
  if (o.stopped_for_toxicity) text += ", stopped for toxicity";
  if (o.stopped_for_progression) text += ", stopped for progression";
  if (o.toxicity_day != kNoDay) text += fmt::format("; grade 3+ event of the drug on day {}", o.toxicity_day);
  if (o.recurrence_day != kNoDay) text += fmt::format("; recurrence on day {}, last clear scan on day {}", o.recurrence_day, o.last_scan_day);
  if (o.operation_day != kNoDay) text += fmt::format("; operation on day {}{}", o.operation_day, o.second_procedure ? " with a second procedure" : "");
  if (o.unresectable) text += "; found unresectable";
  if (o.unfit != Unfit::none) text += "; not fit for systemic treatment after it, or refused it";
  if (o.stopped_by_plan) text += fmt::format("; stopped by plan on day {}", o.treatment_end_day);
  if (o.measurable) text += fmt::format("; best response {}", to_string(o.best_response));
  if (o.response_day != kNoDay) text += fmt::format(" from day {}", o.response_day);
  if (o.progression_day != kNoDay) text += fmt::format("; progression on day {}", o.progression_day);
  if (o.deterioration_day != kNoDay) text += fmt::format("; deteriorated from day {}", o.deterioration_day);
  for (const IrradiatedLesion& lesion : o.irradiated) {
    if (lesion.day != kNoDay) text += fmt::format("; lesion irradiated on day {}, {}", lesion.day, lesion.failure_day == kNoDay ? "controlled" : fmt::format("grew by day {}", lesion.failure_day));
  }
  if (o.withdrawal_day != kNoDay) text += fmt::format("; lost to follow-up on day {}", o.withdrawal_day);
  text += '\n';
  for (std::size_t e = 0; e < arm.times.size(); ++e) {
    if (!arm.times[e]) continue;
    const TimeToEvent& time = *arm.times[e];
    text += fmt::format("  {:<5} {:>6} months (day {}), {}\n", replay.endpoints[e], months(time.day), time.day, time.event ? "event" : "censored");
  }
  return text;
}

std::string difference(const TimeToEvent& a, const TimeToEvent& b) {
  const int days = a.day - b.day;
  if (a.event && b.event) return days == 0 ? "the same day" : fmt::format("{} months {}", months(std::abs(days)), days > 0 ? "later" : "earlier");
  if (!a.event && !b.event) return "no event on either arm";
  const char* none = a.event ? "event only on this arm" : "no event on this arm";
  const bool known = a.event ? days < 0 : days > 0;  // the censored arm was seen free of it beyond the other's event
  return known ? fmt::format("{}, at least {} months {}", none, months(std::abs(days)), a.event ? "earlier" : "later") : none;
}

std::string differences_text(const Design& design, const Replay& replay) {
  std::string text;
  for (const Design::TwinPair& pair : design.twin_pairs) {
    const ArmReplay &a = replay.arms[static_cast<std::size_t>(pair.experimental)], &b = replay.arms[static_cast<std::size_t>(pair.control)];
    const auto e = static_cast<std::size_t>(std::find(replay.endpoints.begin(), replay.endpoints.end(), pair.endpoint_name) - replay.endpoints.begin());
    if (e >= a.times.size() || e >= b.times.size() || !a.times[e] || !b.times[e]) continue;
    const auto& arms = design.protocol().arms;
    text += fmt::format("{:<4} on {} against {}: {}\n", pair.endpoint_name, arms[static_cast<std::size_t>(pair.experimental)].label,
                        arms[static_cast<std::size_t>(pair.control)].label, difference(*a.times[e], *b.times[e]));
  }
  return text.empty() ? "" : "\n" + text;
}

}  // namespace

int whole_day(double time) { return static_cast<int>(std::ceil(time - 1e-9)); }

std::string patient_text(const Design& design, const PatientAddress& address, const Replay& replay) {
  std::string text = fmt::format("{}\nVirtual patient {}: place {} of trial {}, seed {}\n\n", design.protocol().title, address.id, address.place, address.trial, address.seed);
  text += who(replay);
  for (const ArmReplay& arm : replay.arms) {
    text += fmt::format("\n{}{}\n", design.protocol().arms[static_cast<std::size_t>(arm.arm)].label, arm.arm == replay.assigned_arm ? " (assigned)" : "");
    text += course_table(arm) + outcome_text(replay, arm);
  }
  text += differences_text(design, replay);
  text += "\nC, M: circulating effector and memory T cells, 10^6; R: regulatory T cells, 1 is healthy; Q: myeloid suppression, 0 to 1;\n"
          "D: immune editing; PD-1, CTLA4: receptor occupancy. Lesions: true diameter; * not seen on a scan so far.\n"
          "A research instrument about virtual patients; it gives no advice on the care of a person.\n";
  return text;
}

}  // namespace coley
