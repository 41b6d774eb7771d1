// SPDX-License-Identifier: Apache-2.0
// What all figures share: an SVG with title and description for screen readers, drawn for the width at hand and again when
// that changes, and its data, SVG and PNG to download.
import { select, type Selection } from "d3-selection";

export type Svg = Selection<SVGSVGElement, unknown, null, undefined>;
export type Group = Selection<SVGGElement, unknown, null, undefined>;
export type Table = (string | number | null)[][];

export interface Figure {
  name: string;  // of the downloaded files
  title: string;
  description: string;
  table: Table;  // the data drawn, with a head row
  least?: number;  // px; a narrower page scrolls sideways
  draw(svg: Svg, width: number): number;  // returns the height
}

let drawn = 0;

/** What stands in a place already; a later figure of the same place takes over its frame, so that focus stays where it is. */
interface Shown { figure: Figure; redraw(): void }
const shown = new WeakMap<HTMLElement, Shown>();

export function show(host: HTMLElement, figure: Figure): void {
  const before = shown.get(host);
  if (before) {
    before.figure = figure;
    before.redraw();
    return;
  }
  const id = `figure-${++drawn}`;
  host.replaceChildren();
  const svg: Svg = select(host).append("svg").attr("class", "figure").attr("role", "img").attr("aria-labelledby", `${id}-t ${id}-d`);
  let width = 0;
  const redraw = () => {
    const { figure } = now;
    width = roomFor(host, figure);
    svg.selectAll("*").remove();
    svg.append("title").attr("id", `${id}-t`).text(figure.title);
    svg.append("desc").attr("id", `${id}-d`).text(figure.description);
    const height = Math.ceil(figure.draw(svg, width));
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height).style("min-width", `${figure.least ?? 0}px`);
  };
  const now: Shown = { figure, redraw };
  shown.set(host, now);
  if (figure.least) host.tabIndex = 0;  // so that the keyboard can scroll it
  redraw();
  new ResizeObserver(() => Math.abs(roomFor(host, now.figure) - width) >= 8 && redraw()).observe(host);
  host.append(downloads(svg.node()!, () => now.figure));
}

const roomFor = (host: HTMLElement, figure: Figure) => Math.max(figure.least ?? 300, Math.floor(host.clientWidth));

function downloads(svg: SVGSVGElement, figure: () => Figure): HTMLElement {
  const line = document.createElement("p");
  line.className = "downloads";
  const button = (label: string, what: string, act: () => void) => {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = label;
    b.setAttribute("aria-label", `${what} of “${figure().title}”`);
    b.onclick = act;
    line.append(b);
  };
  button("download data", "Download the data (CSV)", () => save(new Blob([csv(figure().table)], { type: "text/csv" }), `${figure().name}.csv`));
  button("download SVG", "Download an SVG", () => save(new Blob([standalone(svg)], { type: "image/svg+xml" }), `${figure().name}.svg`));
  button("download PNG", "Download a PNG", () => png(svg, (blob) => save(blob, `${figure().name}.png`)));
  return line;
}

function csv(table: Table): string {
  const cell = (x: string | number | null) => (x === null ? "" : /[",\r\n]/.test(`${x}`) ? `"${`${x}`.replace(/"/g, '""')}"` : `${x}`);
  return table.map((row) => row.map(cell).join(",")).join("\n") + "\n";
}

/** The SVG as a file of its own: on white, with the figures' light style sheet inside. */
function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = figureRules();
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", "#fff");
  copy.prepend(style, paper);
  return new XMLSerializer().serializeToString(copy);
}

/** The light style sheet of figures, in a <style> or behind a <link>. */
function figureRules(): string {
  const sheet = (document.getElementById("figure-style") as HTMLStyleElement | HTMLLinkElement | null)?.sheet;
  return [...(sheet?.cssRules ?? [])].filter((rule) => rule instanceof CSSStyleRule).map((rule) => rule.cssText).join("\n");
}

function png(svg: SVGSVGElement, done: (blob: Blob) => void): void {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = 2 * svg.viewBox.baseVal.width;
    canvas.height = 2 * svg.viewBox.baseVal.height;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && done(blob), "image/png");
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg))}`;
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
