// SPDX-License-Identifier: Apache-2.0
// Chromium as the tests of the page start it, and what axe-core has against a page that it shows.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const packages = createRequire(process.env.COLEY_NODE_MODULES);
const { chromium } = packages("playwright-core");
const axe = readFileSync(packages.resolve("axe-core/axe.min.js"), "utf8");

export const launch = () => chromium.launch({ executablePath: process.env.COLEY_CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"] });

/** Serious and critical faults of a page as it is now, one line each. */
export async function seriousFaults(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run()).violations.map((v) => `${v.impact}: ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).slice(0, 3).join(" | ")}`));
  return found.filter((f) => /^(serious|critical)/.test(f));
}
