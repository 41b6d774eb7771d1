// SPDX-License-Identifier: Apache-2.0
// Figures of a trial design: power over the grid, where trials stop, how long they last, and the survival they draw from.
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { show, type Svg, type Table } from "./frame";
import { armColour, armDash } from "./palette";
import { patches, plane } from "./plane";

interface Measured { value: number | null; error: number | null }
interface Stop { efficacy: Measured; futility: Measured }
interface TestResult {
  name: string; power: Measured; power_pool_error: number | null; stops: Stop[]; ended_by_month: number[];
  without_effect: { stops: Stop[] }; formula: { power: number | null } | null;
}
export interface DesignScenario { setting: Record<string, string>; patients: number; tests: TestResult[]; curves: { name: string; survival: number[] }[]; members: { test: string; mean: Measured; members: Measured[] }[] }
export interface DesignPage { axes: string[]; scenarios: DesignScenario[]; endpoint: string }

interface Point { x: number; y: number; error?: number }
interface Series { name: string; points: Point[]; colour?: number; faint?: boolean; marks?: boolean }
interface Axes { x: string; y: string; xTicks?: number[] }

/** Lines over one another, each with its own colour and dashes; bars of twice the error where there are any. */
function showLines(host: HTMLElement, name: string, title: string, axes: Axes, series: Series[]): void {
  const table: Table = [["series", axes.x, axes.y, "error"]];
  for (const s of series) for (const p of s.points) table.push([s.name, p.x, p.y, p.error ?? null]);
  const describe = (s: Series) => `${s.name}: ${s.points.length ? `${s.points[0].y.toFixed(2)} at ${s.points[0].x} to ${s.points[s.points.length - 1].y.toFixed(2)} at ${s.points[s.points.length - 1].x}` : "nothing"}.`;
  show(host, { name, title, table, description: series.map(describe).join(" "), draw: (svg, width) => drawLines(svg, width, axes, series) });
}

function drawLines(svg: Svg, width: number, axes: Axes, series: Series[]): number {
  const colour = (s: Series, i: number) => s.colour ?? i;
  const dash = (s: Series, i: number) => (s.faint ? "1 4" : armDash(colour(s, i)));
  const xs = series.flatMap((s) => s.points.map((p) => p.x));
  const low = Math.min(...xs), high = Math.max(...xs), room = high > low ? 0.04 * (high - low) : 1;
  const keys = series.map((s, i) => ({ label: s.name, index: colour(s, i), dash: dash(s, i) }));
  const { plot, x, y, below } = plane(svg, width, { label: axes.x, domain: [low > 0 ? low - room : low, high + room], ticks: axes.xTicks },
    { label: axes.y, domain: [0, 1], format: (v) => `${Math.round(100 * v)} %` }, keys);
  series.forEach((s, i) => {
    const ink = armColour(colour(s, i));
    plot.append("path").attr("class", "curve").style("stroke", ink).attr("stroke-dasharray", dash(s, i)).attr("d", line<Point>().x((p) => x(p.x)).y((p) => y(p.y))(s.points));
    for (const p of s.marks ? s.points : []) {
      plot.append("circle").attr("cx", x(p.x)).attr("cy", y(p.y)).attr("r", 3.5).style("fill", ink);
      if (p.error) plot.append("line").style("stroke", ink).attr("x1", x(p.x)).attr("x2", x(p.x)).attr("y1", y(Math.max(0, p.y - 2 * p.error))).attr("y2", y(Math.min(1, p.y + 2 * p.error)));
    }
  });
  return below;
}

/** The axis of the grid whose values are numbers; the scenarios along it that share the first value of the other axes. */
function along(page: DesignPage): { key: string; scenarios: DesignScenario[] } {
  const numeric = page.axes.filter((key) => page.scenarios.every((s) => Number.isFinite(Number(s.setting[key]))));
  const key = numeric.includes("patients") ? "patients" : numeric[0] ?? "";
  const first = page.scenarios[0];
  const scenarios = page.scenarios.filter((s) => page.axes.every((other) => other === key || s.setting[other] === first.setting[other]));
  return { key, scenarios: key ? [...scenarios].sort((a, b) => Number(a.setting[key]) - Number(b.setting[key])) : [first] };
}

export function showPower(host: HTMLElement, page: DesignPage): void {
  const { key, scenarios } = along(page);
  const at = (s: DesignScenario) => (key ? Number(s.setting[key]) : s.patients);
  const series = page.scenarios[0].tests.flatMap((test, t): Series[] => {
    const measured = scenarios.map((s) => ({ x: at(s), y: s.tests[t].power.value ?? 0, error: Math.hypot(s.tests[t].power.error ?? 0, s.tests[t].power_pool_error ?? 0) }));
    const formula = scenarios.filter((s) => s.tests[t].formula?.power != null).map((s) => ({ x: at(s), y: s.tests[t].formula!.power! }));
    return [{ name: test.name, points: measured, colour: t, marks: true }, ...(formula.length > 1 ? [{ name: `${test.name}, by formula`, points: formula, colour: t, faint: true }] : [])];
  });
  showLines(host, "power", "Power by test", { x: key || "patients", y: "power", xTicks: scenarios.length < 12 ? scenarios.map(at) : undefined }, series);
}

export function showDuration(host: HTMLElement, page: DesignPage): void {
  const tests = page.scenarios[0].tests;
  showLines(host, "duration", "Share of trials that have ended", { x: "months after the first patient", y: "share" },
    tests.map((t) => ({ name: t.name, points: t.ended_by_month.map((y, x) => ({ x, y })) })));
}

export function showTrueCurves(host: HTMLElement, page: DesignPage): void {
  const { curves } = page.scenarios[0];
  const points = (survival: number[]) => survival.map((y, x) => ({ x, y }));
  showLines(host, "curves", "Survival without censoring", { x: "months", y: page.endpoint },
    curves.map((c) => ({ name: c.name, points: points(c.survival) })));
}

/** Members of the parameter ensemble in order of their power, a line a test. */
export function showMembers(host: HTMLElement, page: DesignPage): void {
  const { members } = page.scenarios[0];
  const ordered = (all: Measured[]) => [...all].sort((a, b) => (a.value ?? 0) - (b.value ?? 0));
  showLines(host, "members", "Power at every member of the parameter ensemble", { x: "members in order of power", y: "power" },
    members.map((m) => ({ name: `${m.test}, mean ${(100 * (m.mean.value ?? 0)).toFixed(1)} %`, marks: true,
                          points: ordered(m.members).map((p, i) => ({ x: i + 1, y: p.value ?? 0, error: p.error ?? 0 })) })));
}

/** One bar a test and truth, cut into where its trials end. */
export function showStops(host: HTMLElement, page: DesignPage): void {
  const rows = page.scenarios[0].tests.flatMap((t) => [{ name: t.name, stops: t.stops }, { name: `${t.name}, no effect`, stops: t.without_effect.stops }]);
  const table: Table = [["test", "look", "efficacy", "futility"]];
  for (const r of rows) r.stops.forEach((s, k) => table.push([r.name, k + 1, s.efficacy.value, s.futility.value]));
  show(host, {
    name: "stops", title: "Where trials end", table,
    description: rows.map((r) => `${r.name}: ${r.stops.map((s, k) => `look ${k + 1} efficacy ${(100 * (s.efficacy.value ?? 0)).toFixed(1)} %, futility ${(100 * (s.futility.value ?? 0)).toFixed(1)} %`).join("; ")}.`).join(" "),
    draw: (svg, width) => drawStops(svg, width, rows),
  });
}

function drawStops(svg: Svg, width: number, rows: { name: string; stops: Stop[] }[]): number {
  const left = 8, right = width - 16, height = 20, step = 52;
  const x = scaleLinear([0, 1], [left, right]);
  const top = 10 + patches(svg.append("g"), [{ label: "efficacy, look by look", className: "efficacy" }, { label: "futility", className: "futility" }, { label: "no success at the last look", className: "no-success" }], left, right);
  rows.forEach((row, r) => {
    const y = top + r * step;
    svg.append("text").attr("class", "note").attr("x", left).attr("y", y + 8).text(row.name);
    let from = 0;
    const part = (share: number, className: string, opacity: number | null, label: string) => {
      if (share <= 0) return;
      svg.append("rect").attr("class", className).attr("x", x(from)).attr("y", y + 14).attr("width", Math.max(0, x(from + share) - x(from) - 1)).attr("height", height).style("fill-opacity", opacity);
      if (x(share) - x(0) > 58) svg.append("text").attr("class", "number").attr("x", x(from + share / 2)).attr("y", y + 28).attr("text-anchor", "middle").text(label);
      from += share;
    };
    row.stops.forEach((s, k) => part(s.efficacy.value ?? 0, "efficacy", 0.75 - (0.5 * k) / row.stops.length, `${k + 1}: ${(100 * (s.efficacy.value ?? 0)).toFixed(1)} %`));
    row.stops.forEach((s, k) => part(s.futility.value ?? 0, "futility", 0.75 - (0.5 * k) / row.stops.length, `${k + 1}: ${(100 * (s.futility.value ?? 0)).toFixed(1)} %`));
    part(1 - from, "no-success", null, `${(100 * (1 - from)).toFixed(1)} %`);
  });
  return top + rows.length * step;
}
