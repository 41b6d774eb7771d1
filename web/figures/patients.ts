// SPDX-License-Identifier: Apache-2.0
// The first patients of the first trial one by one: best change of tumour size (waterfall), change over time (spider), time
// on treatment with what happened (swimmer).
import { axisBottom } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { show, type Group, type Svg, type Table } from "./frame";
import { armColour, armDash } from "./palette";
import { axisTitle, plane } from "./plane";
import { armIndex, armLabel, type PatientLine, type Summary } from "./summary";
import { percent, textWidth } from "./words";

export interface PatientArm { label: string; index: number; patients: PatientLine[] }

export function patientArm(summary: Summary, arm: string): PatientArm {
  return { label: armLabel(summary, arm), index: armIndex(summary, arm), patients: (summary.figures.patients ?? []).filter((p) => p.arm === arm) };
}

const limit = 1;  // a growth beyond 100 % is drawn there, and marked
const clipped = (change: number) => Math.min(limit, change);
const responses: [string, string][] = [["CR", "complete"], ["PR", "partial"], ["SD", "stable"], ["PD", "progression"], ["NE", "not evaluable"]];
const responseIndex = (r: string | null) => Math.max(0, responses.findIndex(([key]) => key === r));

const measured = (arm: PatientArm) => arm.patients.filter((p) => p.best_change !== null).sort((a, b) => b.best_change! - a.best_change!);

export function showWaterfall(host: HTMLElement, name: string, arm: PatientArm): void {
  const patients = measured(arm);
  const shrunk = patients.filter((p) => p.best_change! <= -0.3).length;
  const table: Table = [["patient", "best_change", "best_response"], ...patients.map((p) => [p.id, p.best_change, p.response])];
  show(host, {
    name, table,
    title: `${arm.label}: best change of tumour size of ${patients.length} patients (waterfall)`,
    description: `${shrunk} of ${patients.length} shrank by 30 % or more.`,
    draw: (svg, width) => {
      const p = plane(svg, width, { label: `Patients of ${arm.label}, sorted`, domain: [0, Math.max(1, patients.length)], ticks: [] },
        { label: "Best change of diameters", domain: [-1, limit], ticks: [-1, -0.5, 0, 0.5, 1], format: (v) => `${Math.round(100 * v)} %`.replace("-", "−") },
        responses.filter(([key]) => patients.some((one) => one.response === key)).map(([key, label]) => ({ label, index: responseIndex(key), filled: true })));
      thresholds(p.plot, p.x.range(), p.y);
      patients.forEach((one, i) => {
        const to = clipped(one.best_change!);
        const [x0, x1] = [p.x(i), p.x(i + 1)];
        p.plot.append("rect").attr("x", x0 + 0.5).attr("width", Math.max(1, x1 - x0 - 1)).attr("y", Math.min(p.y(0), p.y(to))).attr("height", Math.max(1, Math.abs(p.y(to) - p.y(0))))
          .style("fill", armColour(responseIndex(one.response))).append("title").text(`Patient ${one.id}: ${percent(one.best_change, 0)}, ${one.response ?? ""}`);
        if (one.best_change! > limit) p.plot.append("path").attr("class", "event").attr("d", `M${(x0 + x1) / 2},${p.y(limit) - 8}l3,6h-6z`);
      });
      return p.below;
    },
  });
}

/** Where RECIST 1.1 begins to speak of response and of progression. */
function thresholds(plot: Group, [left, right]: number[], y: (v: number) => number): void {
  for (const at of [-0.3, 0.2]) plot.append("line").attr("class", "overall").attr("x1", left).attr("x2", right).attr("y1", y(at)).attr("y2", y(at));
}

export function showSpider(host: HTMLElement, name: string, arms: PatientArm[]): void {
  const lines = arms.flatMap((arm) => arm.patients.filter((p) => p.change.length > 1).map((p) => ({ arm, p })));
  const table: Table = [["arm", "patient", "month", "change"]];
  for (const { arm, p } of lines) for (const [month, change] of p.change) table.push([arm.label, p.id, month, change]);
  show(host, {
    name, table,
    title: "Change of tumour size over time, a line a patient (spider plot)",
    description: arms.map((arm) => `${arm.label}: ${lines.filter((l) => l.arm === arm).length} patients.`).join(" "),
    draw: (svg, width) => {
      const p = plane(svg, width, { label: "Months since randomisation", domain: [0, Math.max(1, ...lines.flatMap((l) => l.p.change.map(([month]) => month)))] },
        { label: "Change of diameters", domain: [-1, limit], ticks: [-1, -0.5, 0, 0.5, 1], format: (v) => `${Math.round(100 * v)} %`.replace("-", "−") }, arms);
      thresholds(p.plot, p.x.range(), p.y);
      for (const l of lines) {
        p.plot.append("path").attr("class", "one-trial").style("stroke", armColour(l.arm.index)).attr("stroke-dasharray", armDash(l.arm.index))
          .attr("d", line<[number, number]>().x((d) => p.x(d[0])).y((d) => p.y(clipped(d[1])))(l.p.change));
      }
      return p.below;
    },
  });
}

const marks: { name: keyof PatientLine["events"]; label: string; path: string; index: number }[] = [
  { name: "response", label: "response", path: "m0,-5l5,10h-10z", index: 2 },
  { name: "progression", label: "progression or recurrence", path: "m-4,-4h8v8h-8z", index: 1 },
  { name: "next_line", label: "next treatment", path: "m0,-5l5,5l-5,5l-5,-5z", index: 4 },
  { name: "death", label: "death", path: "m-4,-4l8,8m0,-8l-8,8", index: 3 },
];

export function showSwimmer(host: HTMLElement, name: string, arm: PatientArm): void {
  const patients = [...arm.patients].sort((a, b) => b.months - a.months);
  const table: Table = [["patient", "months_followed", "months_on_treatment", ...marks.map((m) => m.name)]];
  for (const p of patients) table.push([p.id, p.months, p.treatment_months, ...marks.map((m) => p.events[m.name])]);
  show(host, {
    name, table,
    title: `${arm.label}: time on treatment and under observation, a bar a patient (swimmer plot)`,
    description: `${patients.length} patients; ${patients.filter((p) => p.events.death !== null).length} died, ${patients.filter((p) => p.events.progression !== null).length} had progression or recurrence.`,
    draw: (svg, width) => drawSwimmer(svg, width, arm, patients),
  });
}

function drawSwimmer(svg: Svg, width: number, arm: PatientArm, patients: PatientLine[]): number {
  const plot = svg.append("g");
  const [left, right] = [14, width - 22];
  let [lx, ly] = [left + 6, 10];
  for (const m of marks.filter((one) => patients.some((p) => p.events[one.name] !== null))) {
    const wide = 28 + textWidth(m.label, 12);
    if (lx + wide > right) [lx, ly] = [left + 6, ly + 17];
    plot.append("path").attr("d", `M${lx},${ly}${m.path}`).style("fill", m.name === "death" ? "none" : armColour(m.index)).style("stroke", m.name === "death" ? "var(--ink)" : "none");
    plot.append("text").attr("class", "note").attr("x", lx + 10).attr("y", ly + 4).text(m.label);
    lx += wide;
  }
  const top = ly + 12;
  const x = scaleLinear([0, Math.max(1, ...patients.map((p) => p.months))], [left, right]);
  const bottom = top + 9 * patients.length;
  patients.forEach((p, i) => {
    const at = top + 9 * i;
    const bar = (months: number, kind: string) => plot.append("rect").attr("class", kind).attr("x", left).attr("y", at + 1).attr("width", Math.max(0.5, x(months) - left)).attr("height", 6.5).style("fill", armColour(arm.index));
    bar(p.months, "observed").append("title").text(`Patient ${p.id}`);
    bar(p.treatment_months, "treated");
    if (p.events.death === null) plot.append("path").attr("class", "going-on").attr("d", `M${x(p.months)},${at + 4}m0,-3l5,3l-5,3z`);
    for (const m of marks) {
      const month = p.events[m.name];
      if (month !== null) plot.append("path").attr("d", `M${x(month)},${at + 4}${m.path}`).style("fill", m.name === "death" ? "none" : armColour(m.index)).style("stroke", m.name === "death" ? "var(--ink)" : "var(--paper)").style("stroke-width", m.name === "death" ? 1.6 : 0.6);
    }
  });
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom + 4})`).call(axisBottom(x).ticks(width < 500 ? 5 : 9) as any);
  return axisTitle(plot, "Months since randomisation; dark: on study treatment; arrow: alive when last seen", (left + right) / 2, bottom + 40, width);
}

