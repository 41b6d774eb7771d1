// SPDX-License-Identifier: Apache-2.0
// Published against simulated, a row each: the publication as an open circle with its interval, the simulation as a filled
// square with its own, the range of simulated trials as a pale bar. A row that does not agree says so in words.
import { axisBottom } from "d3-axis";
import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from "d3-scale";
import { show, type Group, type Svg } from "./frame";
import type { Estimate, EvidenceRow } from "./summary";
import { ratioTicks } from "./plane";
import { wrapped } from "./words";

type Scale = ScaleContinuousNumeric<number, number>;

const axes = {
  ratio: { label: "Ratio (log scale)", digits: 2 },
  probability: { label: "Share of patients", digits: 3 },
  months: { label: "Months", digits: 1 },
} as const;

/** One panel for each kind of quantity, since they do not share an axis. */
export function showEvidence(host: HTMLElement, name: string, title: string, rows: EvidenceRow[]): void {
  show(host, {
    name,
    title,
    description: rows.map((r) => `${r.quantity}: published ${r.published.estimate ?? "absent"}, simulated ${r.simulated.estimate ?? "absent"}${verdict(r)}.`).join(" "),
    table: [
      ["id", "quantity", "published", "published_low", "published_high", "simulated", "simulated_low", "simulated_high", "trials_low", "trials_high", "agrees"],
      ...rows.map((r) => [r.id, r.quantity, r.published.estimate, r.published.low, r.published.high, r.simulated.estimate,
        r.simulated.low, r.simulated.high, r.simulated_trials?.low ?? null, r.simulated_trials?.high ?? null, r.agrees === null ? null : `${r.agrees}`]),
    ],
    draw: (svg, width) => {
      let at = key(svg, width);
      for (const scale of ["ratio", "probability", "months"] as const) {
        const panel = rows.filter((r) => r.scale === scale);
        if (panel.length) at = drawPanel(svg, width, at, scale, panel);
      }
      return at;
    },
  });
}

const verdict = (r: EvidenceRow): string => (r.agrees === false ? ", does not agree" : r.agrees ? ", agrees" : "");

function ends(r: EvidenceRow): number[] {
  const all = [r.published, r.simulated, ...(r.simulated_trials ? [r.simulated_trials] : [])].flatMap((e) => [e.estimate, e.low, e.high]);
  return all.filter((v): v is number => v !== null);
}

function axisFor(scale: EvidenceRow["scale"], rows: EvidenceRow[], from: number, to: number): Scale {
  const values = rows.flatMap(ends);
  if (scale === "probability") return scaleLinear([0, 1], [from, to]);
  if (scale === "months") return scaleLinear([0, Math.max(1, ...values) * 1.05], [from, to]);
  const above = values.filter((v) => v > 0);
  return scaleLog([Math.min(0.5, ...above) / 1.05, Math.max(1.5, ...above) * 1.05], [from, to]);
}

function drawPanel(svg: Svg, width: number, top: number, scale: EvidenceRow["scale"], rows: EvidenceRow[]): number {
  const beside = width >= 640;  // else the label stands above its row
  const from = beside ? 0.4 * width : 18;
  const labelWidth = beside ? from - 20 : width - 16;
  const labels = rows.map((r) => wrapped(`${r.quantity}${r.agrees === false ? " – does not agree" : ""}`, labelWidth, 13, r.agrees === false));
  const heights = labels.map((l) => (beside ? Math.max(30, 16 * l.length + 12) : 16 * l.length + 30));
  const bottom = top + heights.reduce((a, b) => a + b, 0);
  const x = axisFor(scale, rows, from, width - 22);

  const plot = svg.append("g");
  const ticks = scale === "ratio" ? ratioTicks(x) : x.ticks(6);
  const grid = plot.append("g").attr("class", "grid");
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`)
    .call(axisBottom(x).tickValues(ticks).tickFormat((v) => (scale === "probability" ? `${Math.round(100 * +v)} %` : `${+v}`)) as any);
  plot.append("text").attr("class", "title").attr("x", (from + width - 22) / 2).attr("y", bottom + 36).text(axes[scale].label);
  let at = top;
  rows.forEach((r, i) => {
    labels[i].forEach((part, k) => plot.append("text").attr("x", beside ? from - 14 : 8).attr("y", at + 16 + 16 * k)
      .attr("class", `${beside ? "end" : ""} ${r.agrees === false ? "disagrees" : ""}`).text(part));
    const middle = beside ? at + heights[i] / 2 : at + heights[i] - 14;
    if (scale === "ratio") segment(grid, x(1), middle);
    else ticks.forEach((t) => segment(grid, x(t), middle));
    drawRow(plot, r, x, middle);
    at += heights[i];
  });
  return bottom + 56;
}

function segment(grid: Group, x: number, middle: number): void {
  grid.append("line").attr("x1", x).attr("x2", x).attr("y1", middle - 12).attr("y2", middle + 12);
}

function drawRow(plot: Group, r: EvidenceRow, x: Scale, at: number): void {
  const g = plot.append("g");
  g.append("title").text(`${r.quantity}${verdict(r)}`);
  if (r.simulated_trials && r.simulated_trials.low !== null) {
    const [low, high] = [x(r.simulated_trials.low), r.simulated_trials.high === null ? x.range()[1] : x(r.simulated_trials.high)];  // no limit: to the edge
    g.append("rect").attr("class", "trials").attr("x", low).attr("width", Math.max(1, high - low)).attr("y", at - 1).attr("height", 12);
  }
  whisker(g, r.published, x, at - 5, "published");
  whisker(g, r.simulated, x, at + 5, "simulated");
}

function whisker(g: Group, e: Estimate, x: Scale, at: number, kind: "published" | "simulated"): void {
  if (e.low !== null && e.high !== null) g.append("line").attr("class", kind).attr("x1", x(e.low)).attr("x2", x(e.high)).attr("y1", at).attr("y2", at);
  if (e.estimate === null) return;
  if (kind === "published") g.append("circle").attr("class", kind).attr("cx", x(e.estimate)).attr("cy", at).attr("r", 4);
  else g.append("rect").attr("class", kind).attr("x", x(e.estimate) - 4).attr("y", at - 4).attr("width", 8).attr("height", 8);
}

function key(svg: Svg, width: number): number {
  const g = svg.append("g");
  const gap = width >= 640 ? 210 : 0;
  const place = (i: number) => ({ x: gap ? 8 + gap * i : 8, y: gap ? 12 : 12 + 18 * i });
  const say = (i: number, words: string) => g.append("text").attr("x", place(i).x + 26).attr("y", place(i).y + 4).text(words);
  const mark = (i: number) => ({ estimate: place(i).x + 10, low: place(i).x, high: place(i).x + 20 });
  const same = scaleLinear([0, 1], [0, 1]);
  whisker(g, mark(0), same, place(0).y, "published");
  say(0, "published, 95 % interval");
  whisker(g, mark(1), same, place(1).y, "simulated");
  say(1, "simulated, its uncertainty");
  g.append("rect").attr("class", "trials").attr("x", place(2).x).attr("y", place(2).y - 6).attr("width", 20).attr("height", 12);
  say(2, "simulated trials of that size");
  return (gap ? 12 : 48) + 20;
}
