// SPDX-License-Identifier: Apache-2.0
// Numbers and words as the tables of the report write them.
import { format } from "d3-format";
import type { Estimate, Num } from "./summary";

const grouped = format(",");
export const count = (n: number): string => grouped(n).replace(/,/g, n < 10000 ? "" : "\u202f");
export const fixed = (x: Num, digits: number): string => (x === null ? "–" : x.toFixed(digits).replace("-", "−"));
export const percent = (x: Num, digits = 1): string => (x === null ? "–" : `${(100 * x).toFixed(digits)}\u00a0%`);

export function interval(e: Estimate, digits: number): string {
  if (e.estimate === null) return "–";
  if (e.low === null && e.high === null) return fixed(e.estimate, digits);
  return `${fixed(e.estimate, digits)} (${fixed(e.low, digits)} to ${fixed(e.high, digits)})`;
}

export const pValue = (p: number): string => (p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`);

let pen: CanvasRenderingContext2D | null | undefined;

/** Width of a text in the figures' font, in px. */
export function textWidth(text: string, size: number, bold = false): number {
  if (pen === undefined) pen = document.createElement("canvas").getContext("2d");
  if (!pen) return 0.56 * size * text.length;
  pen.font = `${bold ? "bold " : ""}${size}px system-ui, sans-serif`;
  return pen.measureText(text).width;
}

/** Breaks a text at spaces into lines of at most `width` px; a longer word stands alone. */
export function wrapped(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && textWidth(longer, size) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
