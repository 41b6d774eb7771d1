// SPDX-License-Identifier: Apache-2.0
// What no real trial can see: the same virtual patient on both arms. The benefit of each patient, sorted; and the mean
// benefit by what is known of a patient at the start.
import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { show, type Svg } from "./frame";
import { daysPerMonth, type TwinGroup, type Twins } from "./summary";
import { count, fixed, interval, percent, textWidth, wrapped } from "./words";

interface Gain { share: number; months: number }

export function showTwins(host: HTMLElement, name: string, label: string, twins: Twins, experimental: string, control: string): void {
  const gains = twins.benefit_days.quantiles.map((q) => ({ share: q.share, months: q.days / daysPerMonth }));
  show(host, {
    name,
    title: `${label}: months gained by each virtual patient on ${experimental} rather than ${control}, sorted`,
    description: `${percent(twins.share_better)} gain, ${percent(twins.share_worse)} lose, the rest are the same within a day.`,
    table: [["share_of_patients", "benefit_days"], ...twins.benefit_days.quantiles.map((q) => [q.share, q.days])],
    draw: (svg, width) => drawSorted(svg, width, gains, twins, experimental, control),
  });
}

function drawSorted(svg: Svg, width: number, gains: Gain[], twins: Twins, experimental: string, control: string): number {
  const [left, right] = [66, width - 24];
  const note = wrapped(`above 0: longer on ${experimental}; below: longer on ${control}`, width - left - 2, 12);
  const top = 25 + 15 * note.length;
  const bottom = top + Math.min(320, Math.max(200, 0.4 * width));
  const x = scaleLinear([0, 1], [left, right]);
  const months = gains.map((g) => g.months);
  const y = scaleLinear([Math.min(-1, ...months), Math.max(1, ...months)], [bottom, top]).nice();
  const plot = svg.append("g");
  plot.append("g").attr("class", "grid").selectAll("line").data(y.ticks(6)).join("line").attr("x1", left).attr("x2", right).attr("y1", y).attr("y2", y);
  plot.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`).call(axisLeft(y).ticks(6).tickFormat((v) => `${v}`.replace("-", "−")) as any);
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(axisBottom(x).tickValues([0, 0.25, 0.5, 0.75, 1]).tickFormat((v) => `${100 * +v} %`) as any);
  for (const [kind, clip] of [["gain", Math.max], ["loss", Math.min]] as const) {
    const path = area<Gain>().x((g) => x(g.share)).y0(y(0)).y1((g) => y(clip(0, g.months)));
    plot.append("path").attr("class", kind).attr("d", path(gains));
  }
  plot.append("path").attr("class", "curve ink").attr("d", line<Gain>().x((g) => x(g.share)).y((g) => y(g.months))(gains));
  plot.append("line").attr("class", "reference").attr("x1", left).attr("x2", right).attr("y1", y(0)).attr("y2", y(0));
  const same = 1 - twins.share_better - twins.share_worse;
  plot.append("text").attr("x", left).attr("y", 12).text(`${percent(twins.share_worse)} lose · ${percent(same)} the same · ${percent(twins.share_better)} gain`);
  note.forEach((part, i) => plot.append("text").attr("x", left).attr("y", 29 + 15 * i).attr("class", "note").text(part));
  plot.append("text").attr("transform", `translate(14,${(top + bottom) / 2}) rotate(-90)`).attr("class", "title").text("Months gained");
  plot.append("text").attr("x", (left + right) / 2).attr("y", bottom + 36).attr("class", "title").text("Virtual patients, sorted by what they gain");
  return bottom + 46;
}

export function showTwinGroups(host: HTMLElement, name: string, label: string, known: TwinGroup[], words: (key: string) => string): void {
  const groups = known.map((g) => ({ ...g, covariate: words(g.covariate), level: words(g.level) }));
  show(host, {
    name,
    title: `${label}: mean months gained, by what is known of a patient at the start`,
    description: groups.map((g) => `${g.covariate} ${g.level}: ${inMonths(g)}.`).join(" "),
    table: [
      ["covariate", "level", "n", "mean_benefit_days", "low", "high", "share_better", "share_worse"],
      ...groups.map((g) => [g.covariate, g.level, g.n, g.mean_benefit_days.estimate, g.mean_benefit_days.low, g.mean_benefit_days.high, g.share_better, g.share_worse]),
    ],
    draw: (svg, width) => drawGroups(svg, width, groups),
  });
}

const toMonths = (days: number | null) => (days === null ? null : days / daysPerMonth);
function inMonths(g: TwinGroup): string {
  const { estimate, low, high } = g.mean_benefit_days;
  return interval({ estimate: toMonths(estimate), low: toMonths(low), high: toMonths(high) }, 1);
}

function drawGroups(svg: Svg, width: number, groups: TwinGroup[]): number {
  const covariates = [...new Set(groups.map((g) => g.covariate))];
  const widest = Math.max(...groups.map((g) => textWidth(g.level, 13) + 16), ...covariates.map((c) => textWidth(c, 13, true))) + 12;
  const beside = widest <= 0.42 * width;  // else a row's words stand above its mark
  const [left, right] = beside ? [widest, width - 136] : [16, width - 24];
  const line = 22, step = beside ? line : 38;
  const ends = groups.flatMap((g) => [g.mean_benefit_days.estimate, g.mean_benefit_days.low, g.mean_benefit_days.high])
    .filter((d): d is number => d !== null).map((d) => d / daysPerMonth);
  const x = scaleLinear([Math.min(0, ...ends), Math.max(1, ...ends)], [left, right]).nice();
  const bottom = 20 + step * groups.length + line * covariates.length;
  const plot = svg.append("g");
  plot.append("text").attr("class", "note end").attr("x", width - 2).attr("y", 12).text("mean (95 % interval)");
  if (beside) plot.append("line").attr("class", "reference").attr("x1", x(0)).attr("x2", x(0)).attr("y1", 20).attr("y2", bottom);
  let at = 20 + line / 2;
  for (const covariate of covariates) {
    plot.append("text").attr("class", "heading").attr("x", 2).attr("y", at + 4).text(covariate);
    at += line;
    for (const g of groups.filter((one) => one.covariate === covariate)) {
      plot.append("text").attr("x", 16).attr("y", at + 4).text(g.level);
      plot.append("text").attr("class", "end").attr("x", width - 2).attr("y", at + 4).text(inMonths(g));
      const middle = beside ? at : at + 17;
      if (!beside) plot.append("line").attr("class", "reference").attr("x1", x(0)).attr("x2", x(0)).attr("y1", middle - 8).attr("y2", middle + 8);
      const { estimate, low, high } = g.mean_benefit_days;
      const mark = plot.append("g").attr("class", "estimate");
      mark.append("title").text(`${covariate} ${g.level}, ${count(g.n)} patients: ${fixed(toMonths(estimate), 1)} months`);
      if (low !== null && high !== null) mark.append("line").attr("x1", x(low / daysPerMonth)).attr("x2", x(high / daysPerMonth)).attr("y1", middle).attr("y2", middle);
      if (estimate !== null) mark.append("circle").attr("cx", x(estimate / daysPerMonth)).attr("cy", middle).attr("r", 4.5);
      at += step;
    }
  }
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(axisBottom(x).ticks(Math.max(2, Math.min(7, Math.floor((right - left) / 45)))) as any);
  plot.append("text").attr("class", "title").attr("x", (left + right) / 2).attr("y", bottom + 36).text("Mean months gained");
  return bottom + 46;
}
