// SPDX-License-Identifier: Apache-2.0
// Operating characteristics of designs: a curve a design over sample size, hazard ratio, time or what else is varied.
import { area, line } from "d3-shape";
import { show, type Svg, type Table } from "./frame";
import { armColour, armDash } from "./palette";
import { plane } from "./plane";
import type { Num } from "./summary";

export interface DesignPoint { x: number; y: number; low?: Num; high?: Num }
export interface DesignCurves {
  x: string;  // what is varied, with its unit
  y: string;  // what comes out, as "power"
  probability: boolean;  // y runs from 0 to 1
  aims?: number[];  // lines across, as 0.8 and 0.9
  series: { label: string; points: DesignPoint[] }[];
}

export function showDesign(host: HTMLElement, name: string, title: string, curves: DesignCurves): void {
  const table: Table = [["series", curves.x, curves.y, "low", "high"]];
  for (const s of curves.series) for (const p of s.points) table.push([s.label, p.x, p.y, p.low ?? null, p.high ?? null]);
  show(host, {
    name, title, table,
    description: curves.series.map((s) => `${s.label}: ${s.points.map((p) => `${p.y.toPrecision(3)} at ${p.x}`).join(", ")}.`).join(" "),
    draw: (svg, width) => draw(svg, width, curves),
  });
}

function draw(svg: Svg, width: number, curves: DesignCurves): number {
  const points = curves.series.flatMap((s) => s.points);
  const xs = points.map((p) => p.x);
  const ys = points.flatMap((p) => [p.y, p.low ?? p.y, p.high ?? p.y]);
  const up: [number, number] = curves.probability ? [0, 1] : [Math.min(0, ...ys), Math.max(1e-9, ...ys) * 1.05];
  const p = plane(svg, width, { label: curves.x, domain: [Math.min(...xs), Math.max(...xs)] },
    { label: curves.y, domain: up, format: curves.probability ? (v) => `${Math.round(100 * v)} %` : undefined }, curves.series.map((s, index) => ({ label: s.label, index })));
  const [left, right] = p.x.range();
  for (const aim of curves.aims ?? []) p.plot.append("line").attr("class", "overall").attr("x1", left).attr("x2", right).attr("y1", p.y(aim)).attr("y2", p.y(aim));
  curves.series.forEach((s, i) => {
    const sorted = [...s.points].sort((a, b) => a.x - b.x);
    const banded = sorted.filter((d) => d.low !== undefined && d.low !== null && d.high !== undefined && d.high !== null);
    p.plot.append("path").attr("class", "band").style("fill", armColour(i)).attr("d", area<DesignPoint>().x((d) => p.x(d.x)).y0((d) => p.y(d.low!)).y1((d) => p.y(d.high!))(banded));
    p.plot.append("path").attr("class", "curve").style("stroke", armColour(i)).attr("stroke-dasharray", armDash(i)).attr("d", line<DesignPoint>().x((d) => p.x(d.x)).y((d) => p.y(d.y))(sorted));
    for (const d of sorted) p.plot.append("circle").attr("cx", p.x(d.x)).attr("cy", p.y(d.y)).attr("r", 3).style("fill", armColour(i)).append("title").text(`${s.label}: ${d.y.toPrecision(3)} at ${d.x}`);
  });
  return p.below;
}
