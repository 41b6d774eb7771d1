// SPDX-License-Identifier: Apache-2.0
#include "trial/enrol_trial.hpp"

#include "course/run_in.hpp"
#include "population/metastatic_entry.hpp"

namespace coley {

namespace {

/// The same people before their earlier treatment: what they must be on the day of randomisation is asked after it.
Population before_treatment(Population population) {
  Eligibility& rules = population.eligibility;
  rules.ecog_max = 4;
  rules.imdc = rules.mskcc = rules.exclude_sites = {};
  rules.metastases_max = 0;
  population.mix_by.clear();
  population.mix.clear();
  population.prior_until = PriorUntil::progression;
  return population;
}

}  // namespace

Enrolment enrol_trial(const Design& design, DrawKey key, std::uint64_t places, const solver::Tolerance& tolerance) {
  const Population& population = design.protocol().population;
  const Disease& disease = design.setting.disease;
  if (!design.earlier) return enrol(population, disease, key, places, tolerance);

  const Population untreated = before_treatment(population);
  const MetastaticEntry entry(population, disease);
  std::vector<Place> open;
  for (std::uint64_t place = 0; place < places; ++place) open.push_back({place, 0});
  Enrolment result;
  result.patients.resize(places);
  while (!open.empty()) {
    const Enrolment round = enrol(untreated, disease, key, open, tolerance);
    RunIn treated = run_in(*design.earlier, population.prior_until, round.patients, tolerance);
    result.screening += round.screening;
    result.work += round.work;
    result.work += treated.work;
    std::vector<Place> still_open;
    for (std::size_t i = 0; i < open.size(); ++i) {
      auto& patient = treated.patients[i];
      const auto reason = patient ? entry.judge(*patient) : Exclusion::earlier_treatment;
      if (!reason) {
        result.patients[open[i].number] = std::move(*patient);
        continue;
      }
      --result.screening.enrolled;
      ++result.screening.excluded[static_cast<std::size_t>(*reason)];
      still_open.push_back({open[i].number, next_attempt(round.patients[i].draws.attempt)});
    }
    open = std::move(still_open);
  }
  return result;
}

}  // namespace coley
