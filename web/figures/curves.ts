// SPDX-License-Identifier: Apache-2.0
// Survival or cumulative incidence of anyone's data: steps with their bands, and the numbers at risk under the axis at its ticks.
import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { show, type Svg, type Table } from "./frame";
import { armColour, armDash } from "./palette";
import { legend } from "./plane";
import { count, textWidth } from "./words";

type Num = number | null;
export interface Curve { group: string; time: number[]; surv: number[]; lower: Num[]; upper: Num[]; n_risk: number[] }
interface Point { time: number; surv: number; lower: Num; upper: Num }

/** `first` is the value at time 0: 1 for survival, 0 for incidence. */
export function showCurves(host: HTMLElement, name: string, title: string, curves: Curve[], quantity = "survival", first = 1): void {
  const table: Table = [["group", "time", quantity, "low", "high", "at_risk"]];
  for (const c of curves) c.time.forEach((t, i) => table.push([c.group, t, c.surv[i], c.lower[i], c.upper[i], c.n_risk[i]]));
  show(host, {
    name, table, title,
    description: curves.map((c) => `${c.group}: ${c.n_risk[0] ?? 0} at risk at first, ${quantity} ${(c.surv[c.surv.length - 1] ?? first).toFixed(2)} at the end.`).join(" "),
    draw: (svg, width) => draw(svg, width, curves, first),
  });
}

/** The curve from time 0 on, a point a step. */
function points(c: Curve, first: number): Point[] {
  return [{ time: 0, surv: first, lower: first, upper: first }, ...c.time.map((time, i) => ({ time, surv: c.surv[i], lower: c.lower[i], upper: c.upper[i] }))];
}

function draw(svg: Svg, width: number, curves: Curve[], first: number): number {
  const labels = Math.min(140, Math.max(...curves.map((c) => textWidth(c.group, 12, true))));
  const left = Math.max(56, labels + 24);
  const right = width - 16;
  const plot = svg.append("g");
  const top = 6 + legend(plot, curves.map((c, i) => ({ label: c.group, index: i })), left, right);
  const bottom = top + Math.min(380, Math.max(220, 0.5 * (right - left)));
  const x = scaleLinear([0, Math.max(...curves.map((c) => c.time[c.time.length - 1] ?? 0), 1e-9)], [left, right]);
  const y = scaleLinear([0, 1], [bottom, top]);
  const ticks = x.ticks(Math.max(3, Math.floor((right - left) / 90)));
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(axisBottom(x).tickValues(ticks) as any);
  plot.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`).call(axisLeft(y).ticks(5) as any);
  curves.forEach((c, i) => {
    const steps = points(c, first);
    plot.append("path").attr("class", "band").attr("fill", armColour(i)).attr("d",
      area<Point>().curve(curveStepAfter).defined((p) => p.lower !== null && p.upper !== null).x((p) => x(p.time)).y0((p) => y(p.lower!)).y1((p) => y(p.upper!))(steps));
    plot.append("path").attr("class", "curve").attr("stroke", armColour(i)).attr("stroke-dasharray", armDash(i)).attr("d",
      line<Point>().curve(curveStepAfter).x((p) => x(p.time)).y((p) => y(p.surv))(steps));
    const base = bottom + 58 + 17 * i;
    plot.append("text").attr("class", "note").attr("x", 2).attr("y", base).text(c.group.slice(0, 20));
    for (const t of ticks) plot.append("text").attr("class", "number note").attr("x", x(t)).attr("y", base).text(count(atRisk(c, t)));
  });
  plot.append("text").attr("class", "note").attr("x", 2).attr("y", bottom + 40).text("At risk");
  return bottom + 66 + 17 * curves.length;
}

/** Just before the first row at or after the time. */
function atRisk(c: Curve, time: number): number {
  const i = c.time.findIndex((t) => t >= time);
  return i < 0 ? 0 : c.n_risk[i];
}
