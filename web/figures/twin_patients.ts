// SPDX-License-Identifier: Apache-2.0
// Single patients sorted by what they gain on one arm rather than the other, coloured by the covariate that tells most of it.
import { show, type Table } from "./frame";
import { armColour } from "./palette";
import { plane } from "./plane";
import { daysPerMonth, type TwinGroup, type Twins } from "./summary";
import { fixed } from "./words";

/** The covariate between whose levels the mean gains differ most, in units of their errors. */
export function bestPredictor(by: TwinGroup[]): string {
  const spread = (covariate: string): number => {
    const levels = by.filter((g) => g.covariate === covariate && g.mean_benefit_days.estimate !== null && g.mean_benefit_days.high !== null && g.mean_benefit_days.high > g.mean_benefit_days.low!)
      .map((g) => ({ mean: g.mean_benefit_days.estimate!, weight: ((g.mean_benefit_days.high! - g.mean_benefit_days.low!) / 3.92) ** -2 }));
    const weights = levels.reduce((sum, l) => sum + l.weight, 0);
    const mean = levels.reduce((sum, l) => sum + l.weight * l.mean, 0) / weights;
    return levels.length > 1 ? levels.reduce((sum, l) => sum + l.weight * (l.mean - mean) ** 2, 0) / (levels.length - 1) : 0;
  };
  const covariates = [...new Set(by.map((g) => g.covariate))];
  return covariates.sort((a, b) => spread(b) - spread(a))[0] ?? "";
}

export function showTwinPatients(host: HTMLElement, name: string, label: string, twins: Twins, words: (key: string) => string): void {
  const patients = [...(twins.patients ?? [])].sort((a, b) => a.benefit_days - b.benefit_days);
  const covariate = bestPredictor(twins.by);
  const levels = [...new Set(twins.by.filter((g) => g.covariate === covariate).map((g) => g.level))].filter((level) => patients.some((p) => p.levels[covariate] === level));
  const covariates = Object.keys(patients[0]?.levels ?? {});
  const table: Table = [["patient", "benefit_days", ...covariates], ...patients.map((p) => [p.id, p.benefit_days, ...covariates.map((c) => p.levels[c] ?? null)])];
  const months = patients.map((p) => p.benefit_days / daysPerMonth);
  show(host, {
    name, table,
    title: `${label}: gain of ${patients.length} single patients, sorted, by ${words(covariate)}`,
    description: levels.map((level) => {
      const mean = twins.by.find((g) => g.covariate === covariate && g.level === level)?.mean_benefit_days.estimate ?? null;
      return `${words(level)}: mean gain ${fixed(mean === null ? null : mean / daysPerMonth, 1)} months.`;
    }).join(" "),
    draw: (svg, width) => {
      const p = plane(svg, width, { label: `Patients, sorted by what they gain; colour: ${words(covariate)}`, domain: [0, Math.max(1, patients.length)], ticks: [] },
        { label: "Months gained", domain: [Math.min(-1, ...months), Math.max(1, ...months)] }, levels.map((level, index) => ({ label: words(level), index, filled: true })));
      patients.forEach((one, i) => {
        const index = levels.indexOf(one.levels[covariate]);
        const [from, to] = [p.y(0), p.y(months[i])];
        p.plot.append("rect").attr("x", p.x(i)).attr("width", Math.max(0.8, p.x(1) - p.x(0) - 0.4)).attr("y", Math.min(from, to) - (from === to ? 1 : 0)).attr("height", Math.max(2, Math.abs(to - from)))
          .style("fill", index < 0 ? "var(--soft)" : armColour(index)).append("title").text(`Patient ${one.id}, ${words(one.levels[covariate] ?? "")}: ${fixed(months[i], 1)} months`);
      });
      const [left, right] = p.x.range();
      p.plot.append("line").attr("class", "reference").attr("x1", left).attr("x2", right).attr("y1", p.y(0)).attr("y2", p.y(0));
      return p.below;
    },
  });
}
