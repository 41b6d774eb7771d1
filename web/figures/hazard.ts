// SPDX-License-Identifier: Apache-2.0
// The hazard over time: events a patient-year in stretches of time, from the survival curve at their ends.
import { curveStepAfter, line } from "d3-shape";
import { show, type Svg, type Table } from "./frame";
import { survivalAt, type ArmCurve } from "./km";
import { armColour, armDash } from "./palette";
import { plane } from "./plane";

interface Stretch { month: number; hazard: number }

/** Stretches that make at most two dozen, up to where 1 in 20 of the arm are still at risk. */
export function hazards({ curve }: ArmCurve): Stretch[] {
  const n = curve.at_risk[0]?.at_risk ?? 0;
  const end = curve.at_risk.find((r) => r.at_risk < 0.05 * n)?.month ?? curve.points[curve.points.length - 1]?.month ?? 0;
  const step = [1, 2, 3, 6, 12, 24].find((s) => end / s <= 24) ?? 36;
  const out: Stretch[] = [];
  for (let month = 0; month + step <= end; month += step) {
    const [from, to] = [survivalAt(curve.points, month), survivalAt(curve.points, month + step)];
    if (to <= 0) break;
    out.push({ month, hazard: (12 * Math.log(from / to)) / step });
  }
  if (out.length) out.push({ month: out[out.length - 1].month + step, hazard: out[out.length - 1].hazard });
  return out;
}

export function showHazard(host: HTMLElement, name: string, label: string, arms: ArmCurve[]): void {
  const series = arms.map((a) => ({ ...a, steps: hazards(a) }));
  const table: Table = [["arm", "from_month", "events_per_patient_year"]];
  for (const s of series) for (const p of s.steps.slice(0, -1)) table.push([s.curve.arm, p.month, p.hazard]);
  show(host, {
    name, table,
    title: `${label}: hazard over time by arm`,
    description: series.map((s) => `${s.label}: ${s.steps[0]?.hazard.toFixed(2) ?? "–"} events a patient-year at first, ${s.steps[s.steps.length - 1]?.hazard.toFixed(2) ?? "–"} at last.`).join(" "),
    draw: (svg, width) => draw(svg, width, label, series),
  });
}

function draw(svg: Svg, width: number, label: string, series: (ArmCurve & { steps: Stretch[] })[]): number {
  const all = series.flatMap((s) => s.steps);
  const p = plane(svg, width, { label: "Months since randomisation", domain: [0, Math.max(1, ...all.map((s) => s.month))] },
    { label: `${label}: events a year`, domain: [0, Math.max(0.05, ...all.map((s) => s.hazard)) * 1.05] }, series.map((s) => ({ label: s.label, index: s.index })));
  for (const s of series) {
    p.plot.append("path").attr("class", "curve").style("stroke", armColour(s.index)).attr("stroke-dasharray", armDash(s.index))
      .attr("d", line<Stretch>().curve(curveStepAfter).x((d) => p.x(d.month)).y((d) => p.y(d.hazard))(s.steps));
  }
  return p.below;
}
