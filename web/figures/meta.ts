// SPDX-License-Identifier: Apache-2.0
// A meta-analysis: forest plot (studies as squares of their weight, pooled effects as diamonds, prediction as a bar) and
// funnel plot (effect against standard error, with the 95 % region about the pooled effect).
import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear, scaleLog } from "d3-scale";
import { show, type Svg, type Table } from "./frame";
import { ratioTicks } from "./plane";
import { interval, textWidth } from "./words";

type Num = number | null;
export interface ForestRow { kind: "study" | "subgroup" | "pooled" | "prediction"; label: string; estimate: Num; low: Num; high: Num; weight?: Num }
export interface Forest { scale: "log" | "linear"; no_effect: number; rows: ForestRow[] }

export function showMetaForest(host: HTMLElement, name: string, title: string, measure: string, forest: Forest): void {
  const table: Table = [["kind", "label", "estimate", "low", "high", "weight"]];
  for (const r of forest.rows) table.push([r.kind, r.label, r.estimate, r.low, r.high, r.weight ?? null]);
  show(host, {
    name, table, title, description: forest.rows.map((r) => `${r.label}: ${interval(r, 2)}.`).join(" "),
    draw: (svg, width) => drawForest(svg, width, measure, forest),
  });
}

function axis(forest: Forest, values: number[], range: [number, number]) {
  const low = Math.min(forest.no_effect, ...values), high = Math.max(forest.no_effect, ...values);
  return forest.scale === "log" ? scaleLog([low / 1.1, high * 1.1], range).clamp(true) : scaleLinear([low - 0.05 * (high - low), high + 0.05 * (high - low)], range).clamp(true);
}

function finite(rows: ForestRow[]): number[] {
  return rows.flatMap((r) => [r.estimate, r.low, r.high]).filter((v): v is number => v !== null && Number.isFinite(v) && (v > 0.02 || v <= 0) && v < 50);
}

const ticksOf = (x: any, log: boolean): number[] => (log ? ratioTicks(x) : x.ticks(Math.max(2, Math.min(6, Math.floor((x.range()[1] - x.range()[0]) / 45)))));

function drawForest(svg: Svg, width: number, measure: string, forest: Forest): number {
  const start = Math.min(0.4 * width, 16 + Math.max(...forest.rows.map((r) => textWidth(r.label, 13, r.kind !== "study"))));
  const end = width - 150;
  const x = axis(forest, finite(forest.rows), [start, end]);
  const largest = Math.max(1e-9, ...forest.rows.map((r) => r.weight ?? 0));
  const plot = svg.append("g");
  plot.append("text").attr("class", "note end").attr("x", width - 2).attr("y", 12).text(`${measure} (interval)`);
  const bottom = 24 + 22 * forest.rows.length;
  const pooled = forest.rows.find((r) => r.kind === "pooled")?.estimate;
  plot.append("line").attr("class", "reference").attr("x1", x(forest.no_effect)).attr("x2", x(forest.no_effect)).attr("y1", 22).attr("y2", bottom);
  if (pooled) plot.append("line").attr("class", "overall").attr("x1", x(pooled)).attr("x2", x(pooled)).attr("y1", 22).attr("y2", bottom);
  forest.rows.forEach((r, i) => {
    const at = 35 + 22 * i;
    plot.append("text").attr("class", r.kind === "study" ? "" : "heading").attr("x", 2).attr("y", at + 4).text(r.label);
    plot.append("text").attr("class", "end").attr("x", width - 2).attr("y", at + 4).text(r.kind === "prediction" && r.low !== null && r.high !== null ? `${r.low.toFixed(2)} to ${r.high.toFixed(2)}` : interval(r, 2));
    if (r.low === null || r.high === null) return;
    const g = plot.append("g").attr("class", "estimate");
    if (r.kind === "pooled" || r.kind === "subgroup") {
      g.append("path").attr("d", `M${x(r.low)},${at}L${x(r.estimate!)},${at - 7}L${x(r.high)},${at}L${x(r.estimate!)},${at + 7}z`);
      return;
    }
    g.append("line").attr("x1", x(r.low)).attr("x2", x(r.high)).attr("y1", at).attr("y2", at).style("stroke-width", r.kind === "prediction" ? "4px" : null);
    if (r.kind === "prediction" || r.estimate === null) return;
    const side = 4 + 10 * Math.sqrt((r.weight ?? largest) / largest);
    g.append("rect").attr("x", x(r.estimate) - side / 2).attr("y", at - side / 2).attr("width", side).attr("height", side);
  });
  const log = forest.scale === "log";
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(axisBottom(x as any).tickValues(ticksOf(x, log)).tickFormat((v) => `${+v}`) as any);
  return bottom + 34;
}

/** Effect against its standard error, on the scale of pooling; the triangle holds 95 % of studies without heterogeneity. */
export function showFunnel(host: HTMLElement, name: string, title: string, measure: string, forest: Forest): void {
  const log = forest.scale === "log";
  const onScale = (v: number) => (log ? Math.log(v) : v);
  const studies = forest.rows.filter((r) => r.kind === "study" && r.estimate !== null && r.low !== null && r.high !== null)
    .map((r) => ({ label: r.label, estimate: r.estimate!, se: (onScale(r.high!) - onScale(r.low!)) / (2 * 1.959964) }));
  const centre = forest.rows.find((r) => r.kind === "pooled")?.estimate ?? forest.no_effect;
  show(host, {
    name, title, table: [["study", "estimate", "standard_error"], ...studies.map((s) => [s.label, s.estimate, s.se])],
    description: `${studies.length} studies; pooled effect ${centre.toFixed(2)}.`,
    draw: (svg, width) => {
      const left = 60, right = width - 16, top = 14, bottom = top + Math.min(360, 0.6 * width);
      const widest = 1.05 * Math.max(...studies.map((s) => s.se));
      const edges = [-1, 1].map((side) => onScale(centre) + side * 1.959964 * widest).map((v) => (log ? Math.exp(v) : v));
      const x = axis(forest, [...edges, ...studies.map((s) => s.estimate)], [left, right]);
      const y = scaleLinear([0, widest], [top, bottom]);
      const plot = svg.append("g");
      plot.append("path").attr("class", "band").attr("fill", "var(--rule)").attr("d", `M${x(centre)},${y(0)}L${x(edges[1])},${y(widest)}L${x(edges[0])},${y(widest)}z`);
      plot.append("line").attr("class", "overall").attr("x1", x(centre)).attr("x2", x(centre)).attr("y1", top).attr("y2", bottom);
      for (const s of studies) {
        const dot = plot.append("g").attr("class", "estimate").append("circle").attr("cx", x(s.estimate)).attr("cy", y(s.se)).attr("r", 4);
        dot.append("title").text(s.label);
      }
      plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(axisBottom(x as any).tickValues(ticksOf(x, log)).tickFormat((v) => `${+v}`) as any);
      plot.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`).call(axisLeft(y).ticks(5) as any);
      plot.append("text").attr("class", "note middle").attr("x", (left + right) / 2).attr("y", bottom + 34).text(measure);
      plot.append("text").attr("class", "note").attr("x", left + 8).attr("y", 10).text("standard error");
      return bottom + 42;
    },
  });
}
