// SPDX-License-Identifier: Apache-2.0
// What axe-core has against a page as it is shown now.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(process.env.COLEY_NODE_MODULES).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical faults, one line each. */
export async function seriousFaults(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run()).violations.map((v) => `${v.impact}: ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).slice(0, 3).join(" | ")}`));
  return found.filter((f) => /^(serious|critical)/.test(f));
}
