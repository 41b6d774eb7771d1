// SPDX-License-Identifier: Apache-2.0
// One patient on one arm as the model sees it: true diameters of lesions, T-cell pools, and what was done, on one time line.
import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear, scaleSymlog, type ScaleContinuousNumeric } from "d3-scale";
import { line } from "d3-shape";
import { show, type Group, type Svg, type Table } from "./frame";
import { armColour, armDash, armText } from "./palette";
import { daysPerMonth } from "./summary";

export interface LesionPoint { slot: number; organ: string; diameter_mm: number; known: boolean; effectors: number }
export interface CoursePoint { day: number; event: string; lesions: LesionPoint[]; C: number; X: number; M: number; R: number; Q: number; J: number; W: number; D: number; pd1_occupancy: number; ctla4_occupancy: number; ecog: number; weight_kg: number; utility: number }
export interface ArmCourse { name: string; label: string; assigned: boolean; course: CoursePoint[] }

type Scale = ScaleContinuousNumeric<number, number>;
interface Series { label: string; at: (p: CoursePoint) => number | null }

const pools: Series[] = [
  { label: "Circulating T cells (C)", at: (p) => p.C },
  { label: "Exhausted T cells (X)", at: (p) => p.X },
  { label: "Memory T cells (M)", at: (p) => p.M },
];

const rows = (course: CoursePoint[]) => [...new Set(course.filter((p) => kind(p.event) === "other").map((p) => p.event))];
const kind = (event: string) => (/^dose/.test(event) ? "dose" : /^scan/.test(event) ? "scan" : event && event !== "randomised" && !/^end of/.test(event) ? "other" : "");

/** The slots that ever hold a lesion, as curves of diameter. */
function lesions(course: CoursePoint[]): Series[] {
  const organs = new Map<number, string>();
  for (const p of course) for (const l of p.lesions) organs.set(l.slot, l.organ);
  return [...organs].sort((a, b) => a[0] - b[0]).map(([slot, organ]) => ({
    label: `${organ.replace("_", " ")} (${slot})`,
    at: (p) => p.lesions.find((l) => l.slot === slot)?.diameter_mm ?? null,
  }));
}

/** With `day`, a line stands there. */
export function showTrajectory(host: HTMLElement, name: string, patient: string, arm: ArmCourse, day: number | null): void {
  const seen = lesions(arm.course);
  const table: Table = [["day", "event", ...seen.map((s) => `${s.label} mm`), "C", "X", "M", "R", "Q", "J", "W", "D", "pd1_occupancy", "ctla4_occupancy", "ecog", "weight_kg", "utility"]];
  for (const p of arm.course) table.push([p.day, p.event, ...seen.map((s) => s.at(p)), p.C, p.X, p.M, p.R, p.Q, p.J, p.W, p.D, p.pd1_occupancy, p.ctla4_occupancy, p.ecog, p.weight_kg, p.utility]);
  const others = arm.course.filter((p) => kind(p.event) === "other");
  show(host, {
    name, table,
    title: `${patient} on ${arm.label}: lesions, T cells and treatment over time`,
    description: `${seen.length} lesions, ${arm.course.filter((p) => kind(p.event) === "dose").length} stops for doses. ` +
      others.map((p) => `Month ${(p.day / daysPerMonth).toFixed(1)}: ${p.event}.`).join(" "),
    draw: (svg, width) => draw(svg, width, arm.course, seen, day),
  });
}

function draw(svg: Svg, width: number, course: CoursePoint[], seen: Series[], day: number | null): number {
  const [left, right] = [62, width - 16];
  const end = Math.max(1, course[course.length - 1]?.day ?? 1) / daysPerMonth;
  const x = scaleLinear([0, end], [left, right]);
  const panel = Math.min(220, Math.max(140, 0.28 * width));
  const plot = svg.append("g");
  let at = 4;
  if (seen.length) at = curves(plot, "Diameter, mm", course, seen, x, at, panel, false);
  else plot.append("text").attr("class", "note").attr("x", 2).attr("y", (at += 14)).text("No lesion alive.");
  at = curves(plot, "10⁶ cells", course, pools, x, at + 14, panel, true);
  const top = at + 14;
  at = marks(plot, course, x, top, left);
  plot.append("g").attr("class", "axis").attr("transform", `translate(0,${at})`).call(axisBottom(x).ticks(width < 500 ? 5 : 10) as any);
  plot.append("text").attr("class", "title").attr("x", (left + right) / 2).attr("y", at + 34).text("Months since randomisation");
  if (day !== null) plot.append("line").attr("class", "reference cursor").attr("x1", x(day / daysPerMonth)).attr("x2", x(day / daysPerMonth)).attr("y1", 4).attr("y2", at);
  return at + 42;
}

/** 0, 1, 10, 100 and so on, as far as there is room between two. */
function decades(y: Scale, most: number): number[] {
  const ticks = [0];
  for (let t = 1; t <= most; t *= 10) if (y(ticks[ticks.length - 1]!) - y(t) >= 14) ticks.push(t);
  return ticks;
}

const superscript = (n: number) => [...`${Math.round(n)}`].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[+digit]).join("");

/** A panel of curves with its legend above; returns the y below it. */
function curves(plot: Group, unit: string, course: CoursePoint[], series: Series[], x: Scale, top: number, height: number, wide: boolean): number {
  const [left, right] = x.range();
  const columns = Math.max(1, Math.floor((right - left) / 190));
  series.forEach((s, i) => {
    const [lx, ly] = [left + 190 * (i % columns), top + 10 + 17 * Math.floor(i / columns)];
    plot.append("line").attr("class", "curve").attr("x1", lx).attr("x2", lx + 26).attr("y1", ly).attr("y2", ly).style("stroke", armColour(i)).attr("stroke-dasharray", armDash(i));
    plot.append("text").attr("class", "note").attr("x", lx + 32).attr("y", ly + 4).style("fill", armText(i)).text(s.label);
  });
  const from = top + 17 * Math.ceil(series.length / columns) + 10;
  const most = Math.max(1e-6, ...course.flatMap((p) => series.map((s) => s.at(p) ?? 0)));
  const y: Scale = wide ? scaleSymlog([0, most], [from + height, from]).constant(1) : scaleLinear([0, most], [from + height, from]).nice();
  const ticks = wide ? decades(y, most) : y.ticks(4);
  plot.append("g").attr("class", "grid").selectAll("line").data(ticks).join("line").attr("x1", left).attr("x2", right).attr("y1", y).attr("y2", y);
  plot.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`).call(axisLeft(y).tickValues(ticks).tickFormat((v) => (+v < 1e5 ? `${+v}` : `10${superscript(Math.log10(+v))}`)) as any);
  plot.append("text").attr("transform", `translate(13,${from + height / 2}) rotate(-90)`).attr("class", "title").text(unit);
  series.forEach((s, i) => {
    const path = line<CoursePoint>().defined((p) => s.at(p) !== null).x((p) => x(p.day / daysPerMonth)).y((p) => y(s.at(p) ?? 0));
    plot.append("path").attr("class", "curve").style("stroke", armColour(i)).attr("stroke-dasharray", armDash(i)).attr("d", path(course));
  });
  return from + height;
}

/** A line of ticks for doses, one for scans, one for each kind of other event. */
function marks(plot: Group, course: CoursePoint[], x: Scale, top: number, left: number): number {
  const lines: [string, (p: CoursePoint) => boolean][] = [
    ["doses", (p) => kind(p.event) === "dose"], ["scans", (p) => kind(p.event) === "scan"],
    ...rows(course).map((event): [string, (p: CoursePoint) => boolean] => [event, (p) => p.event === event]),
  ];
  let at = top;
  for (const [label, holds] of lines) {
    const points = course.filter(holds);
    if (!points.length) continue;
    const other = label !== "doses" && label !== "scans";
    plot.append("text").attr("class", "note").attr("x", other ? left : 2).attr("y", at + 8).text(label);
    if (other) at += 15;
    for (const p of points) {
      const px = x(p.day / daysPerMonth);
      if (other) plot.append("path").attr("class", "event").attr("d", `M${px},${at}l5,8h-10z`).append("title").text(`${label}, day ${Math.round(p.day)}`);
      else plot.append("line").attr("class", label).attr("x1", px).attr("x2", px).attr("y1", at).attr("y2", at + 9);
    }
    at += 17;
  }
  return at + 4;
}
