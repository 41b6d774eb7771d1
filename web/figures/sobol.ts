// SPDX-License-Identifier: Apache-2.0
// Sobol' indices: for each parameter the share of the variance of an output that it explains alone (first order, filled) and
// with all others (total, pale), with intervals.
import { axisBottom } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { show, type Svg } from "./frame";
import type { Estimate } from "./summary";
import { interval, textWidth } from "./words";

export interface SobolRow { parameter: string; first: Estimate; total: Estimate }

export function showSobol(host: HTMLElement, name: string, output: string, given: SobolRow[]): void {
  const rows = [...given].sort((a, b) => (b.total.estimate ?? 0) - (a.total.estimate ?? 0));
  show(host, {
    name,
    title: `Which parameters decide ${output}: Sobol’ indices`,
    description: rows.map((r) => `${r.parameter}: alone ${interval(r.first, 2)}, with others ${interval(r.total, 2)}.`).join(" "),
    table: [["parameter", "first", "first_low", "first_high", "total", "total_low", "total_high"],
      ...rows.map((r) => [r.parameter, r.first.estimate, r.first.low, r.first.high, r.total.estimate, r.total.low, r.total.high])],
    draw: (svg, width) => draw(svg, width, output, rows),
  });
}

function draw(svg: Svg, width: number, output: string, rows: SobolRow[]): number {
  const left = Math.min(0.4 * width, 14 + Math.max(60, ...rows.map((r) => textWidth(r.parameter, 13))));
  const right = width - 20;
  const most = Math.max(0.1, ...rows.flatMap((r) => [r.total.estimate ?? 0, r.total.high ?? 0, r.first.high ?? 0]));
  const x = scaleLinear([0, Math.min(1.1, most)], [left, right]).nice().clamp(true);
  const plot = svg.append("g");
  const bottom = 28 + 34 * rows.length;
  ["alone (first order)", "with all others (total)"].forEach((label, i) => {
    plot.append("rect").attr("class", i ? "total-order" : "first-order").attr("x", left + 170 * i).attr("y", 4).attr("width", 16).attr("height", 10);
    plot.append("text").attr("class", "note").attr("x", left + 22 + 170 * i).attr("y", 13).text(label);
  });
  plot.append("g").attr("class", "grid").selectAll("line").data(x.ticks(6)).join("line").attr("x1", x).attr("x2", x).attr("y1", 24).attr("y2", bottom);
  rows.forEach((r, i) => {
    const at = 30 + 34 * i;
    plot.append("text").attr("class", "end").attr("x", left - 8).attr("y", at + 15).text(r.parameter);
    for (const [kind, e, dy] of [["first-order", r.first, 0], ["total-order", r.total, 12]] as const) {
      if (e.estimate === null) continue;
      plot.append("rect").attr("class", kind).attr("x", x(0)).attr("y", at + dy).attr("width", Math.max(0, x(e.estimate) - x(0))).attr("height", 11).append("title").text(`${r.parameter}: ${interval(e, 2)}`);
      if (e.low !== null && e.high !== null) plot.append("line").attr("class", "reference").attr("x1", x(e.low)).attr("x2", x(e.high)).attr("y1", at + dy + 5.5).attr("y2", at + dy + 5.5);
    }
  });
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(axisBottom(x).ticks(6) as any);
  plot.append("text").attr("class", "title").attr("x", (left + right) / 2).attr("y", bottom + 36).text(`Share of the variance of ${output}`);
  return bottom + 46;
}
