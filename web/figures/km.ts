// SPDX-License-Identifier: Apache-2.0
// Kaplan-Meier curves after KMunicate (Morris et al., BMJ Open 2019;9:e030215): y from 0 to 1, step curves with 95 % bands,
// and under the axis, at its ticks, at risk / censored / events, which add up to the arm's n.
import { max } from "d3-array";
import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear, type ScaleLinear } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { show, type Group, type Svg, type Table } from "./frame";
import { armColour, armDash, armText } from "./palette";
import { armIndex, armLabel, type Summary, type SurvivalCurve, type SurvivalPoint } from "./summary";
import { count, textWidth, wrapped } from "./words";

export interface ArmCurve { label: string; index: number; curve: SurvivalCurve }
type Scale = ScaleLinear<number, number>;

const labelRoom = 150;  // beside the curves, for the arms' labels
const row = 17;  // height of a line of the risk table
const counts: { key: "at_risk" | "censored" | "events"; label: string }[] = [
  { key: "at_risk", label: "At risk" },
  { key: "censored", label: "Censored" },
  { key: "events", label: "Events" },
];

/** The curves of the arms that hold, with label and place of the arm. */
export function armCurves(summary: Summary, holds: (curve: SurvivalCurve) => boolean): ArmCurve[] {
  return summary.figures.survival.filter(holds).map((curve) => ({ label: armLabel(summary, curve.arm), index: armIndex(summary, curve.arm), curve }));
}

export function showSurvival(host: HTMLElement, name: string, label: string, arms: ArmCurve[]): void {
  const table: Table = [["arm", "month", "survival", "low", "high"]];
  for (const { curve } of arms) for (const p of curve.points) table.push([curve.arm, p.month, p.survival, p.low, p.high]);
  show(host, {
    name,
    table,
    title: `${label}, Kaplan-Meier estimate by arm, virtual patients`,
    description: arms.map((a) => described(a)).join(" "),
    draw: (svg, width) => draw(svg, width, label, arms),
  });
}

function described({ label, curve }: ArmCurve): string {
  const years = curve.at_risk.filter((r) => r.month > 0 && r.month % 12 === 0).map((r) => r.month);
  return `${label}: ${years.map((m) => `${(100 * survivalAt(curve.points, m)).toFixed(0)} % at ${m} months`).join(", ")}.`;
}

/** The survival that holds at `month`. */
export function survivalAt(points: SurvivalPoint[], month: number): number {
  let s = 1;
  for (const p of points) if (p.month <= month) s = p.survival;
  return s;
}

function draw(svg: Svg, width: number, label: string, arms: ArmCurve[]): number {
  const wide = width >= 620;
  const labelWidth = wide ? Math.min(labelRoom, 14 + (max(arms, (a) => textWidth(a.label, 13, true)) ?? 0)) : 8;
  const widest = max(arms, (a) => max(a.curve.at_risk, (r) => textWidth(count(Math.max(r.at_risk, r.censored, r.events)), 12))) ?? 0;
  const left = 66 + widest / 2;
  const right = width - Math.max(labelWidth, 24);
  const top = wide ? 14 : 14 + 18 * arms.length;
  const bottom = top + Math.min(400, Math.max(230, 0.5 * (right - left)));
  const x = scaleLinear([0, max(arms, (a) => max(a.curve.points, (p) => p.month)) ?? 1], [left, right]);
  const y = scaleLinear([0, 1], [bottom, top]);
  const ticks = tickMonths(arms, x, widest);

  const plot = svg.append("g");
  plot.append("g").attr("class", "grid").selectAll("line").data([0.25, 0.5, 0.75, 1]).join("line")
    .attr("x1", left).attr("x2", right).attr("y1", y).attr("y2", y);
  plot.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`)
    .call(axisLeft(y).tickValues([0, 0.25, 0.5, 0.75, 1]).tickFormat((v) => `${100 * +v} %`) as any);
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`)
    .call(axisBottom(x).tickValues(ticks).tickFormat((v) => `${+v}`) as any);
  plot.append("text").attr("transform", `translate(13,${(top + bottom) / 2}) rotate(-90)`).attr("class", "title").text(label);
  plot.append("text").attr("x", (left + right) / 2).attr("y", bottom + 36).attr("class", "title").text("Months since randomisation");

  for (const arm of arms) bands(plot, arm, x, y, arms.length > 2);
  for (const arm of arms) steps(plot, arm, x, y);
  if (wide) labelsAtEnds(plot, arms, y, right);
  else legend(plot, arms, left);
  return riskTable(svg, arms, ticks, x, bottom + 46);
}

/** Months of the risk table that leave room for the widest count. */
function tickMonths(arms: ArmCurve[], x: Scale, widest: number): number[] {
  const months = arms[0]?.curve.at_risk.map((r) => r.month) ?? [];
  if (months.length < 2) return x.ticks(6);
  for (const every of [1, 2, 3, 4, 6, 12]) {
    const kept = months.filter((_, i) => i % every === 0);
    if (kept.length < 2 || x(kept[1]) - x(kept[0]) >= widest + 10) return kept;
  }
  return [months[0]];
}

/** With many arms an envelope is only its edges, so that what overlaps can still be told apart. */
function bands(plot: Group, { index, curve }: ArmCurve, x: Scale, y: Scale, many: boolean): void {
  if (curve.envelope) {
    const path = area<{ month: number; low: number; high: number }>()  // known at these months alone, so straight between them
      .x((p) => x(p.month)).y0((p) => y(p.low)).y1((p) => y(p.high));
    plot.append("path").attr("d", path(curve.envelope.points)).attr("class", "envelope")
      .style("fill", many ? "none" : armColour(index)).style("stroke", armColour(index));
  }
  const known = curve.points.filter((p) => p.low !== null && p.high !== null);
  const band = area<SurvivalPoint>().curve(curveStepAfter).x((p) => x(p.month)).y0((p) => y(p.low!)).y1((p) => y(p.high!));
  plot.append("path").attr("d", band(known)).attr("class", "band").style("fill", armColour(index));
}

/** The curve, pale once fewer than 1 in 20 of the arm are at risk. */
function steps(plot: Group, { index, curve }: ArmCurve, x: Scale, y: Scale): void {
  const path = line<{ month: number; survival: number }>().curve(curveStepAfter).x((p) => x(p.month)).y((p) => y(p.survival));
  const n = curve.at_risk[0]?.at_risk ?? 0;
  const few = curve.at_risk.find((r) => r.at_risk < 0.05 * n)?.month ?? Infinity;
  const cut = curve.points.findIndex((p) => p.month >= few);
  const firm = cut < 0 ? curve.points : curve.points.slice(0, cut + 1);
  const pale = cut < 0 ? [] : curve.points.slice(cut);
  for (const [points, kind] of [[firm, "curve"], [pale, "curve pale"]] as const) {
    if (points.length < 2) continue;
    plot.append("path").attr("d", path(points)).attr("class", kind)
      .style("stroke", armColour(index)).attr("stroke-dasharray", armDash(index));
  }
  if (curve.one_trial) {
    const straight = line<{ month: number; survival: number }>().x((p) => x(p.month)).y((p) => y(p.survival));
    plot.append("path").attr("d", straight(curve.one_trial)).attr("class", "one-trial").style("stroke", armColour(index));
  }
}

function labelsAtEnds(plot: Group, arms: ArmCurve[], y: Scale, right: number): void {
  const ends = arms.map((a) => ({
    index: a.index,
    lines: wrapped(a.label, labelRoom - 14, 13, true),
    at: y(a.curve.points[a.curve.points.length - 1]?.survival ?? 1),
  }));
  ends.sort((a, b) => a.at - b.at);
  let free = 0;
  for (const end of ends) {
    const first = Math.max(free, end.at);
    free = first + 15 * end.lines.length + 4;
    end.lines.forEach((part, i) => plot.append("text").attr("x", right + 8).attr("y", first + 4 + 15 * i)
      .attr("class", "arm").style("fill", armText(end.index)).text(part));
  }
}

function legend(plot: Group, arms: ArmCurve[], left: number): void {
  arms.forEach((a, i) => {
    const at = 10 + 18 * i;
    plot.append("line").attr("class", "curve").attr("x1", left).attr("x2", left + 30).attr("y1", at).attr("y2", at)
      .style("stroke", armColour(a.index)).attr("stroke-dasharray", armDash(a.index));
    plot.append("text").attr("x", left + 36).attr("y", at + 4).attr("class", "arm").style("fill", armText(a.index)).text(a.label);
  });
}

/** Returns the y below the table. */
function riskTable(svg: Svg, arms: ArmCurve[], ticks: number[], x: Scale, top: number): number {
  const table = svg.append("g").attr("class", "risk");
  let at = top;
  for (const { label, index, curve } of arms) {
    const byMonth = new Map(curve.at_risk.map((r) => [r.month, r]));
    at += row;
    table.append("text").attr("x", 2).attr("y", at).attr("class", "arm").style("fill", armText(index)).text(label);
    for (const { key, label: heading } of counts) {
      at += row;
      table.append("text").attr("x", 2).attr("y", at).text(heading);
      for (const month of ticks) {
        const cell = byMonth.get(month);
        if (cell) table.append("text").attr("x", x(month)).attr("y", at).attr("class", "number").text(count(cell[key]));
      }
    }
    at += 5;
  }
  return at + 8;
}
