// SPDX-License-Identifier: Apache-2.0
// Sobol' indices: for each parameter the share of the variance of an output that it explains alone (first order, filled) and
// with all others (total, pale), with intervals.
import { axisBottom } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { show, type Svg } from "./frame";
import { axisTitle, patches } from "./plane";
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
  const ticks = x.ticks(width < 500 ? 3 : 6);
  const plot = svg.append("g");
  const top = patches(plot, [{ label: "alone (first order)", className: "first-order" }, { label: "with all others (total)", className: "total-order" }], 2, right);
  const lines = rows.map((r) => brokenName(r.parameter, left - 10));
  const bottom = top + 6 + 34 * rows.length;
  plot.append("g").attr("class", "grid").selectAll("line").data(ticks).join("line").attr("x1", x).attr("x2", x).attr("y1", top).attr("y2", bottom);
  rows.forEach((r, i) => {
    const at = top + 8 + 34 * i;
    lines[i].forEach((part, k) => plot.append("text").attr("class", "end").attr("x", left - 8).attr("y", at + 15 + 15 * k - 7.5 * (lines[i].length - 1)).text(part));
    for (const [kind, e, dy] of [["first-order", r.first, 0], ["total-order", r.total, 12]] as const) {
      if (e.estimate === null) continue;
      plot.append("rect").attr("class", kind).attr("x", x(0)).attr("y", at + dy).attr("width", Math.max(0, x(e.estimate) - x(0))).attr("height", 11).append("title").text(`${r.parameter}: ${interval(e, 2)}`);
      if (e.low !== null && e.high !== null) plot.append("line").attr("class", "reference").attr("x1", x(e.low)).attr("x2", x(e.high)).attr("y1", at + dy + 5.5).attr("y2", at + dy + 5.5);
    }
  });
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(axisBottom(x).tickValues(ticks) as any);
  return axisTitle(plot, `Share of the variance of ${output}`, (left + right) / 2, bottom + 36, width);
}

/** A dotted name in as many lines as it needs, broken after dots. */
function brokenName(name: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of name.match(/[^.]+\.?/g) ?? [name]) {
    const last = lines.length - 1;
    if (last >= 0 && textWidth(lines[last] + part, 13) <= width) lines[last] += part;
    else lines.push(part);
  }
  return lines;
}
