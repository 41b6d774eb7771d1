// SPDX-License-Identifier: Apache-2.0
// Patient data from a published curve, held against the real data behind it.
#include <fmt/format.h>

#include <cmath>

#include "registry.hpp"
#include "statistics/curve_reconstruction.hpp"
#include "statistics/kaplan_meier.hpp"
#include "statistics/two_group_cox.hpp"

namespace coley::reference_check {
namespace {

using namespace statistics;

PublishedCurve curve_of(const json& input) {
  PublishedCurve curve{pack_numbers(input.at("time")), pack_numbers(input.at("surv")), pack_numbers(input.at("risk_time")), {}, {}};
  for (const double n : pack_numbers(input.at("n_risk"))) curve.n_risk.push_back(static_cast<int>(n));
  return curve;
}

void check_near(const std::string& what, double got, double wanted, double relative, Verdict& verdict) {
  const bool same = std::isnan(wanted) ? std::isnan(got) : std::abs(got - wanted) <= relative * std::abs(wanted);
  verdict.expect(same, fmt::format("{}: got {:.6g}, wanted {:.6g} within {:.1f} %", what, got, wanted, 100 * relative));
}

void check_reconstruction(const Case& one, Verdict& verdict) {
  const json& wanted = one.expected;
  const auto allowed = [&](const char* key) { return one.tolerance.at(key).get<double>(); };
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  std::vector<int> arm;
  const json& inputs = one.spec.at("inputs");
  for (std::size_t a = 0; a < inputs.size(); ++a) {
    const ReconstructedPatients patients = reconstruct_patients(curve_of(inputs[a]));
    time.insert(time.end(), patients.time.begin(), patients.time.end());
    event.insert(event.end(), patients.event.begin(), patients.event.end());
    arm.resize(time.size(), static_cast<int>(a));
  }
  const SurvivalRows rows{.time = time, .event = event, .group = arm, .groups = static_cast<int>(inputs.size())};
  const std::vector<SurvivalCurve> curves = kaplan_meier(rows);
  for (std::size_t a = 0; a < curves.size(); ++a) {
    const std::string where = fmt::format("arm {} ", a + 1);
    verdict.expect(std::abs(curves[a].subjects - pack_number(wanted.at("n")[a])) <= allowed("n_abs"), where + "another number of patients");
    check_near(where + "events", curves[a].events, pack_number(wanted.at("events")[a]), allowed("events_rel"), verdict);
    check_near(where + "median", quantile(curves[a], 0.5).estimate, pack_number(wanted.at("median")[a]), allowed("median_rel"), verdict);
    check_near(where + "rmst", restricted_mean(curves[a], pack_number(wanted.at("tau"))).value, pack_number(wanted.at("rmst")[a]), allowed("rmst_rel"), verdict);
  }
  const double log_hr = two_group_hazard_ratio(SortedRows(rows)).log_hr, true_log_hr = std::log(pack_number(wanted.at("hr")));
  verdict.expect(std::abs(log_hr - true_log_hr) <= allowed("log_hr_abs"), fmt::format("log HR: got {:.4f}, wanted {:.4f}", log_hr, true_log_hr));
}

}  // namespace

void add_reconstruction_checks(Registry& registry) { registry.kinds["ipd_reconstruction"] = check_reconstruction; }

}  // namespace coley::reference_check
