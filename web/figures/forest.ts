// SPDX-License-Identifier: Apache-2.0
// Hazard ratios of all patients and by subgroup on a log axis: squares by the number of events, whiskers 95 %, an arrow
// where a whisker leaves the axis.
import { axisBottom } from "d3-axis";
import { scaleLog, scaleSqrt, type ScaleLogarithmic } from "d3-scale";
import { show, type Group, type Svg } from "./frame";
import type { Comparison } from "./summary";
import { ratioTicks } from "./plane";
import { count, interval, pValue, textWidth, wrapped } from "./words";

export interface ForestLabels { title: string; experimental: string; control: string }
type Words = (key: string) => string;
type Scale = ScaleLogarithmic<number, number>;
type Row = { heading: string; p: number | null } | { comparison: Comparison; label: string };

const narrow = 560;  // below this width a row has its label above its mark

export function showForest(host: HTMLElement, name: string, labels: ForestLabels, comparisons: Comparison[], words: Words): void {
  show(host, {
    name,
    title: `${labels.title}: hazard ratio by subgroup, ${labels.experimental} against ${labels.control}`,
    description: comparisons.map((c) => `${c.subgroup}: ${c.hazard_ratio ? interval(c.hazard_ratio, 2) : "not estimated"}.`).join(" "),
    table: [
      ["subgroup", "n_experimental", "events_experimental", "n_control", "events_control", "hazard_ratio", "low", "high", "p", "interaction_p"],
      ...comparisons.map((c) => [c.subgroup, c.n_experimental, c.events_experimental, c.n_control, c.events_control,
        c.hazard_ratio?.estimate ?? null, c.hazard_ratio?.low ?? null, c.hazard_ratio?.high ?? null, c.hazard_ratio?.p ?? null, c.interaction_p]),
    ],
    draw: (svg, width) => draw(svg, width, labels, comparisons, words),
  });
}

/** All patients first, then each covariate as a heading with its levels. */
function rows(comparisons: Comparison[], words: Words): Row[] {
  const out: Row[] = comparisons.filter((c) => !c.covariate).map((comparison) => ({ comparison, label: "All patients" }));
  for (const covariate of new Set(comparisons.map((c) => c.covariate))) {
    if (!covariate) continue;
    const levels = comparisons.filter((c) => c.covariate === covariate);
    out.push({ heading: words(covariate), p: levels.find((c) => c.interaction_p !== null)?.interaction_p ?? null });
    for (const comparison of levels) out.push({ comparison, label: words(comparison.level ?? "") });
  }
  return out;
}

/** From the estimates, so that one wide interval does not flatten the rest. */
function domain(comparisons: Comparison[]): [number, number] {
  const inside = comparisons.flatMap((c) => (c.hazard_ratio?.estimate ? [c.hazard_ratio.estimate] : []));
  const ends = comparisons.flatMap((c) => [c.hazard_ratio?.low, c.hazard_ratio?.high]).filter((v): v is number => !!v && v > 0.2 && v < 4);
  const all = [...inside, ...ends];
  return [Math.min(0.5, ...all) / 1.05, Math.max(1.5, ...all) * 1.05];
}

function draw(svg: Svg, width: number, labels: ForestLabels, comparisons: Comparison[], words: Words): number {
  const list = rows(comparisons, words);
  const wide = width >= 820;
  const stacked = width < narrow;
  const labelled = Math.max(...list.map((r) => ("heading" in r ? textWidth(r.heading, 13, true) : textWidth(r.label, 13) + 14)));
  const eventsWidth = wide ? 104 : 0;
  const start = stacked ? 8 : Math.min(labelled + 12, width * (wide ? 0.3 : 0.32)) + 2 * eventsWidth;
  const end = width - (stacked ? 8 : 142);
  const labelEnd = stacked ? width - 150 : start - 2 * eventsWidth - 4;
  const top = 40;
  const tall = (r: Row) => (stacked && !("heading" in r) ? 40 : 22);
  const bottom = top + list.reduce((sum, r) => sum + tall(r), 0);
  const x = scaleLog(domain(comparisons), [start, end]).clamp(true);
  const size = scaleSqrt([0, Math.max(1, ...comparisons.map((c) => c.events_experimental + c.events_control))], [3, 13]);

  const plot = svg.append("g");
  head(plot, labels, start, eventsWidth, width, wide);
  const whole = comparisons.find((c) => !c.covariate)?.hazard_ratio?.estimate;
  const references = (middle: number) => {
    vertical(plot, "reference", x(1), middle);
    if (whole) vertical(plot, "overall", x(whole), middle);
  };
  let next = top;
  for (const r of list) {
    const at = next + 11;
    next += tall(r);
    if (!stacked || !("heading" in r)) references(stacked ? at + 17 : at);
    if ("heading" in r) {
      plot.append("text").attr("class", "heading").attr("x", 2).attr("y", at + 4).text(r.heading);
      if (r.p !== null) plot.append("text").attr("class", "note end").attr("x", width - 2).attr("y", at + 4).text(`interaction ${pValue(r.p)}`);
      continue;
    }
    const c = r.comparison;
    plot.append("text").attr("class", c.covariate ? "" : "heading").attr("x", c.covariate ? 14 : 2).attr("y", at + 4)
      .text(fitted(r.label, labelEnd - 14));
    if (wide) {
      plot.append("text").attr("class", "end").attr("x", start - eventsWidth - 14).attr("y", at + 4).text(`${count(c.events_experimental)}/${count(c.n_experimental)}`);
      plot.append("text").attr("class", "end").attr("x", start - 14).attr("y", at + 4).text(`${count(c.events_control)}/${count(c.n_control)}`);
    }
    mark(plot, c, x, stacked ? at + 17 : at, size(c.events_experimental + c.events_control));
    plot.append("text").attr("class", "end").attr("x", width - 2).attr("y", at + 4).text(c.hazard_ratio ? interval(c.hazard_ratio, 2) : "not estimated");
  }
  return foot(plot, labels, x, bottom, start, end);
}

function head(plot: Group, labels: ForestLabels, start: number, eventsWidth: number, width: number, wide: boolean): void {
  const text = (at: number, words: string, room = 130) =>
    wrapped(words, room, 12).slice(0, 2).forEach((part, i) =>
      plot.append("text").attr("class", "note end").attr("x", at).attr("y", 12 + 15 * i).text(part));
  if (wide) {
    text(start - eventsWidth - 14, `events/n ${labels.experimental}`, eventsWidth - 12);
    text(start - 14, `events/n ${labels.control}`, eventsWidth - 12);
  }
  text(width - 2, "hazard ratio (95 % interval)");
}

/** One row's piece of a vertical line. */
function vertical(plot: Group, kind: string, x: number, middle: number): void {
  plot.append("line").attr("class", kind).attr("x1", x).attr("x2", x).attr("y1", middle - 11).attr("y2", middle + 11);
}

function mark(plot: Group, c: Comparison, x: Scale, at: number, size: number): void {
  const hr = c.hazard_ratio;
  if (!hr || hr.estimate === null) return;
  const [from, to] = x.domain();
  const low = hr.low ?? from;
  const high = hr.high ?? to;
  const g = plot.append("g").attr("class", "estimate");
  g.append("title").text(`${c.subgroup}: ${interval(hr, 2)}`);
  g.append("line").attr("x1", x(low)).attr("x2", x(high)).attr("y1", at).attr("y2", at);
  if (low < from) g.append("path").attr("d", `M${x(from)},${at}l6,-4v8z`);
  if (high > to) g.append("path").attr("d", `M${x(to)},${at}l-6,-4v8z`);
  if (c.covariate) {
    g.append("rect").attr("x", x(hr.estimate) - size / 2).attr("y", at - size / 2).attr("width", size).attr("height", size);
  } else {
    const half = Math.max(5, (x(high) - x(low)) / 2);
    g.append("path").attr("d", `M${x(hr.estimate) - half},${at}L${x(hr.estimate)},${at - 7}L${x(hr.estimate) + half},${at}L${x(hr.estimate)},${at + 7}z`);
  }
}

function foot(plot: Group, labels: ForestLabels, x: Scale, bottom: number, start: number, end: number): number {
  const ticks = ratioTicks(x);
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(axisBottom(x).tickValues(ticks).tickFormat((v) => `${+v}`) as any);
  let deepest = 0;
  const say = (lines: string[], at: number, kind: string) => lines.forEach((part, i) => {
    deepest = Math.max(deepest, i);
    plot.append("text").attr("class", `note ${kind}`).attr("x", at).attr("y", bottom + 36 + 15 * i).text(part);
  });
  say(wrapped(`←\u00a0${labels.experimental} better`, Math.max(70, x(1) - start - 8), 12), x(1) - 8, "end");
  say(wrapped(`${labels.control} better\u00a0→`, Math.max(70, end - x(1) - 8), 12), x(1) + 8, "");
  return bottom + 44 + 15 * deepest;
}

/** The text, cut with an ellipsis when it is wider than `width`; the table beside the figure has it in full. */
function fitted(text: string, width: number): string {
  if (textWidth(text, 13) <= width) return text;
  let cut = text;
  while (cut.length > 3 && textWidth(`${cut}…`, 13) > width) cut = cut.slice(0, -1);
  return `${cut}…`;
}
