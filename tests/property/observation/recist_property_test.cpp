// SPDX-License-Identifier: Apache-2.0
// Laws of RECIST and iRECIST under random courses of disease.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "observation/irecist.hpp"
#include "observation/recist.hpp"

namespace coley {
namespace {

struct Judged {
  Findings findings;
  Response plain;
  Response immune;
  Response best;
  Response best_unconfirmed;
  Response immune_best;
};

struct Course {
  std::vector<Judged> visits;
  ResponseHistory plain;
  ResponseHistory immune;
};

Course judge(const std::vector<Scan>& scans) {
  TumourAssessment tumours(scans.front());
  Recist recist(tumours, 0);
  Irecist irecist(tumours, 0);
  std::vector<Judged> visits;
  for (std::size_t i = 1; i < scans.size(); ++i) {
    const Findings findings = tumours.read(scans[i]);
    const Response plain = recist.assess(findings);
    const Response immune = irecist.assess(findings);
    visits.push_back({findings, plain, immune, recist.history().best(Confirmation::required),
                      recist.history().best(Confirmation::not_required),
                      irecist.history().best(Confirmation::required)});
  }
  return {visits, recist.history(), irecist.history()};
}

// Lesions that come, grow, shrink and go; scans 2 to 8 weeks apart, some missed or incomplete.
std::vector<Scan> random_scans() {
  const int visits = *rc::gen::inRange(2, 9);
  std::vector<Scan> scans(static_cast<std::size_t>(visits));
  int day = 0;
  for (Scan& scan : scans) {
    scan.day = day;
    day += *rc::gen::inRange(14, 57);
  }
  for (std::size_t slot = 0; slot < kMaxLesions; ++slot) {
    const auto organ = static_cast<Organ>(*rc::gen::inRange(0, static_cast<int>(kOrgans)));
    // Distinct baseline sizes: of two equal lesions of one organ either may become target.
    int mm = *rc::gen::inRange(0, 12) * static_cast<int>(kMaxLesions) + static_cast<int>(slot);
    std::uint8_t lesion = 0;
    for (Scan& scan : scans) {
      const bool first = &scan == &scans.front();
      const bool assessed = first || *rc::gen::inRange(0, 12) > 0;
      scan.lesions[slot] = {
          .mm = static_cast<std::int16_t>(mm), .lesion = lesion, .organ = organ, .assessed = assessed};
      mm = mm == 0 ? (*rc::gen::inRange(0, 8) == 0 ? *rc::gen::inRange(5, 15) : 0) : mm * *rc::gen::inRange(5, 14) / 10;
      if (mm < 3) mm = 0;
      if (mm == 0 && *rc::gen::inRange(0, 6) == 0) ++lesion;
    }
  }
  for (std::size_t i = 1; i < scans.size(); ++i) {
    if (*rc::gen::inRange(0, 10) == 0) scans[i] = missed_scan(scans[i].day);
  }
  return scans;
}

RC_GTEST_PROP(RecistLaws, OrderOfLesionsDoesNotMatter, ()) {
  const std::vector<Scan> scans = random_scans();
  std::vector<Scan> shuffled = scans;
  std::vector<std::size_t> order(kMaxLesions);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = kMaxLesions - 1; i > 0; --i) {
    std::swap(order[i], order[*rc::gen::inRange<std::size_t>(0, i + 1)]);
  }
  for (std::size_t v = 0; v < scans.size(); ++v) {
    for (std::size_t i = 0; i < kMaxLesions; ++i) shuffled[v].lesions[i] = scans[v].lesions[order[i]];
  }
  const Course one = judge(scans), other = judge(shuffled);
  for (std::size_t v = 0; v < one.visits.size(); ++v) {
    RC_ASSERT(one.visits[v].plain == other.visits[v].plain);
    RC_ASSERT(one.visits[v].immune == other.visits[v].immune);
    RC_ASSERT(one.visits[v].findings.sum == other.visits[v].findings.sum);
    RC_ASSERT(one.visits[v].best == other.visits[v].best);
    RC_ASSERT(one.visits[v].immune_best == other.visits[v].immune_best);
  }
}

RC_GTEST_PROP(RecistLaws, ScaleMattersOnlyThroughTheFiveMillimetreRule, ()) {
  std::vector<Scan> scans = random_scans();
  const int factor = *rc::gen::inRange(2, 6);
  for (Reading& reading : scans.front().lesions) {
    if (reading.mm < 10) reading.mm = 0;  // no lesion that would become measurable
  }
  for (Scan& scan : scans) {
    for (Reading& reading : scan.lesions) {
      if (reading.organ == Organ::node) reading.organ = Organ::liver;  // no short axis in absolute mm
    }
  }
  std::vector<Scan> scaled = scans;
  for (Scan& scan : scaled) {
    for (Reading& reading : scan.lesions) reading.mm = static_cast<std::int16_t>(factor * reading.mm);
  }
  TumourAssessment small(scans.front()), large(scaled.front());
  for (std::size_t v = 1; v < scans.size(); ++v) {
    const int nadir = small.nadir();
    const Findings a = small.read(scans[v]), b = large.read(scaled[v]);
    if (a.target == b.target) continue;
    const int grown = a.sum[static_cast<std::size_t>(Role::target)] - nadir;
    RC_ASSERT(b.target == Response::PD);
    RC_ASSERT(grown < 5);
    RC_ASSERT(5 * grown >= nadir);
  }
}

RC_GTEST_PROP(RecistLaws, ProgressionIsFinal, ()) {
  const Course course = judge(random_scans());
  bool plain = false, immune = false;
  for (const Judged& visit : course.visits) {
    if (plain && visit.findings.evaluated) RC_ASSERT(visit.plain == Response::PD);
    if (immune && visit.findings.evaluated) RC_ASSERT(visit.immune == Response::PD);
    plain = plain || visit.plain == Response::PD;
    immune = immune || visit.immune == Response::PD;
  }
  RC_ASSERT(plain == course.plain.progression_day().has_value());
  RC_ASSERT(immune == course.immune.progression_day().has_value());
}

RC_GTEST_PROP(RecistLaws, BestResponseNeverWorsens, ()) {
  const Course course = judge(random_scans());
  for (std::size_t v = 1; v < course.visits.size(); ++v) {
    RC_ASSERT(rank(course.visits[v].best) >= rank(course.visits[v - 1].best));
    RC_ASSERT(rank(course.visits[v].best_unconfirmed) >= rank(course.visits[v - 1].best_unconfirmed));
    RC_ASSERT(rank(course.visits[v].immune_best) >= rank(course.visits[v - 1].immune_best));
  }
}

RC_GTEST_PROP(RecistLaws, ConfirmationOnlyTakesAway, ()) {
  const Course course = judge(random_scans());
  for (const Judged& visit : course.visits) RC_ASSERT(rank(visit.best) <= rank(visit.best_unconfirmed));
  const auto confirmed = course.plain.response_day(Confirmation::required);
  if (confirmed) RC_ASSERT(*confirmed >= course.plain.response_day(Confirmation::not_required).value());
}

RC_GTEST_PROP(RecistLaws, ImmuneCriteriaAgreeUntilProgressionAndNeverComeFirst, ()) {
  const Course course = judge(random_scans());
  for (const Judged& visit : course.visits) {
    if (visit.plain == Response::PD) {
      RC_ASSERT(visit.immune == Response::UPD);
      break;
    }
    RC_ASSERT(visit.plain == visit.immune);
  }
  const auto immune = course.immune.progression_day();
  if (immune) RC_ASSERT(*immune >= course.plain.progression_day().value());
}

RC_GTEST_PROP(RecistLaws, AMissedScanChangesNothingElse, ()) {
  std::vector<Scan> scans = random_scans();
  const Course before = judge(scans);
  scans.insert(scans.begin() + *rc::gen::inRange<std::ptrdiff_t>(1, std::ssize(scans) + 1), missed_scan(0));
  const Course after = judge(scans);
  RC_ASSERT(before.visits.back().best == after.visits.back().best);
  RC_ASSERT(before.visits.back().immune_best == after.visits.back().immune_best);
  RC_ASSERT(before.plain.progression_day() == after.plain.progression_day());
  RC_ASSERT(before.immune.progression_day() == after.immune.progression_day());
}

// Table 3 of Eisenhauer 2009 read as a statement over all pairs of visits.
std::optional<int> confirmed_day(const std::vector<std::pair<int, Response>>& visits, Response least) {
  const auto met = [&](Response r) { return r == Response::CR || r == least; };
  for (std::size_t i = 0; i < visits.size() && visits[i].second != Response::PD; ++i) {
    if (!met(visits[i].second)) continue;
    for (std::size_t j = i + 1; j < visits.size(); ++j) {
      if (!met(visits[j].second) && visits[j].second != Response::NE) break;
      if (met(visits[j].second) && visits[j].first - visits[i].first >= 28) return visits[i].first;
    }
  }
  return std::nullopt;
}

RC_GTEST_PROP(RecistLaws, HistoryIsTable3, ()) {
  using enum Response;
  const auto responses = *rc::gen::container<std::vector<Response>>(rc::gen::element(CR, CR, PR, PR, PR, SD, NE, PD));
  std::vector<std::pair<int, Response>> visits;
  ResponseHistory history(0, SD, {});
  int day = 0;
  for (const Response response : responses) {
    day += *rc::gen::inRange(14, 57);
    visits.emplace_back(day, response);
    history.record(day, response);
  }
  const auto progression = std::find_if(visits.begin(), visits.end(), [](auto& v) { return v.second == PD; });
  const bool lasted = std::any_of(visits.begin(), progression, [](auto& v) { return v.second != NE && v.first >= 42; });
  const auto cr = confirmed_day(visits, CR), pr = confirmed_day(visits, PR);
  const Response expected = cr ? CR : pr ? PR : lasted ? SD : progression != visits.end() ? PD : NE;
  RC_ASSERT(history.best(Confirmation::required) == expected);
  RC_ASSERT(history.response_day(Confirmation::required) == pr);
  RC_ASSERT(history.complete_response_day(Confirmation::required) == cr);
}

}  // namespace
}  // namespace coley
