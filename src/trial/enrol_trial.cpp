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

Enrolment enrol_trial(const Design& design, DrawKey key, std::uint64_t places, const solver::Tolerance& tolerance, const Enrolled& seen) {
  const Population& population = design.protocol().population;
  const Disease& disease = design.setting.disease;
  if (!design.earlier) return enrol(population, disease, key, places, tolerance, biology::integrate, {}, seen);

  const MetastaticEntry entry(population, disease);
  const auto treat = [&](std::vector<Screened>& people) {
    std::vector<std::size_t> who;
    std::vector<Patient> untreated;
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (!people[i].patient) continue;
      who.push_back(i);
      untreated.push_back(*people[i].patient);
    }
    RunIn treated = run_in(*design.earlier, population.prior_until, untreated, tolerance);
    for (std::size_t k = 0; k < who.size(); ++k) {
      Screened& person = people[who[k]];
      person.patient = treated.patients[k] ? std::make_unique<Patient>(*treated.patients[k]) : nullptr;
      person.excluded = person.patient ? entry.judge(*person.patient) : Exclusion::earlier_treatment;
      if (person.excluded) person.patient.reset();
    }
    return treated.work;
  };
  return enrol(population, disease, key, places, tolerance, biology::integrate, Pretreatment{before_treatment(population), treat}, seen);
}

}  // namespace coley
