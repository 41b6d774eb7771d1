// SPDX-License-Identifier: Apache-2.0
// Flow of patients after CONSORT: screened, left out and why, randomised; then a column an arm, a box a step, and those who
// leave the path listed in a dashed box at the place where they do.
import { show, type Group, type Svg, type Table } from "./frame";
import { inWords, type FlowStep, type Summary } from "./summary";
import { count, wrapped } from "./words";

interface Column { label: string; steps: FlowStep[] }
interface Box { lines: string[]; dashed: boolean }

const size = 12.5;
const leading = 16;
const pad = 9;
const gap = 22;

export function showConsort(host: HTMLElement, summary: Summary): void {
  const columns = summary.figures.consort.map((c) => ({
    label: summary.arms.find((a) => a.name === c.arm)?.label ?? c.arm,
    steps: c.steps,
  }));
  const table: Table = [["arm", "step", "patients"]];
  if (summary.screening) {
    table.push(["", "screened", summary.screening.screened]);
    for (const [why, n] of Object.entries(summary.screening.excluded)) table.push(["", `not enrolled: ${inWords(summary, why)}`, n]);
    table.push(["", "enrolled", summary.screening.enrolled]);
  }
  for (const c of columns) for (const s of c.steps) table.push([c.label, s.label, s.patients]);
  show(host, {
    name: "patient-flow",
    title: "Flow of virtual patients (CONSORT diagram)",
    description: table.slice(1).map(([arm, step, n]) => `${arm ? `${arm}, ` : ""}${step}: ${n}.`).join(" "),
    table,
    least: columns.length * (130 + gap) - gap,
    draw: (svg, width) => draw(svg, width, summary, columns),
  });
}

function draw(svg: Svg, width: number, summary: Summary, columns: Column[]): number {
  const g = svg.append("g").attr("class", "consort");
  const bottom = summary.screening ? drawScreening(g, summary, summary.screening, width) : 0;
  const columnWidth = (width - gap * (columns.length - 1)) / Math.max(1, columns.length);
  const middle = (i: number) => i * (columnWidth + gap) + columnWidth / 2;
  const boxWidth = Math.min(330, columnWidth - 2);
  if (summary.screening && columns.length) branch(g, width / 2, bottom, columns.map((_, i) => middle(i)));
  return drawColumns(g, columns, summary.screening ? bottom + gap + 12 : 1, middle, boxWidth);
}

function drawScreening(g: Group, summary: Summary, screening: NonNullable<Summary["screening"]>, width: number): number {
  const boxWidth = Math.min(300, 0.46 * width);
  const x = width / 2;
  const first = [`Screened (n = ${count(screening.screened)})`];
  const firstHeight = height(first, boxWidth);
  box(g, x - boxWidth / 2, 1, boxWidth, first, false);
  const left = Object.entries(screening.excluded).map(([why, n]) => `• ${inWords(summary, why)} (n = ${count(n)})`);
  const excluded = [`Not enrolled (n = ${count(screening.screened - screening.enrolled)})`, ...left];
  const sideX = x + 16;
  const sideWidth = Math.min(360, width - sideX - 1);
  const sideHeight = height(excluded, sideWidth);
  const sideY = 1 + firstHeight + gap / 2 + 4;
  const next = sideY + sideHeight + gap / 2 + 4;
  arrow(g, x, 1 + firstHeight, x, next);
  arrow(g, x, sideY + sideHeight / 2, sideX, sideY + sideHeight / 2);
  box(g, sideX, sideY, sideWidth, excluded, true);
  const enrolled = [`Enrolled (n = ${count(screening.enrolled)})`];
  box(g, x - boxWidth / 2, next, boxWidth, enrolled, false);
  return next + height(enrolled, boxWidth);
}

/** Boxes of a column by place: a step on the path, or all that leave after it. */
function boxes(column: Column): Map<string, Box> {
  const out = new Map<string, Box>();
  let after = "";
  for (const s of column.steps) {
    if (!s.leaves) {
      after = s.name;
      const head = out.size ? [] : [column.label];
      out.set(s.name, { lines: [...head, `${s.label} (n = ${count(s.patients)})`], dashed: false });
      continue;
    }
    const place = `${after} >`;
    const known = out.get(place) ?? { lines: [], dashed: true };
    known.lines.push(`• ${s.label} (n = ${count(s.patients)})`);
    out.set(place, known);
  }
  return out;
}

/** Places of all columns in order; one that only a later column has follows the place before it there. */
function places(columns: Map<string, Box>[]): string[] {
  const out: string[] = [];
  for (const column of columns) {
    let at = 0;
    for (const place of column.keys()) {
      const known = out.indexOf(place);
      if (known < 0) out.splice(at++, 0, place);
      else at = known + 1;
    }
  }
  return out;
}

function drawColumns(g: Group, columns: Column[], top: number, middle: (i: number) => number, boxWidth: number): number {
  const filled = columns.map(boxes);
  const above = columns.map(() => -1);  // y at which the last box of the column ended
  let at = top;
  for (const place of places(filled)) {
    const rowHeight = Math.max(...filled.map((c) => (c.has(place) ? height(c.get(place)!.lines, boxWidth) : 0)));
    filled.forEach((column, i) => {
      const here = column.get(place);
      if (!here) return;
      if (above[i] >= 0) arrow(g, middle(i), above[i], middle(i), at);
      box(g, middle(i) - boxWidth / 2, at, boxWidth, here.lines, here.dashed);
      above[i] = at + height(here.lines, boxWidth);
    });
    at += rowHeight + gap;
  }
  return at - gap + 2;
}

const inBox = (lines: string[], width: number) => lines.flatMap((l) => wrapped(l, width - 2 * pad, size));
const height = (lines: string[], width: number) => inBox(lines, width).length * leading + 2 * pad;

function box(g: Group, x: number, y: number, width: number, lines: string[], dashed: boolean): void {
  g.append("rect").attr("class", dashed ? "box leaves" : "box").attr("x", x).attr("y", y).attr("width", width).attr("height", height(lines, width)).attr("rx", 3);
  inBox(lines, width).forEach((line, i) =>
    g.append("text").attr("x", dashed ? x + pad : x + width / 2).attr("y", y + pad + 12 + leading * i).attr("class", dashed ? "" : "middle").text(line));
}

function arrow(g: Group, x1: number, y1: number, x2: number, y2: number): void {
  g.append("line").attr("x1", x1).attr("y1", y1).attr("x2", x2).attr("y2", y2);
  const tip = x1 === x2 ? `M${x2},${y2}l-4,-6h8z` : `M${x2},${y2}l-6,-4v8z`;
  g.append("path").attr("class", "tip").attr("d", tip);
}

function branch(g: Group, from: number, y: number, to: number[]): void {
  const turn = y + gap / 2;
  g.append("line").attr("x1", from).attr("x2", from).attr("y1", y).attr("y2", turn);
  g.append("line").attr("x1", Math.min(from, ...to)).attr("x2", Math.max(from, ...to)).attr("y1", turn).attr("y2", turn);
  for (const x of to) arrow(g, x, turn, x, y + gap + 12);
}
