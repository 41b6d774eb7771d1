// SPDX-License-Identifier: Apache-2.0
// A plane with two axes, their labels and a grid, and a legend above it.
import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear, type ScaleLinear } from "d3-scale";
import type { Group, Svg } from "./frame";
import { armColour, armDash, armText } from "./palette";
import { textWidth, wrapped } from "./words";

export interface Axis { label: string; domain: [number, number]; ticks?: number[]; format?: (value: number) => string }
export interface Plane { plot: Group; x: ScaleLinear<number, number>; y: ScaleLinear<number, number>; bottom: number; below: number }
export interface Key { label: string; index: number; filled?: boolean; dash?: string }  // filled: of bars

/** `below` is the y under the label of the axis: where the figure ends. */
export function plane(svg: Svg, width: number, across: Axis, up: Axis, keys: Key[] = []): Plane {
  const plot = svg.append("g");
  const [left, right] = [68, width - 18];
  const top = legend(plot, keys, left, right) + 12;
  const bottom = top + Math.max(Math.min(360, Math.max(200, 0.45 * (right - left))), textWidth(up.label, 13) + 8);
  const x = scaleLinear(across.domain, [left, right]);
  const y = scaleLinear(up.domain, [bottom, top]);
  const marks = { x: across.ticks ?? x.ticks(width < 500 ? 5 : 9), y: up.ticks ?? y.ticks(5) };
  const minus = (v: number) => `${v}`.replace("-", "−");
  plot.append("g").attr("class", "grid").selectAll("line").data(marks.y).join("line").attr("x1", left).attr("x2", right).attr("y1", y).attr("y2", y);
  plot.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`).call(axisLeft(y).tickValues(marks.y).tickFormat((v) => (up.format ?? minus)(+v)) as any);
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(axisBottom(x).tickValues(marks.x).tickFormat((v) => (across.format ?? minus)(+v)) as any);
  plot.append("text").attr("transform", `translate(14,${(top + bottom) / 2}) rotate(-90)`).attr("class", "title").text(up.label);
  return { plot, x, y, bottom, below: axisTitle(plot, across.label, (left + right) / 2, bottom + 36, width) };
}

/** The label under an axis, in as many lines as it needs; returns the y below. */
export function axisTitle(plot: Group, label: string, middle: number, y: number, width: number): number {
  const lines = wrapped(label, 2 * Math.min(middle, width - middle) - 4, 13);
  lines.forEach((part, i) => plot.append("text").attr("class", "title").attr("x", middle).attr("y", y + 16 * i).text(part));
  return y + 16 * lines.length - 6;
}

/** Ticks of a logarithmic axis of ratios: round ones first, then those between them that leave room for the numbers. */
export function ratioTicks(x: { (value: number): number; domain(): number[] }): number[] {
  const [from, to] = x.domain();
  const kept: number[] = [];
  for (const t of [1, 0.5, 2, 0.2, 5, 0.1, 10, 0.7, 1.5, 0.3, 3, 0.05, 20, 0.02]) {
    if (t >= from && t <= to && kept.every((other) => Math.abs(x(t) - x(other)) >= 30)) kept.push(t);
  }
  return kept.sort((a, b) => a - b);
}

/** Lines with their names, as many beside each other as there is room; returns the y below. */
export function legend(plot: Group, keys: Key[], left: number, right: number): number {
  let [x, y, next] = [left, 10, 10];
  for (const { label, index, filled, dash } of keys) {
    const lines = wrapped(label, right - left - 34, 13, true);
    const wide = 46 + Math.max(...lines.map((part) => textWidth(part, 13, true)));
    if (x > left && (x + wide > right || lines.length > 1)) [x, y] = [left, next];
    if (filled) plot.append("rect").attr("x", x + 14).attr("y", y - 6).attr("width", 14).attr("height", 12).style("fill", armColour(index));
    else plot.append("line").attr("class", "curve").attr("x1", x).attr("x2", x + 28).attr("y1", y).attr("y2", y).style("stroke", armColour(index)).attr("stroke-dasharray", dash ?? armDash(index));
    lines.forEach((part, i) => plot.append("text").attr("class", "arm").attr("x", x + 34).attr("y", y + 4 + 16 * i).style("fill", armText(index)).text(part));
    x += wide + 14;
    next = Math.max(next, y + 2 + 16 * lines.length);
  }
  return keys.length ? next - 10 : 0;
}

export interface Patch { label: string; className: string }

/** Patches of colour with what they mean, as many beside each other as there is room; returns the y below. */
export function patches(plot: Group, keys: Patch[], left: number, right: number): number {
  let [x, y] = [left, 4];
  for (const { label, className } of keys) {
    const wide = 22 + textWidth(label, 12);
    if (x > left && x + wide > right) [x, y] = [left, y + 18];
    plot.append("rect").attr("class", className).attr("x", x).attr("y", y).attr("width", 16).attr("height", 10);
    plot.append("text").attr("class", "note").attr("x", x + 22).attr("y", y + 9).text(label);
    x += wide + 20;
  }
  return y + 18;
}
